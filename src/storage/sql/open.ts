/** Opens the database behind a DSN. The only entry to storage/sql besides migrate.ts. */

import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { ProjectId } from '../../brand.ts'
import { StorageUnavailable, type Storage } from '../storage.ts'
import { accountStore } from './accounts.ts'
import { clientStore } from './clients.ts'
import { deviceRequestStore } from './device-requests.ts'
import type { Engine } from './engine.ts'
import { flowStore } from './flows.ts'
import { grantStore } from './grants.ts'
import { purgeExpired } from './janitor.ts'
import { keyStore } from './keys.ts'
import type { StorageLog } from './log.ts'
import { loginSessionStore } from './login-sessions.ts'
import { logoutNotificationStore } from './logout-notifications.ts'
import { applyMigrations, readStatus } from './migrator.ts'
import { parsePostgresDsn } from './postgres/dsn.ts'
import { rateStore } from './rates.ts'
import { parseSqliteDsn } from './sqlite/dsn.ts'
import { query } from './statement.ts'
import { tokenStore } from './tokens.ts'
import { trustedIssuerStore } from './trusted-issuers.ts'

/** Which database to open, and for which project. */
export interface OpenOptions {
  /** `memory`, `sqlite://…`, `sqlite3://…`, `postgres://…`, `postgresql://…`, `pg://…` or `pgx://…`. */
  readonly dsn: string
  readonly projectId: ProjectId
  readonly log: StorageLog
  /** Applies pending migrations first. A database in memory is always migrated. */
  readonly migrate?: boolean
  /** How long to keep trying to reach a database server, 5 minutes unless given; 0 tries once. */
  readonly patienceMilliseconds?: number
  /** How many processes of one server share the connections that the DSN allows; 1 unless given. */
  readonly processes?: number
}

/** The DSN names no engine that is supported. The message names those that are, and nothing of the DSN but its scheme. */
export class UnsupportedDsn extends Error {
  override readonly name = 'UnsupportedDsn'
}

const ping = query(() => sql`select 1 as one`)

/**
 * Opens a storage for one project and waits until the database answers.
 *
 * @throws UnsupportedDsn for a DSN of another engine.
 * @throws StorageUnavailable when the database did not answer in time.
 */
export async function openStorage(options: OpenOptions): Promise<Storage> {
  const engine = await openEngine(options)
  try {
    await reach(engine, options)
    if (options.migrate === true || isInMemory(options.dsn)) await migrate(engine, options.log)
  } catch (error) {
    await engine.close()
    throw error
  }
  return storageOver(engine, options.projectId)
}

async function migrate(engine: Engine, log: StorageLog): Promise<void> {
  const applied = await applyMigrations(engine)
  if (applied.length > 0) log.info({ migrations: applied }, 'applied migrations')
}

function storageOver(engine: Engine, project: ProjectId): Storage {
  const freshness = engine.freshness(project)
  const managed = { engine, project, freshness }
  return {
    clients: clientStore(managed),
    grants: grantStore(engine, project),
    loginSessions: loginSessionStore(engine, project),
    logoutNotifications: logoutNotificationStore(engine, project),
    flows: flowStore(engine, project),
    deviceRequests: deviceRequestStore(engine, project),
    tokens: tokenStore(engine, project),
    keys: keyStore(managed),
    trustedIssuers: trustedIssuerStore(managed),
    accounts: accountStore(engine, project),
    rates: rateStore(engine, project),
    purgeExpired: (now, limit) => purgeExpired(engine, { project, now, limit }),
    async ping() {
      await engine.read(ping({}))
    },
    async pendingMigrations() {
      const status = await readStatus(engine)
      return status.filter(({ appliedAt }) => appliedAt === undefined).map(({ name }) => name)
    },
    close: () => engine.close(),
  }
}

/** Opens the engine that the DSN names, without waiting for a server. */
export async function openEngine({
  dsn,
  log,
  processes = 1,
}: Pick<OpenOptions, 'dsn' | 'log' | 'processes'>): Promise<Engine> {
  const warn = (message: string): void => log.warn({}, message)
  const { scheme, rest } = split(dsn)
  // Each engine is loaded when it is needed: starting must be quick.
  switch (scheme) {
    case 'memory':
    case 'sqlite':
    case 'sqlite3': {
      const { openSqlite } = await import('./sqlite/engine.ts')
      return openSqlite(parseSqliteDsn(scheme === 'memory' ? ':memory:' : rest, warn))
    }
    case 'postgres':
    case 'postgresql':
    case 'pg':
    case 'pgx': {
      const { openPostgres } = await import('./postgres/engine.ts')
      return openPostgres(parsePostgresDsn(rest, { warn, processes }), log)
    }
    default:
      throw new UnsupportedDsn(
        `The DSN scheme ${JSON.stringify(scheme)} is not supported; use memory, sqlite://, sqlite3://, postgres://, postgresql://, pg:// or pgx://.`,
      )
  }
}

function isInMemory(dsn: string): boolean {
  const { scheme, rest } = split(dsn)
  if (scheme === 'memory') return true
  return scheme.startsWith('sqlite') && parseSqliteDsn(rest, () => undefined).isMemory
}

function split(dsn: string): { readonly scheme: string; readonly rest: string } {
  if (dsn === 'memory') return { scheme: 'memory', rest: '' }
  const end = dsn.indexOf('://')
  // Without a scheme the text may be anything, a password too; it is not repeated.
  return end === -1
    ? { scheme: '', rest: '' }
    : { scheme: dsn.slice(0, end).toLowerCase(), rest: dsn.slice(end + 3) }
}

const defaultPatienceMilliseconds = 5 * 60_000

/** Waits for the database, 100 ms at first, then longer up to 5 s between attempts. */
export async function reach(
  engine: Engine,
  {
    log,
    patienceMilliseconds = defaultPatienceMilliseconds,
  }: Pick<OpenOptions, 'log' | 'patienceMilliseconds'>,
): Promise<void> {
  const deadline = performance.now() + patienceMilliseconds
  for (let pause = 100; ; pause = Math.min(pause * 2, 5_000)) {
    try {
      await engine.read(ping({}))
      return
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error
      if (performance.now() + pause > deadline) throw error
      log.warn({ error: error.message }, 'the database does not answer yet')
    }
    await delay(pause)
  }
}
