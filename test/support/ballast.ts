/** Rows in every table of a PostgreSQL database, so that its planner has something to plan for. */

import { Client } from 'pg'

interface Column {
  readonly table_name: string
  readonly column_name: string
  readonly data_type: string
}

/** Tables of which there are never many rows. */
export const smallTables: ReadonlySet<string> = new Set([
  'epochs',
  'firebrand_migrations',
  'firebrand_migration_lock',
])

/** Fills each table with `rows` rows of one project, nothing but numbers and digests, and gathers statistics. */
export async function fillPostgres(dsn: string, rows: number): Promise<void> {
  const client = new Client({ connectionString: dsn })
  await client.connect()
  try {
    const { rows: columns } = await client.query<Column>(
      `select table_name, column_name, data_type from information_schema.columns
       where table_schema = current_schema() order by table_name, ordinal_position`,
    )
    const tables = [...new Set(columns.map(({ table_name }) => table_name))]
    // Chains refer to grants.
    const order = tables.sort((a, b) => Number(a === 'chains') - Number(b === 'chains'))
    for (const table of order.filter((name) => !smallTables.has(name))) {
      const own = columns.filter(({ table_name }) => table_name === table)
      const names = own.map(({ column_name }) => column_name).join(', ')
      const values = own.map(valueOf).join(', ')
      await client.query(
        `insert into ${table} (${names}) select ${values} from generate_series(1, ${rows}) i`,
      )
    }
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}

/** A subject, a client and a key set have several rows each, everything else is spread. */
function valueOf({ table_name, column_name, data_type }: Column): string {
  if (column_name === 'project_id') return `'the project'`
  if (data_type === 'smallint') return 'i % 2'
  if (data_type === 'bigint') return 'i'
  if (column_name === 'grant_id' || (table_name === 'grants' && column_name === 'id'))
    return `md5('grant' || i)`
  const isShared = column_name === 'client_id' || column_name === 'subject'
  if (isShared && table_name !== 'clients' && table_name !== 'forced_subjects')
    return `md5('${column_name}' || i / 10)`
  return `md5('${column_name}' || i)`
}
