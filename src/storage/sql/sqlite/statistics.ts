/**
 * What SQLite's planner believes about the tables. Without statistics it takes the first column of a key for selective,
 * but that is the project, which is the same in every row; and real statistics would make plans depend on when they were
 * gathered. So the indexes are described as they will be in a large database, once and for all.
 *
 * @see https://sqlite.org/optoverview.html, "Manual Control of Query Plans Using SQLITE_STAT Tables"
 */

import type { Connection } from './connection.ts'

const rowsOfTable = 1_000_000

/** Rows that share a project and one value of the second column. */
const sharedBySecond: Readonly<Record<string, number>> = { client_id: 100_000 }
const sharedByOthers = 10

/** Describes every index in `sqlite_stat1`. Part of the transaction that changed the schema, so that others reload it. */
export function describeIndexes(connection: Connection): void {
  // The table cannot be created by its name; analyzing a tiny table does it.
  connection.command('analyze epochs')
  connection.command('delete from sqlite_stat1')
  for (const index of connection.all(listIndexes)) {
    const columns = String(index['columns']).split(',')
    const values = [
      index['tableName'],
      index['indexName'],
      estimate(columns, index['isUnique'] === 1),
    ]
    const texts = values.map((value) => `'${String(value)}'`)
    connection.command(`insert into sqlite_stat1 (tbl, idx, stat) values (${texts.join(', ')})`)
  }
  connection.command('analyze sqlite_schema')
}

/** The primary key of a table without row ids goes by the name of the table. */
const listIndexes = `
  select t.name as "tableName",
    iif(i.origin = 'pk' and l.wr = 1, t.name, i.name) as "indexName",
    i."unique" as "isUnique",
    (select group_concat(c.name, ',') from pragma_index_info(i.name) c) as "columns"
  from sqlite_schema t, pragma_index_list(t.name) i, pragma_table_list(t.name) l
  where t.type = 'table' and t.name not like 'sqlite!_%' escape '!'
`

/** Rows of the table, then for each column how many rows share the values up to it. */
function estimate(columns: readonly string[], isUnique: boolean): string {
  const shared = columns.map((column, position) => {
    if (isUnique && position === columns.length - 1) return 1
    if (position === 0) return rowsOfTable
    return position === 1 ? (sharedBySecond[column] ?? sharedByOthers) : 2
  })
  return [rowsOfTable, ...shared].join(' ')
}
