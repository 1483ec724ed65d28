/** The connections of one server, and what is done when a statement on one of them fails. */

import type { Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { Pool, type ClientBase, type PoolClient, type QueryResult } from 'pg'
import type { StorageLog } from '../log.ts'
import type { Compiled, Outcome, SqlValue, Statement } from '../statement.ts'
import type { PostgresConfig } from './dsn.ts'
import { isReadOnly, isRefusal, isRetryable, isStalePlan, translate } from './errors.ts'
import { Servers } from './servers.ts'
import { encodeText } from './text.ts'

/** A statement with its values as the driver takes them. */
export interface Bound {
  readonly name: string
  readonly text: string
  readonly values: unknown[]
}

const maximumAttempts = 30

/** A pool of connections, opened as needed; no connection is made yet. */
export class Connections {
  readonly #pool: Pool
  readonly #servers: Servers
  /** How often statements had to be prepared again; a part of their names. */
  #preparation = 0

  /**
   * The pool replaces connections that die. They say so by an event, in use or idle, which would end the process if nobody
   * listened; whoever is using one learns of it from the statement that fails.
   */
  constructor(config: PostgresConfig, log: StorageLog) {
    this.#servers = new Servers(config, log)
    this.#pool = new Pool({ ...config, Client: this.#servers.Client })
    this.#pool.on('error', (error) => {
      log.warn({ error: error.message }, 'an idle database connection was lost')
    })
    this.#pool.on('connect', (client) => client.on('error', () => undefined))
  }

  /** Runs one statement in a transaction of its own, {@link retrying}. */
  run(statement: Bound): Promise<Outcome> {
    return this.retrying(async () => {
      try {
        return outcome(await this.#pool.query(this.prepared(statement)))
      } catch (error) {
        throw translate(error)
      }
    })
  }

  /** Runs statements in one transaction and one round trip; what they did, in their order. */
  runAll(statements: readonly Bound[]): Promise<readonly Outcome[]> {
    return this.use(async (client) => {
      const results = await inOneGo(client, () => [
        client.query('begin'),
        ...statements.map((statement) => client.query(this.prepared(statement))),
        client.query('commit'),
      ])
      return results.slice(1, -1).map(outcome)
    })
  }

  /** Lends a connection to work that begins and commits a transaction; it is rolled back when that fails. */
  async use<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    const client = await this.#connect()
    try {
      const value = await work(client)
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

  /** Under the name by which the servers know it. */
  prepared(statement: Bound): Bound {
    if (this.#preparation === 0) return statement
    return { ...statement, name: `${statement.name}_${this.#preparation}` }
  }

  /** Runs again, a bounded number of times, what fails for serialization, for a stale plan or for the choice of the server. */
  async retrying<T>(run: () => Promise<T>): Promise<T> {
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

  /** Whether an error means that nothing was done of several things, and that each may have another outcome by itself. */
  isSeparable(error: unknown): boolean {
    return isRefusal(error) || (error instanceof Error && this.#servers.refusedWith(error.cause))
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw translate(error)
    }
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }
}

/** A statement for the driver. */
export function bound(compiled: Compiled, parameters: Statement<unknown>['parameters']): Bound {
  const { name, sql } = compiled
  return { name, text: sql, values: boundValues(compiled, parameters) }
}

/** The values of a statement, by position, as the driver takes them. */
export function boundValues(
  compiled: Compiled,
  parameters: Statement<unknown>['parameters'],
): SqlValue[] {
  const values = compiled.bind(parameters)
  for (const [index, value] of values.entries())
    if (typeof value === 'string') values[index] = encodeText(value)
  return values
}

/** What a statement did, by the driver's account. */
export function outcome({ rows, rowCount }: QueryResult): Outcome {
  return { rows, changes: rowCount ?? 0 }
}

/** Sends statements at once: the driver would write each to the socket by itself. */
function inOneGo(
  client: ClientBase,
  send: () => readonly Promise<QueryResult>[],
): Promise<readonly QueryResult[]> {
  const { stream } = (client as ClientBase & { readonly connection: { readonly stream: Writable } })
    .connection
  stream.cork()
  try {
    return Promise.all(send())
  } finally {
    stream.uncork()
  }
}

/** Full jitter, growing with each attempt to at most 200 ms. */
function pauseBefore(attempt: number): Promise<void> {
  return delay(Math.random() * Math.min(200, 5 * 2 ** attempt))
}
