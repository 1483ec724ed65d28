import { setTimeout as delay } from 'node:timers/promises'
import { Pool, type ClientBase, type PoolClient, type PoolConfig, type QueryResult } from 'pg'
import type { ProjectId } from '../../../brand.ts'
import type { Engine, Freshness, Unit } from '../engine.ts'
import { findEpoch } from '../epochs.ts'
import type { StorageLog } from '../log.ts'
import { compilerFor, type Outcome, type Statement } from '../statement.ts'
import { postgresDialect } from './dialect.ts'
import { isRetryable, translate } from './errors.ts'
import { leasedFreshness } from './lease.ts'
import { acquireMigrationLock } from './migration-lock.ts'
import { encodeText } from './text.ts'

const maximumAttempts = 10

/** A pool of connections to PostgreSQL, opened as needed; no connection is made yet. */
export function openPostgres(config: PoolConfig, log: StorageLog): Engine {
  return new PostgresEngine(config, log)
}

class PostgresEngine implements Engine {
  readonly dialect = postgresDialect
  readonly #compile = compilerFor(postgresDialect)
  readonly #pool: Pool
  readonly #config: PoolConfig

  constructor(config: PoolConfig, log: StorageLog) {
    this.#config = config
    this.#pool = new Pool(config)
    // An idle connection that died is replaced by the pool; without a listener the process would end.
    this.#pool.on('error', (error) => {
      log.warn({ error: error.message }, 'an idle database connection was lost')
    })
  }

  async read<R>(statement: Statement<R>): Promise<readonly R[]> {
    return (await this.#single(statement)).rows as readonly R[]
  }

  async write<R>(statement: Statement<R>): Promise<Outcome<R>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await this.#single(statement)) as Outcome<R>
      } catch (error) {
        if (!canRetry(error, attempt)) throw error
      }
      await pauseBefore(attempt)
    }
  }

  async transact<T>(unit: () => Unit<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#transaction(this.#pool, unit)
      } catch (error) {
        if (!canRetry(error, attempt)) throw error
      }
      await pauseBefore(attempt)
    }
  }

  async migrate<T>(unit: () => Unit<T>): Promise<T> {
    const patient = new Pool({ ...this.#config, max: 1, query_timeout: 0, statement_timeout: 0 })
    patient.on('error', () => undefined)
    try {
      return await this.#transaction(patient, function* locked() {
        yield* acquireMigrationLock()
        return yield* unit()
      })
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

  async #transaction<T>(pool: Pool, unit: () => Unit<T>): Promise<T> {
    const client = await connect(pool)
    try {
      const value = await this.#drive(client, unit())
      client.release()
      return value
    } catch (error) {
      // Rolling back ends a healthy connection's transaction; anything else is not worth keeping.
      const isHealthy = await client.query('rollback').then(
        () => true,
        () => false,
      )
      client.release(!isHealthy)
      throw translate(error)
    }
  }

  /** The first statement travels together with BEGIN. */
  async #drive<T>(client: ClientBase, unit: Unit<T>): Promise<T> {
    const begun = client.query('begin')
    begun.catch(() => undefined)
    let step = unit.next()
    while (step.done !== true) {
      const result = await client.query(this.#bound(step.value))
      step = unit.next(outcome(result))
    }
    await begun
    await client.query('commit')
    return step.value
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
    return { name: compiled.name, text: compiled.sql, values }
  }
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

function canRetry(error: unknown, attempt: number): boolean {
  return attempt < maximumAttempts && error instanceof Error && isRetryable(error.cause)
}

/** Full jitter, growing with each attempt to at most 200 ms. */
function pauseBefore(attempt: number): Promise<void> {
  return delay(Math.random() * Math.min(200, 5 * 2 ** attempt))
}
