import type { QueryResult } from 'pg'
import type { ProjectId } from '../../../brand.ts'
import type { Engine, Freshness, Unit } from '../engine.ts'
import { findEpoch } from '../epochs.ts'
import type { StorageLog } from '../log.ts'
import { compilerFor, type Outcome, type Statement } from '../statement.ts'
import { bound, boundValues, Connections, outcome, type Bound } from './connections.ts'
import { postgresDialect } from './dialect.ts'
import type { PostgresConfig } from './dsn.ts'
import { groupCommit } from './group-commit.ts'
import { leasedFreshness } from './lease.ts'
import { LookUps } from './look-ups.ts'
import { lockMigrations, provideMigrationLock } from './migration-lock.ts'

/** A pool of connections to PostgreSQL, opened as needed; no connection is made yet. */
export function openPostgres(config: PostgresConfig, log: StorageLog): Engine {
  return new PostgresEngine(config, log)
}

class PostgresEngine implements Engine {
  readonly dialect = postgresDialect
  readonly #compile = compilerFor(postgresDialect)
  readonly #config: PostgresConfig
  readonly #connections: Connections
  readonly #lookUps: LookUps
  readonly #commits: ReturnType<typeof groupCommit>

  constructor(config: PostgresConfig, log: StorageLog) {
    this.#config = config
    this.#connections = new Connections(config, log)
    this.#lookUps = new LookUps(this.#connections)
    this.#commits = groupCommit(this.#connections)
  }

  async read<R>(statement: Statement<R>): Promise<readonly R[]> {
    const { query, parameters } = statement
    if (!query.isLookUp)
      return (await this.#connections.run(this.#bound(statement))).rows as readonly R[]
    const compiled = this.#compile(query)
    const rows = await this.#lookUps.find(compiled, boundValues(compiled, parameters))
    return rows as readonly R[]
  }

  async write<R>(statement: Statement<R>): Promise<Outcome<R>> {
    const [only] = await this.writeAll([statement])
    return (only ?? nothing) as Outcome<R>
  }

  writeAll(statements: readonly Statement<unknown>[]): Promise<readonly Outcome[]> {
    return this.#commits.add(statements.map((statement) => this.#bound(statement)))
  }

  transact<T>(unit: () => Unit<T>): Promise<T> {
    return this.#transaction(this.#connections, unit, 'begin')
  }

  async migrate<T>(unit: () => Unit<T>): Promise<T> {
    const unlimited = { max: 1, query_timeout: 0, statement_timeout: 0 }
    const patient = new Connections({ ...this.#config, ...unlimited }, silent)
    try {
      await provideMigrationLock((statement) => this.write(statement))
      const locked = function* locked(): Unit<T> {
        yield lockMigrations()
        return yield* unit()
      }
      // What the session is set to may be stricter: then it would not see what another did while it waited for the lock.
      const begin = 'begin isolation level read committed'
      return await this.#transaction(patient, locked, begin)
    } finally {
      await patient.close()
    }
  }

  freshness(project: ProjectId): Freshness {
    return leasedFreshness(async () => {
      const [row] = await this.read(findEpoch({ project }))
      return row?.epoch ?? 0
    })
  }

  close(): Promise<void> {
    return this.#connections.close()
  }

  #transaction<T>(connections: Connections, unit: () => Unit<T>, begin: string): Promise<T> {
    return connections.retrying(() =>
      connections.use((client) => {
        const send = (statement: Statement<unknown>) =>
          client.query(connections.prepared(this.#bound(statement)))
        return drive(client.query(begin), unit(), { send, commit: () => client.query('commit') })
      }),
    )
  }

  #bound({ query, parameters }: Statement<unknown>): Bound {
    return bound(this.#compile(query), parameters)
  }
}

const silent: StorageLog = { info: () => undefined, warn: () => undefined }

interface Transaction {
  readonly send: (statement: Statement<unknown>) => Promise<QueryResult>
  readonly commit: () => Promise<QueryResult>
}

/** The first statement travels together with BEGIN, the last ones with COMMIT. */
async function drive<T>(
  begun: Promise<QueryResult>,
  unit: Unit<T>,
  { send, commit }: Transaction,
): Promise<T> {
  let waiting = [begun]
  let step = unit.next()
  while (step.done !== true && !('last' in step.value)) {
    const [result] = await Promise.all([send(step.value), ...waiting])
    waiting = []
    step = unit.next(outcome(result))
  }
  const last = step.done !== true && 'last' in step.value ? step.value.last : []
  await Promise.all([...waiting, ...last.map(send), commit()])
  return step.done === true ? step.value : ended(unit.next(nothing))
}

const nothing: Outcome = { rows: [], changes: 0 }

/** The value of a unit that has run its last statements. */
function ended<T>(step: IteratorResult<unknown, T>): T {
  if (step.done === true) return step.value
  throw new Error('A unit goes on after its last statements.')
}
