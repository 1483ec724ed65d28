/**
 * Fills a migrated database as years of traffic would: `node bench/load-data.ts DSN [--clients N] [--grants N] [--revoked N]`.
 * All rows are made by the database itself. Every grant has a user, a login session, and every second one a chain of refresh tokens;
 * the sizes are those of a code flow with `openid offline_access`. Secondary indexes are dropped first and built again at the end.
 */

import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { defaultProject } from '../src/brand.ts'
import { sqliteFile } from '../src/config/dsn.ts'

/** How many rows of each kind; a grant is an authorization. */
export interface Amounts {
  readonly clients: number
  readonly grants: number
  readonly revoked: number
  /** Grants whose tokens somebody is going to use. */
  readonly sample?: Sample
}

/** One of `share` grants belongs to a client of the caller's; all have a session that the server can open. */
export interface Sample {
  readonly clientId: string
  readonly share: number
  readonly session: string
}

/** What is the same in SQL but its spelling. */
interface Spelling {
  /** A table `n(i)` with the numbers 1 to `count`. */
  readonly numbers: (count: number) => string
  /** 32 hexadecimal digits that follow from a text, or random ones. */
  readonly digits: (text: string) => string
  /** Text of many rows: `count` characters. */
  readonly filler: string
}

const hour = 3_600_000
const day = 24 * hour

/** Statements of one load, in order; each makes all rows of one table. */
function statements(
  { clients, grants, revoked, sample }: Amounts,
  { numbers, digits, filler }: Spelling,
  now: number,
): readonly string[] {
  const project = `'${defaultProject}'`
  const scope = `'["openid","offline_access"]'`
  const anyClient = `'loaded-' || (i % ${Math.max(1, clients)} + 1)`
  const clientOf =
    sample === undefined
      ? anyClient
      : `case when i % ${sample.share} = 0 then '${sample.clientId}' else ${anyClient} end`
  const session = sample === undefined ? filler : `'${sample.session}'`
  // Spread over thirty days, so that the janitor would find the same work every day.
  const at = `${now} - (i % 720) * ${hour}`
  const end = `${now} + (i % 720 + 1) * ${hour}`
  return [
    `insert into clients (project_id, client_id, client_name, owner, document, secret_hash, rotated_secret_hashes,
       registration_access_token_hash, tokens_valid_after, version)
     select ${project}, 'loaded-' || i, 'Loaded ' || (i % 1000), 'owner ' || (i % 100),
       replace(document, client_id, 'loaded-' || i), secret_hash, rotated_secret_hashes,
       registration_access_token_hash, tokens_valid_after, version
     from ${numbers(clients)}, (select * from clients where project_id = ${project} order by client_id limit 1) c`,
    `insert into login_sessions (project_id, id, subject, authenticated_at, remember, identity_provider_session_id, expires_at)
     select ${project}, ${digits(`'session' || i`)}, 'user-' || i, ${at}, 1, '', ${end}
     from ${numbers(grants)}`,
    `insert into grants (project_id, id, flow_id, client_id, subject, login_session_id, requested_at, handled_at, skip, remember,
       remember_for, requested_scope, granted_scope, requested_audience, granted_audience, session, code_expires_at,
       code_redeemed_at, purge_at)
     select ${project}, ${digits(`'grant' || i`)}, ${digits(`'flow' || i`)}, ${clientOf}, 'user-' || i,
       ${digits(`'session' || i`)}, ${at}, ${at}, 0, i % 2, 0, ${scope}, ${scope}, '[]', '[]', ${session},
       ${at} + 600000, ${at}, ${end}
     from ${numbers(grants)}`,
    `insert into chains (project_id, id, grant_id, generation, used_times, expires_at, purge_at, purge_hour)
     select ${project}, ${digits(`'chain' || i`)}, ${digits(`'grant' || (2 * i)`)}, 0, 0, ${end}, ${end}, ${now + day} / ${hour} + i % 720
     from ${numbers(Math.floor(grants / 2))}`,
    `insert into revoked_tokens (project_id, id, expires_at)
     select ${project}, ${digits(`'revoked' || i`)}, ${now} + (i % 720 + 1) * 60000
     from ${numbers(revoked)}`,
  ]
}

/** As long as the sealed session of a usual grant. */
const fillerLength = 880

/** Loads; `tell` hears of each step. The database is migrated and has at least one client, which is the pattern of the others. */
export async function loadData(
  dsn: string,
  amounts: Amounts,
  tell: (step: string) => void = () => undefined,
): Promise<void> {
  const file = sqliteFile(dsn)
  await (file === undefined ? loadPostgres(dsn, amounts, tell) : loadSqlite(file, amounts, tell))
}

