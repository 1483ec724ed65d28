import { PostgresAdapter, PostgresQueryCompiler, sql } from 'kysely'
import type { Dialect } from '../dialect.ts'
import { query } from '../statement.ts'

const tables = query(
  () =>
    sql<{ readonly name: string }>`
    select table_name as name from information_schema.tables where table_schema = current_schema()
  `,
)

/** PostgreSQL 12 and newer, and what speaks its language. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  adapter: () => new PostgresAdapter(),
  compiler: () => new PostgresQueryCompiler(),
  // The database's own collation may be a language's; ours is the order of bytes, and faster.
  text: sql`text collate "C"`,
  // Room in each page lets an update that changes no index stay in it (heap-only tuples).
  tableEnd: (use) => (use === 'hot' ? sql`with (fillfactor = 70)` : undefined),
  tables: () => tables({}),
}
