import { setTimeout as delay } from 'node:timers/promises'
import { Pool, type ClientBase, type PoolClient, type QueryResult } from 'pg'
import type { ProjectId } from '../../../brand.ts'
import type { Engine, Freshness, Unit } from '../engine.ts'
import { findEpoch } from '../epochs.ts'
import type { StorageLog } from '../log.ts'
import { compilerFor, type Outcome, type Statement } from '../statement.ts'
import { postgresDialect } from './dialect.ts'
import type { PostgresConfig } from './dsn.ts'
import { isReadOnly, isRetryable, isStalePlan, translate } from './errors.ts'
import { leasedFreshness } from './lease.ts'
import { lockMigrations, provideMigrationLock } from './migration-lock.ts'
import { Servers } from './servers.ts'
import { encodeText } from './text.ts'

const maximumAttempts = 10

/** A pool of connections to PostgreSQL, opened as needed; no connection is made yet. */
export function openPostgres(config: PostgresConfig, log: StorageLog): Engine {
  return new PostgresEngine(config, log)
}

class PostgresEngine implements Engine {
  readonly dialect = postgresDialect
  readonly #compile = compilerFor(postgresDialect)
  readonly #pool: Pool
  readonly #config: PostgresConfig
  readonly #servers: Servers
  /** How often statements had to be prepared again; a part of their names. */
  #preparation = 0

  constructor(config: PostgresConfig, log: StorageLog) {
    this.#config = config
    this.#servers = new Servers(config, log)
    this.#pool = openPool(config, this.#servers, (error) => {
      log.warn({ error: error.message }, 'an idle database connection was lost')
    })
  }

  async read<R>(statement: Statement<R>): Promise<readonly R[]> {
    return (await this.#retrying(() => this.#single(statement))).rows as readonly R[]
  }

  async write<R>(statement: Statement<R>): Promise<Outcome<R>> {
    return (await this.#retrying(() => this.#single(statement))) as Outcome<R>
  }

  transact<T>(unit: () => Unit<T>): Promise<T> {
    return this.#retrying(() => this.#transaction(this.#pool, unit))
  }

  async migrate<T>(unit: () => Unit<T>): Promise<T> {
    const unlimited = { max: 1, query_timeout: 0, statement_timeout: 0 }
    const patient = openPool({ ...this.#config, ...unlimited }, this.#servers, () => undefined)
    try {
      await provideMigrationLock((statement) => this.write(statement))
      const locked = function* locked(): Unit<T> {
        yield lockMigrations()
        return yield* unit()
      }
      // What the session is set to may be stricter: then it would not see what another did while it waited for the lock.
      const begin = 'begin isolation level read committed'
      return await this.#retrying(() => this.#transaction(patient, locked, begin))
    } finally {
      await patient.end()
    }
  }

  freshness(project: ProjectId): Freshness {
    return leasedFreshness(async () => {
      const [row] = await this.read(findEpoch({ project }))
      return row?.epoch ?? 0
    })
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #single(statement: Statement<unknown>): Promise<Outcome> {
    try {
      return outcome(await this.#pool.query(this.#bound(statement)))
    } catch (error) {
      throw translate(error)
    }
  }

  async #transaction<T>(pool: Pool, unit: () => Unit<T>, begin = 'begin'): Promise<T> {
    const client = await connect(pool)
    try {
      const value = await this.#drive(client, unit(), begin)
      client.release()
      return value
    } catch (error) {
      // Rolling back ends a healthy connection's transaction; anything else is not worth keeping.
      const isHealthy = await client.query('rollback').then(
        () => true,
        () => false,
      )
      client.release(!isHealthy || isReadOnly(error))
      throw translate(error)
    }
  }

  /** Runs again, a bounded number of times, what fails for serialization, for a stale plan or for the choice of the server. */
  async #retrying<T>(run: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const preparation = this.#preparation
      try {
        return await run()
      } catch (error) {
        const cause = error instanceof Error ? error.cause : undefined
        if (!this.#canRetry(cause, attempt)) throw error
        // Once for all that failed together.
        if (isStalePlan(cause) && preparation === this.#preparation) this.#preparation += 1
      }
      await pauseBefore(attempt)
    }
  }

  #canRetry(cause: unknown, attempt: number): boolean {
    if (isRetryable(cause)) return attempt < maximumAttempts
    return attempt < this.#servers.count && this.#servers.refusedWith(cause)
  }

  /** The first statement travels together with BEGIN, the last ones with COMMIT. */
  async #drive<T>(client: ClientBase, unit: Unit<T>, begin: string): Promise<T> {
    let waiting: Promise<unknown>[] = [client.query(begin)]
    let step = unit.next()
    while (step.done !== true && !('last' in step.value)) {
      const [result] = await Promise.all([client.query(this.#bound(step.value)), ...waiting])
      waiting = []
      step = unit.next(outcome(result))
    }
    const last = step.done !== true && 'last' in step.value ? step.value.last : []
    const ending = last.map((statement) => client.query(this.#bound(statement)))
    await Promise.all([...waiting, ...ending, client.query('commit')])
    return step.done === true ? step.value : ended(unit.next(nothing))
  }

  #bound({ query, parameters }: Statement<unknown>): {
    name: string
    text: string
    values: unknown[]
  } {
    const compiled = this.#compile(query)
    const values = compiled.bind(parameters)
    for (const [index, value] of values.entries())
      if (typeof value === 'string') values[index] = encodeText(value)
    const name = `${compiled.name}${this.#preparation === 0 ? '' : `_${this.#preparation}`}`
    return { name, text: compiled.sql, values }
  }
}

const nothing: Outcome = { rows: [], changes: 0 }

/** The value of a unit that has run its last statements. */
function ended<T>(step: IteratorResult<unknown, T>): T {
  if (step.done === true) return step.value
  throw new Error('A unit goes on after its last statements.')
}

/**
 * The pool replaces connections that die. They say so by an event, in use or idle, which would end the process if nobody
 * listened; whoever is using one learns of it from the statement that fails.
 */
function openPool(
  config: PostgresConfig,
  servers: Servers,
  onIdleLoss: (error: Error) => void,
): Pool {
  const pool = new Pool({ ...config, Client: servers.Client })
  pool.on('error', onIdleLoss)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw translate(error)
  }
}

function outcome({ rows, rowCount }: QueryResult): Outcome {
  return { rows, changes: rowCount ?? 0 }
}

/** Full jitter, growing with each attempt to at most 200 ms. */
function pauseBefore(attempt: number): Promise<void> {
  return delay(Math.random() * Math.min(200, 5 * 2 ** attempt))
}
