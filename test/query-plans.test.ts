import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { openEngine } from '../src/storage/sql/open.ts'
import { migrateUp } from '../src/storage/sql/migrate.ts'
import { postgresDialect } from '../src/storage/sql/postgres/dialect.ts'
import { manyLookUps } from '../src/storage/sql/postgres/look-ups.ts'
import { sqliteDialect } from '../src/storage/sql/sqlite/dialect.ts'
import { compilerFor, definedQueries } from '../src/storage/sql/statement.ts'
import { sqliteFile } from '../src/config/dsn.ts'
import { fillPostgres, smallTables } from './support/ballast.ts'
import { describeEachEngine } from './support/engines.ts'

const log = { info() {}, warn() {} }

/** Statements on rows, in the SQL of a dialect; those that create or look for tables have no plan worth looking at. */
function statementsFor(dialect: typeof postgresDialect): readonly string[] {
  const compile = compilerFor(dialect)
  return definedQueries()
    .map((query) => compile(query).sql)
    .filter((sql) => /^(select|insert|update|delete)\b/i.test(sql.trim()))
    .filter((sql) => !/information_schema|sqlite_master|firebrand_/.test(sql))
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Cond'?: string
  readonly 'Index Name'?: string
  readonly Plans?: readonly PlanNode[]
}

/** Statements that may sort what they find: the keys of one issuer for an assertion, the grants of one login session. */
const sortsFew = [
  /from "trusted_issuers" .* and "expires_at" > /,
  /from "grants" .* and "login_session_id" = .* order by /,
]

/** Whether it wants the first few of an order, and must not read the others. */
function isLimited(sql: string): boolean {
  return / order by .* limit /.test(sql) && !sortsFew.some((each) => each.test(sql))
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}

/** What reads more of a growing table than its answer needs: all of it, or all of a project. */
function readsAll(node: PlanNode, isLimited: boolean): boolean {
  const type = node['Node Type']
  // What sorts has read everything before it answers a page.
  if (type.endsWith('Sort')) return isLimited
  if (type === 'Seq Scan') return !smallTables.has(node['Relation Name'] ?? '')
  if (!type.includes('Index')) return false
  const condition = node['Index Cond']
  // `(project_id = $1)` alone bounds nothing; another column has to.
  return condition === undefined || !/ AND |ROW\(/i.test(condition)
}

describeEachEngine('the plan of every statement', (engine) => {
  beforeAll(async () => {
    await migrateUp({ dsn: engine.dsn, log })
    // Loads the modules of all stores.
    await (await openEngine({ dsn: engine.dsn, log })).close()
    if (engine.name === 'postgres') await fillPostgres(engine.dsn, 20_000)
  }, 120_000)

  it('bounds what it reads of a growing table by an index', async () => {
    const plans =
      engine.name === 'postgres' ? await postgresPlans(engine.dsn) : sqlitePlans(engine.dsn)
    expect(plans.length).toBeGreaterThan(80)
    const unbounded = plans.filter(({ sql, problems }) => problems.length > 0 && !isExempt(sql))
    expect(unbounded).toEqual([])
  }, 60_000)

  if (engine.name === 'postgres') {
    it('bounds every look-up of many by an index', async () => {
      const plans = await plansOfMany(engine.dsn)
      expect(plans.length).toBeGreaterThan(8)
      expect(plans.filter(({ problems }) => problems.length > 0)).toEqual([])
    }, 60_000)
  }
})

/** The plans of all look-ups as they run for many requests together. */
async function plansOfMany(dsn: string): Promise<readonly Plan[]> {
  const client = new Client({ connectionString: dsn })
  await client.connect()
  const compile = compilerFor(postgresDialect)
  try {
    const plans: Plan[] = []
    for (const query of definedQueries().filter(({ isLookUp }) => isLookUp)) {
      const compiled = compile(query)
      await client.query(`prepare one as ${compiled.sql}`)
      const values = (await typesOf(client, 'one')).map((type) => (type === 'text' ? 'x' : 1))
      await client.query('deallocate one')
      const sql = manyLookUps(compiled, [values, values]).text
      plans.push({
        sql,
        problems: await explain(
          client,
          `explain (generic_plan, format json) ${sql}`,
          isLimited(compiled.sql),
        ),
      })
    }
    return plans
  } finally {
    await client.end()
  }
}

async function typesOf(client: Client, statement: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ types: string }>(
    `select array_to_string(parameter_types, ',') as types from pg_prepared_statements where name = $1`,
    [statement],
  )
  return rows[0]?.types.split(',') ?? []
}

/** No endpoint lists queued logout tokens; only tests do. */
function isExempt(sql: string): boolean {
  return /^select [^(]+ from "logout_notifications" where "project_id" = \S+ order by/.test(sql)
}

interface Plan {
  readonly sql: string
  readonly problems: readonly string[]
}

async function postgresPlans(dsn: string): Promise<readonly Plan[]> {
  const client = new Client({ connectionString: dsn })
  await client.connect()
  try {
    const plans: Plan[] = []
    for (const [number, sql] of statementsFor(postgresDialect).entries()) {
      await client.query(`prepare statement_${number} as ${sql}`)
      const generic = await explain(
        client,
        `explain (generic_plan, format json) ${sql}`,
        isLimited(sql),
      )
      const problems =
        generic.length === 0 ? generic : await settledProblems(client, number, isLimited(sql))
      plans.push({ sql, problems })
    }
    return plans
  } finally {
    await client.end()
  }
}

async function explain(
  client: Client,
  text: string,
  isLimited: boolean,
): Promise<readonly string[]> {
  const { rows } = await client.query(text)
  const [{ Plan: root }] = rows[0]['QUERY PLAN'] as [{ Plan: PlanNode }]
  return nodesOf(root)
    .filter((node) => readsAll(node, isLimited))
    .map((node) => `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name']}`)
}

/**
 * Problems of the plan that the server settles for when it runs a statement again and again. A generic plan takes an
 * unknown `LIMIT` for a tenth of the table; the server keeps planning for the value instead when that is cheaper.
 */
async function settledProblems(
  client: Client,
  number: number,
  isLimited: boolean,
): Promise<readonly string[]> {
  const types = await typesOf(client, `statement_${number}`)
  const values = types.map((type) => (type === 'text' ? `'the project'` : '50'))
  const call = `statement_${number}(${values.join(', ')})`
  let problems: readonly string[] = []
  for (let n = 0; n < 8; n++) {
    problems = await explain(client, `explain (format json) execute ${call}`, isLimited)
  }
  return problems
}

function sqlitePlans(dsn: string): readonly Plan[] {
  const database = new DatabaseSync(sqliteFile(dsn) ?? '')
  const plans = statementsFor(sqliteDialect).map((sql) => {
    const rows = database.prepare(`explain query plan ${sql}`).all()
    const problems = rows
      .map((row) => String(row['detail']))
      .filter((detail) => readsAllOfSqlite(detail) || (isLimited(sql) && /ORDER BY/.test(detail)))
    return { sql, problems }
  })
  database.close()
  return plans
}

/** What is no table, or holds as many rows as a limit let in. */
const limitedTables: ReadonlySet<string> = new Set(['CONSTANT', 'due'])

function readsAllOfSqlite(detail: string): boolean {
  const [, kind, table = '', rest = ''] = /^(SCAN|SEARCH) (\S+)(.*)$/.exec(detail) ?? []
  if (kind === undefined || smallTables.has(table)) return false
  return kind === 'SCAN' ? !limitedTables.has(table) : rest.endsWith(' (project_id=?)')
}
