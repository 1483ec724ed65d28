import { expect, it } from 'vitest'
import { migrations } from '../src/storage/sql/migrations/all.ts'
import { openEngine } from '../src/storage/sql/open.ts'
import { postgresDialect } from '../src/storage/sql/postgres/dialect.ts'
import { lockMigrations } from '../src/storage/sql/postgres/migration-lock.ts'
import { compilerFor, definedQueries, kyselyFor } from '../src/storage/sql/statement.ts'

/**
 * What PostgreSQL has and CockroachDB or YugabyteDB lack, refuse, or do differently enough to matter, from their documentation:
 * Cockroach "PostgreSQL compatibility" and "Known limitations", Yugabyte "Unsupported PostgreSQL features".
 */
const missing: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['advisory locks', /pg_(try_)?advisory/i],
  ['LISTEN and NOTIFY', /\b(listen|unlisten|notify)\b|pg_notify/i],
  ['sequences and what makes them', /\b(sequence|nextval|setval|(small|big)?serial|identity)\b/i],
  [
    'triggers, rules and functions',
    /\bcreate\s+(or\s+replace\s+)?(trigger|rule|function|procedure)\b|\bdo\s+\$/i,
  ],
  ['types, domains and extensions', /\b(create|alter)\s+(type|domain|extension)\b/i],
  ['exclusion and deferrable constraints', /\b(exclude\s+using|deferrable|deferred)\b/i],
  ['unlogged and temporary tables', /\b(unlogged|temporary|temp)\b/i],
  ['table inheritance', /\binherits\b/i],
  ['explicit table locks', /\block\s+table\b/i],
  ['positions of rows', /\b(ctid|xmin|xmax|cmin|cmax|tableoid)\b/i],
  ['holdable cursors', /\b(declare|fetch|cursor)\b/i],
  ['regular expressions, similarity and full text', /~\*?|\bsimilar\s+to\b|@@|tsvector|tsquery/i],
  ['index kinds other than trees', /\busing\s+(gin|gist|brin|hash|spgist)\b/i],
  ['DELETE and UPDATE with a LIMIT of their own', /^(delete|update)\b(?!.*\bselect\b).*\blimit\b/i],
  ['MERGE', /^\s*merge\b/i],
  ['concurrent index builds, VACUUM and CLUSTER', /\b(concurrently|vacuum|cluster)\b/i],
  ['partitions by declaration', /\bpartition\s+(by|of)\b/i],
  ['transaction ids and system columns of replication', /\btxid_|pg_current_|pg_last_/i],
]

async function allStatements(): Promise<readonly string[]> {
  // Loads the modules of all stores.
  await (await openEngine({ dsn: 'memory', log: { info() {}, warn() {} } })).close()
  const db = kyselyFor(postgresDialect)
  const compile = compilerFor(postgresDialect)
  return [
    compile(lockMigrations().query).sql,
    ...definedQueries().map((query) => compile(query).sql),
    ...migrations.flatMap((each) =>
      each.statements(db, postgresDialect).map((it) => it.compile(db).sql),
    ),
  ]
}

it('uses nothing in SQL that CockroachDB or YugabyteDB lack', async () => {
  const statements = await allStatements()
  expect(statements.length).toBeGreaterThan(130)
  for (const sql of statements) {
    // Names of our own may look like anything.
    const bare = sql.replaceAll(/"[^"]*"/g, 'name').replaceAll(/'[^']*'/g, `''`)
    const used = missing.filter(([, pattern]) => pattern.test(bare)).map(([what]) => what)
    expect({ sql, used }).toEqual({ sql, used: [] })
  }
})

it('would notice what they lack', () => {
  const samples = [
    'select pg_advisory_xact_lock($1)',
    'listen epochs',
    'create table t (id bigserial)',
    'create or replace function f() returns trigger',
    'create type state as enum ()',
    'delete from name where a = $1 limit 5',
    'lock table name in share mode',
    'create index name on name using gin (a)',
  ]
  for (const sql of samples) {
    expect(missing.some(([, pattern]) => pattern.test(sql))).toBe(true)
  }
})
