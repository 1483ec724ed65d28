import { availableParallelism } from 'node:os'
import type { PoolConfig } from 'pg'
import { takeParameters } from '../dsn-parameters.ts'
import { readServers } from './server-list.ts'
import type { ServersConfig } from './servers.ts'
import { decodeText } from './text.ts'

/**
 * Waiting for a connection and then for an answer together end before a client is cut off for silence
 * (`limits.timeouts.inactivity`): it must be told 503.
 */
const connectMilliseconds = 3_000
const statementMilliseconds = 5_000
/** The driver gives up a little later than the server would, so that only a silent network makes it do so. */
const answerMilliseconds = 6_000

/** Where there are others to try, less patience. */
const connectAmongMilliseconds = 2_000

/** A pool and its servers. */
export type PostgresConfig = PoolConfig & ServersConfig

/** Object ids of `int8`, `int2` and `int4`. Epoch milliseconds and counters are exact in a number. */
const numberTypes: ReadonlySet<number> = new Set([20, 21, 23])

/**
 * Reads what follows `postgres://`: the pool's parameters are ours, the rest (`sslmode`, `application_name`, …) is the
 * driver's. Idle connections above `max_idle_conns` are closed after `max_conn_idle_time`.
 *
 * @param processes share the connections that the DSN allows; each has one at least.
 */
export function parsePostgresDsn(
  rest: string,
  { warn, processes }: { readonly warn: (message: string) => void; readonly processes: number },
): PostgresConfig {
  const question = rest.indexOf('?')
  const parameters = takeParameters(question === -1 ? '' : rest.slice(question + 1), warn)
  const cores = availableParallelism()
  const share = (connections: number) => Math.max(1, Math.floor(connections / processes))
  const max = share(positive(parameters.integer('max_conns')) ?? 2 * cores)
  const idle = share(positive(parameters.integer('max_idle_conns')) ?? cores)
  const lifetime = parameters.duration('max_conn_lifetime') ?? 0
  const idleTime = positive(parameters.duration('max_conn_idle_time')) ?? 10_000
  const address = question === -1 ? rest : rest.slice(0, question)
  const mustWrite = needsWrites(parameters.text('target_session_attrs'), warn)
  const patience = positive(parameters.integer('connect_timeout'))
  const servers = readServers(address, parameters)
  const usual = servers.length > 1 ? connectAmongMilliseconds : connectMilliseconds
  return {
    servers,
    mustWrite,
    connectMilliseconds: patience === undefined ? usual : patience * 1000,
    max,
    min: Math.min(idle, max),
    maxLifetimeSeconds: Math.ceil(lifetime / 1000),
    idleTimeoutMillis: idleTime,
    connectionTimeoutMillis: connectMilliseconds,
    statement_timeout: statementMilliseconds,
    idle_in_transaction_session_timeout: statementMilliseconds,
    query_timeout: answerMilliseconds,
    fallback_application_name: 'firebrand',
    keepAlive: true,
    pipeline: true,
    types: { getTypeParser: parserFor as NonNullable<PoolConfig['types']>['getTypeParser'] },
  }
}

/** As libpq means it, but that a standby is of no use here: only `any` takes a server as it is. */
function needsWrites(attributes: string | undefined, warn: (message: string) => void): boolean {
  if (attributes === 'any') return false
  if (attributes !== undefined && !['read-write', 'primary'].includes(attributes))
    warn(
      'The DSN parameter target_session_attrs must be any, read-write or primary; read-write is used.',
    )
  return true
}

function positive(value: number | undefined): number | undefined {
  return value === undefined || value <= 0 ? undefined : value
}

/** The schema has numbers and text, nothing else. */
function parserFor(type: number): (text: string) => unknown {
  return numberTypes.has(type) ? Number : decodeText
}
