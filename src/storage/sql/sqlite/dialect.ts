import { sql, SqliteAdapter, SqliteQueryCompiler } from 'kysely'
import type { Dialect } from '../dialect.ts'
import { query } from '../statement.ts'

const tables = query(
  () => sql<{ readonly name: string }>`select name from sqlite_master where type = 'table'`,
)

/** SQLite 3.35 and newer (`RETURNING`, upserts, row values). Its default collation compares bytes. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  adapter: () => new SqliteAdapter(),
  compiler: () => new SqliteQueryCompiler(),
  text: sql`text`,
  // Short rows live in the tree of their key; long ones would make that tree deep.
  tableEnd: (use) => (use === 'wide' ? undefined : sql`without rowid`),
  tables: () => tables({}),
}
