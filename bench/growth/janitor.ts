/**
 * Measures what the janitor costs those who are served: `node bench/growth/janitor.ts [--engine sqlite|postgres] [--expiring 1000]
 * [--seconds 120] [--rate N] [--directory PATH] [--postgres URL]`. A paced load of introspections and refreshes runs first while nothing
 * expires, then while so many grants, with their sessions and chains, expire every second.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { sqliteFile } from '../../src/config/dsn.ts'
import type { Case } from '../case.ts'
import { hydraDialect } from '../flows/hydra.ts'
import { expectActive, expectTokens } from '../load/expect.ts'
import { Load } from '../load/run.ts'
import type { PacedWindow } from '../load/run.ts'
import { pinGenerator, planCores } from '../measure/cores.ts'
import { killAllChildren } from '../servers/child.ts'
import { startPostgres } from '../servers/postgres.ts'
import { prepareDatabase, serve, migrate } from './firebrand.ts'
import type { Place } from './firebrand.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    engine: { ...text, default: 'sqlite' },
    expiring: { ...text, default: '1000' },
    seconds: { ...text, default: '120' },
    calm: { ...text, default: '30' },
    rate: text,
    grants: { ...text, default: '10000' },
    directory: text,
    postgres: text,
  },
})
const [expiring, seconds, calm] = [values.expiring, values.seconds, values.calm].map(Number) as [
  number,
  number,
  number,
]

/** Three introspections, then a refresh, of a user of one's own. */
const mixture: Pick<Case, 'prepare'> = {
  *prepare(dialect) {
    const { access_token: access, refresh_token: refresh } = yield* dialect.codeFlow()
    let newest = { access, refresh }
    let turn = 0
    return function* () {
      turn += 1
      if (turn % 4 !== 0) {
        expectActive(yield dialect.introspect(newest.access))
        return
      }
      const tokens = expectTokens(yield dialect.refresh(newest.refresh))
      newest = { access: tokens.access_token, refresh: tokens.refresh_token }
    }
  },
}

/** Direct access to the database of the server. */
interface Backdoor {
  run(sql: string): Promise<void>
  count(sql: string): Promise<number>
  close(): Promise<void>
}

async function openBackdoor(dsn: string): Promise<Backdoor> {
  const file = sqliteFile(dsn)
  if (file !== undefined) {
    const database = new DatabaseSync(file, { timeout: 10_000 })
    return {
      run: async (sql) => database.exec(sql),
      count: async (sql) => Number(database.prepare(sql).get()?.['n']),
      close: async () => database.close(),
    }
  }
  const client = new Client({ connectionString: dsn })
  await client.connect()
  return {
    run: async (sql) => void (await client.query(sql)),
    count: async (sql) => Number((await client.query<{ n: string }>(sql)).rows[0]?.n),
    close: () => client.end(),
  }
}

/** Grants whose time comes one after the other from `start`, each with a session and a chain. */
function expiringRows(isSqlite: boolean, start: number, count: number): readonly string[] {
  const numbers = isSqlite
    ? `(with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count}) select i from n) n`
    : `generate_series(1, ${count}) n(i)`
  const random = isSqlite ? `lower(hex(randomblob(8)))` : `substr(md5(random()::text), 1, 16)`
  const at = isSqlite
    ? `cast(${start} + i * ${1000 / expiring} as integer)`
    : `(${start} + i * ${1000 / expiring})::bigint`
  return [
    `insert into login_sessions (project_id, id, subject, authenticated_at, remember, identity_provider_session_id, expires_at)
     select 'default', ${random} || 'expiring' || i, 'expiring-' || i, 0, 1, '', ${at} from ${numbers}`,
    `insert into grants (project_id, id, flow_id, client_id, subject, login_session_id, requested_at, handled_at, skip, remember,
       remember_for, requested_scope, granted_scope, requested_audience, granted_audience, session, purge_at)
     select 'default', 'g' || s.id, s.id, 'expiring', s.subject, s.id, 1, 1, 0, 0, 0, '[]', '[]', '[]', '[]',
       (select session from grants where project_id = 'default' limit 1), s.expires_at
     from login_sessions s where s.project_id = 'default' and s.subject like 'expiring-%'`,
    `insert into chains (project_id, id, grant_id, generation, used_times, expires_at, purge_at, purge_hour)
     select 'default', 'c' || id, id, 0, 0, purge_at, purge_at, purge_at / 3600000 from grants
     where project_id = 'default' and client_id = 'expiring'`,
  ]
}