async function loadSqlite(
  file: string,
  amounts: Amounts,
  tell: (step: string) => void,
): Promise<void> {
  // Defensive, a connection keeps its journal, and the whole load would be written twice.
  const database = new DatabaseSync(file, { defensive: false })
  const filler = randomBytes(fillerLength).toString('base64url').slice(0, fillerLength)
  database.function('digits', { deterministic: true }, digitsOf)
  database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -4000000')
  const indexes = database
    .prepare(`select name, sql from sqlite_schema where type = 'index' and sql is not null`)
    .all()
    .map((row) => ({ name: String(row['name']), sql: String(row['sql']) }))
  const statistics = database.prepare('select tbl, idx, stat from sqlite_stat1').all()
  for (const { name } of indexes) database.exec(`drop index ${name}`)
  const spelling: Spelling = {
    numbers: (count) =>
      `(with recursive n(i) as (select 1 where ${count} > 0 union all select i + 1 from n where i < ${count}) select i from n) n`,
    digits: (text) => `digits(${text})`,
    filler: `'${filler}'`,
  }
  for (const sql of statements(amounts, spelling, Date.now()))
    await timed(tell, sql, () => database.exec(sql))
  for (const { sql } of indexes) await timed(tell, sql, () => database.exec(sql))
  // Dropping an index drops what the planner is told about it.
  database.exec('delete from sqlite_stat1')
  const insert = database.prepare('insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)')
  for (const row of statistics)
    insert.run(row['tbl'] ?? null, row['idx'] ?? null, row['stat'] ?? null)
  database.exec('pragma journal_mode = wal; analyze sqlite_schema')
  database.close()
}

/** Quick, spread like random digits, and the same for the same text (FNV-1a, mixed, four times). */
function digitsOf(text: unknown): string {
  let [hash, out] = [0x811c9dc5, '']
  for (const character of String(text)) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  for (let part = 0; part < 4; part++) {
    hash = Math.imul(hash ^ (hash >>> 15) ^ part, 0x2c1b3c6d)
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
    out += (hash >>> 0).toString(16).padStart(8, '0')
  }
  // Two texts may have the same hash; the text tells them apart.
  const number = /\d+$/.exec(String(text))?.[0] ?? ''
  return out.slice(0, 32 - number.length) + number
}

async function loadPostgres(
  dsn: string,
  amounts: Amounts,
  tell: (step: string) => void,
): Promise<void> {
  const client = new Client({ connectionString: dsn })
  await client.connect()
  try {
    await client.query(`set synchronous_commit = off; set maintenance_work_mem = '512MB'`)
    const filler = randomBytes(fillerLength).toString('base64url').slice(0, fillerLength)
    const { rows: indexes } = await client.query<{ name: string; sql: string }>(
      `select i.indexname as name, i.indexdef as sql from pg_indexes i
       where schemaname = current_schema() and not exists (select from pg_constraint c where c.conname = i.indexname)`,
    )
    // Foreign keys come first, since they need the keys that they refer to; adding goes the other way.
    const { rows: constraints } = await client.query<{ on: string; name: string; sql: string }>(
      `select conrelid::regclass as on, conname as name, pg_get_constraintdef(oid) as sql from pg_constraint
       where connamespace = current_schema()::regnamespace and contype in ('f', 'p') order by contype`,
    )
    for (const { name } of indexes) await client.query(`drop index ${name}`)
    for (const { on, name } of constraints)
      await client.query(`alter table ${on} drop constraint ${name}`)
    const spelling: Spelling = {
      numbers: (count) => `generate_series(1::bigint, ${count}) n(i)`,
      digits: (text) => `md5(${text})`,
      filler: `'${filler}'`,
    }
    const all = [
      ...statements(amounts, spelling, Date.now()),
      ...constraints
        .toReversed()
        .map(({ on, name, sql }) => `alter table ${on} add constraint ${name} ${sql}`),
      ...indexes.map(({ sql }) => sql),
      'vacuum analyze',
    ]
    for (const sql of all) await timed(tell, sql, () => client.query(sql))
  } finally {
    await client.end()
  }
}

async function timed(tell: (step: string) => void, sql: string, run: () => unknown): Promise<void> {
  const start = performance.now()
  await run()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const [words = ''] =
    /^(?:insert into|create index|create unique index|alter table \S+ add constraint)? ?\S+/i.exec(
      sql,
    ) ?? []
  tell(`${words}: ${seconds} s`)
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      clients: { type: 'string', default: '100000' },
      grants: { type: 'string', default: '1000000' },
      revoked: { type: 'string', default: '1000000' },
    },
  })
  const [dsn] = positionals
  if (dsn === undefined)
    throw new Error('Usage: load-data.ts DSN [--clients N] [--grants N] [--revoked N]')
  const { clients, grants, revoked } = values
  const amounts = { clients: Number(clients), grants: Number(grants), revoked: Number(revoked) }
  await loadData(dsn, amounts, (step) => process.stderr.write(`${step}\n`))
}
