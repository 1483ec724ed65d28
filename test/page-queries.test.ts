/** Pages of long lists: what is read is the page, wherever it is. */

import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { sqliteFile } from '../src/config/dsn.ts'
import { migrateUp } from '../src/storage/sql/migrate.ts'
import { openEngine } from '../src/storage/sql/open.ts'
import { postgresDialect } from '../src/storage/sql/postgres/dialect.ts'
import { sqliteDialect } from '../src/storage/sql/sqlite/dialect.ts'
import { compilerFor, definedQueries, type Compiled } from '../src/storage/sql/statement.ts'
import { describeEachEngine } from './support/engines.ts'

const log = { info() {}, warn() {} }
const rows = { clients: 100_000, trusted_issuers: 20_000, accounts: 20_000, grants: 20_000 }
const limit = 100

/** The row in the middle, by every name that a list gives to where its page begins. */
function middleOf(table: keyof typeof rows): Readonly<Record<string, unknown>> {
  const handledAt = rows[table] / 2
  const key = String(handledAt).padStart(8, '0')
  return { project: 'the project', after: key, id: key, handledAt, now: 0, limit }
}

/** Lists of the API and the console. The values of filters are those that every second row has. */
const lists = [
  { of: 'clients', filters: {} },
  { of: 'clients', filters: { clientName: 'shared' } },
  { of: 'clients', filters: { owner: 'shared' } },
  { of: 'trusted_issuers', filters: {} },
  { of: 'trusted_issuers', filters: { issuer: 'shared' } },
  { of: 'accounts', filters: {} },
  { of: 'grants', filters: { subject: 'shared' } },
  { of: 'grants', filters: { subject: 'shared', session: 'shared' } },
] as const

const columns: Readonly<Record<string, string>> = {
  clientName: 'client_name',
  session: 'login_session_id',
}

/** The statement of a list: from its table, limited, and with just these filters. */
function statementOf({ of, filters }: (typeof lists)[number], all: readonly Compiled[]): Compiled {
  const possible = ['client_name', 'owner', 'issuer', 'subject', 'login_session_id']
  const wanted = Object.keys(filters).map((name) => columns[name] ?? name)
  const found = all.filter(({ sql }) => {
    const isList = new RegExp(`^select [^(]+ from "${of}" where .* order by .* limit [?$]`)
    if (!isList.test(sql)) return false
    return possible.every((name) => sql.includes(`"${name}" = `) === wanted.includes(name))
  })
  const [statement] = found
  if (statement === undefined || found.length > 1)
    throw new Error(`${found.length} lists of ${of} by ${wanted.join(' and ')}`)
  return statement
}

/** Every second row shares what can be filtered by. */
const shared = (key: string): string => `case when i % 2 = 0 then 'shared' else ${key} end`

function fillings(key: string, numbersTo: (count: number) => string): readonly string[] {
  return [
    `insert into clients select 'the project', ${key}, ${shared(key)}, ${shared(key)}, '{}', '', '[]', '', 0, 1 from ${numbersTo(rows.clients)}`,
    `insert into trusted_issuers select 'the project', ${key}, ${shared(key)}, '', 0, '', '', '', ${key}, ${key}, 0, 0 from ${numbersTo(rows.trusted_issuers)}`,
    `insert into accounts (project_id, id, email, email_key, name, password_hash, created_at, updated_at)
       select 'the project', ${key}, ${key}, ${key}, '', '', 0, 0 from ${numbersTo(rows.accounts)}`,
    `insert into grants (project_id, id, flow_id, client_id, subject, login_session_id, requested_at, handled_at, skip, remember,
       remember_for, requested_scope, granted_scope, requested_audience, granted_audience, session)
       select 'the project', ${key}, '', ${key}, ${shared(key)}, 'shared', i, i, 0, 0, 0, '[]', '[]', '[]', '[]', '' from ${numbersTo(rows.grants)}`,
  ]
}

describeEachEngine('a page from the middle', (engine) => {
  const isPostgres = engine.name === 'postgres'
  let statements: readonly Compiled[]
  beforeAll(async () => {
    await migrateUp({ dsn: engine.dsn, log })
    // Loads the modules of all stores.
    await (await openEngine({ dsn: engine.dsn, log })).close()
    const compile = compilerFor(isPostgres ? postgresDialect : sqliteDialect)
    statements = definedQueries().map(compile)
    await (isPostgres ? fillPostgres(engine.dsn) : fillSqlite(engine.dsn))
  }, 120_000)

  for (const list of lists) {
    const filters = Object.keys(list.filters).join(' and ')
    it(`of ${list.of}${filters === '' ? '' : ` by ${filters}`} reads no other rows`, async () => {
      const statement = statementOf(list, statements)
      const values = statement.bind({ ...middleOf(list.of), ...list.filters })
      if (isPostgres) {
        const read = await rowsReadByPostgres(engine.dsn, statement.sql, values)
        expect(read).toBe(limit)
        return
      }
      const database = new DatabaseSync(sqliteFile(engine.dsn) ?? '')
      expect(database.prepare(statement.sql).all(...values)).toHaveLength(limit)
      const plan = database.prepare(`explain query plan ${statement.sql}`).all()
      database.close()
      // One search along an index that has the order of the page: what does not sort stops at the limit.
      expect(plan.map(({ detail }) => String(detail).replace(/ \(.*/, ''))).toEqual([
        expect.stringMatching(new RegExp(`^SEARCH ${list.of} USING INDEX \\w+$`)),
      ])
    })
  }
})

async function fillPostgres(dsn: string): Promise<void> {
  const client = new Client({ connectionString: dsn })
  await client.connect()
  try {
    const numbersTo = (count: number): string => `generate_series(1, ${count}) i`
    for (const sql of fillings(`lpad(i::text, 8, '0')`, numbersTo)) await client.query(sql)
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}

function fillSqlite(dsn: string): void {
  const database = new DatabaseSync(sqliteFile(dsn) ?? '')
  const numbersTo = (count: number): string =>
    `(with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count}) select i from n)`
  for (const sql of fillings(`format('%08d', i)`, numbersTo)) database.exec(sql)
  database.close()
}

interface AnalyzedNode {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly AnalyzedNode[]
}

/** Rows that the leaves of the plan read, those that a filter threw away included. */
async function rowsReadByPostgres(
  dsn: string,
  sql: string,
  values: readonly unknown[],
): Promise<number> {
  const client = new Client({ connectionString: dsn })
  await client.connect()
  try {
    const { rows: plans } = await client.query(`explain (analyze, format json) ${sql}`, [...values])
    const [{ Plan: root }] = plans[0]['QUERY PLAN'] as [{ Plan: AnalyzedNode }]
    return readBy(root)
  } finally {
    await client.end()
  }
}

function readBy(node: AnalyzedNode): number {
  const { Plans: below = [] } = node
  if (below.length > 0) return below.reduce((sum, each) => sum + readBy(each), 0)
  return (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
}