function percentile(window: PacedWindow, share: number): string {
  const { requestLatencies: all } = window
  return (all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? Number.NaN).toFixed(1)
}

function report(name: string, window: PacedWindow): void {
  const rate = Math.round(window.operations / window.seconds)
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => percentile(window, share))
  const most = (window.requestLatencies.at(-1) ?? Number.NaN).toFixed(1)
  console.log(`| ${name} | ${rate} | ${p50} | ${p99} | ${p999} | ${most} |`)
}

async function measure(place: Place): Promise<void> {
  const cores = planCores()
  pinGenerator(cores)
  await migrate(place, cores)
  const door = await openBackdoor(place.dsn)
  const isSqlite = values.engine === 'sqlite'
  // Late enough for what comes before.
  const filledAt = Date.now()
  const start = filledAt + (calm + 30) * 1000
  for (const sql of expiringRows(isSqlite, start, expiring * seconds)) await door.run(sql)
  console.error(`filled in ${Math.round((Date.now() - filledAt) / 1000)} s`)
  const server = await serve(place, cores, [])
  const options = { adminOrigin: 'admin', adminToken: undefined, clientsPage: undefined } as const
  const dialect = hydraDialect(server.clients, options)
  const { addresses } = server
  const load = await Load.prepare(mixture, dialect, { addresses, connections: 32 })
  const hooks = { begin() {}, end() {} }
  const polls = isSqlite
  const closed = await load.run({ warmUpMs: 3000, windowMs: 4000, polls }, hooks)
  const rate = Number(values.rate ?? Math.round((closed.operations / closed.seconds) * 0.5))
  console.log(
    `| ${values.engine}, ${rate} operations/s | done/s | p50 ms | p99 ms | p99.9 ms | most |\n|---|--:|--:|--:|--:|--:|`,
  )
  report(
    'nothing expires',
    await load.runPaced({ warmUpMs: 1000, windowMs: calm * 1000, polls }, rate, hooks),
  )
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, start - Date.now())))
  const backlog: number[] = []
  const ask = async (): Promise<void> => {
    backlog.push(
      await door.count(
        `select count(*) n from grants where project_id = 'default' and purge_at between ${start} and ${Date.now()}`,
      ),
    )
  }
  const watch = setInterval(() => void ask(), 5000)
  const windowMs = seconds * 1000
  report(
    `${expiring} grants expire a second`,
    await load.runPaced({ warmUpMs: 0, windowMs, polls }, rate, hooks),
  )
  clearInterval(watch)
  console.log(`\nGrants that waited, every 5 s: ${backlog.join(', ')}`)
  await server.stop()
  await door.run(`delete from grants where project_id = 'default' and client_id = 'expiring'`)
  await door.close()
}

const temporary =
  values.directory === undefined
    ? mkdtempSync(path.join(tmpdir(), 'firebrand-janitor-'))
    : undefined
process.once('exit', killAllChildren)
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))
const own =
  values.engine !== 'sqlite' && values.postgres === undefined ? await startPostgres() : undefined
try {
  const directory = path.resolve(temporary ?? values.directory ?? '.')
  const dsn =
    values.engine === 'sqlite'
      ? `sqlite://${directory}/firebrand.sqlite`
      : (values.postgres ?? (await own?.createDatabase('janitor')) ?? '')
  const place = { dsn, directory }
  const amounts = { clients: 100, grants: Number(values.grants), revoked: 100 }
  await prepareDatabase(place, amounts, () => undefined)
  await measure(place)
} finally {
  await own?.stop()
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true })
}
