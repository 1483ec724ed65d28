/** How migrations describe tables: every key and index starts with the project. */

import type {
  ColumnDefinitionBuilder,
  CreateTableBuilder,
  Kysely,
  RawBuilder,
  SqlBool,
} from 'kysely'
import type { Dialect, TableUse } from '../dialect.ts'
import type { Schema } from '../schema.ts'
import type { Buildable } from '../statement.ts'

type Type = 'text' | 'text?' | 'instant' | 'instant?' | 'count' | 'flag'

/** A table to be. */
export interface Table {
  readonly name: string
  readonly use: TableUse
  /** The key is the project and these columns. */
  readonly key: readonly string[]
  readonly columns: Readonly<Record<string, Type>>
  /** Each starts with the project; its name is the table's with the columns'. */
  readonly indexes: readonly (readonly string[])[]
  readonly unique?: readonly (readonly string[])[]
  /** Indexes over some rows only; queries that are to use one say the same condition, in constants. */
  readonly partial?: readonly {
    readonly on: readonly string[]
    readonly where: RawBuilder<SqlBool>
  }[]
  readonly parent?: { readonly column: string; readonly table: string; readonly key: string }
}

const types = {
  text: 'text',
  'text?': 'text',
  instant: 'bigint',
  'instant?': 'bigint',
  count: 'bigint',
  flag: 'smallint',
} as const

/** Statements that create a table with its indexes. */
export function createTable(
  db: Kysely<Schema>,
  dialect: Dialect,
  table: Table,
): readonly Buildable<unknown>[] {
  const columns = Object.entries({ project_id: 'text', ...table.columns } as Table['columns'])
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(table.name)
  for (const [name, type] of columns) {
    const nullable = type.endsWith('?')
    const define = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
      nullable ? column : column.notNull()
    builder = builder.addColumn(name, types[type] === 'text' ? dialect.text : types[type], define)
  }
  builder = builder.addPrimaryKeyConstraint(`${table.name}_key`, ['project_id', ...table.key])
  const { parent } = table
  if (parent !== undefined)
    builder = builder.addForeignKeyConstraint(
      `${table.name}_${parent.table}`,
      ['project_id', parent.column],
      parent.table,
      ['project_id', parent.key],
      (constraint) => constraint.onDelete('cascade'),
    )
  const end = dialect.tableEnd(table.use)
  const index = (of: readonly string[]) =>
    db.schema
      .createIndex([table.name, ...of].join('_'))
      .on(table.name)
      .columns(['project_id', ...of])
  return [
    end === undefined ? builder : builder.modifyEnd(end),
    ...table.indexes.map(index),
    ...(table.unique ?? []).map((of) => index(of).unique()),
    ...(table.partial ?? []).map(({ on, where }) => index(on).where(where)),
  ]
}
