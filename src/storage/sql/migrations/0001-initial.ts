/** The first schema. Every key and index starts with the project. */

import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely'
import type { Dialect, TableUse } from '../dialect.ts'
import type { Schema } from '../schema.ts'
import type { Buildable } from '../statement.ts'
import type { Migration } from './all.ts'

type Type = 'text' | 'text?' | 'instant' | 'instant?' | 'count' | 'flag'

interface Table {
  readonly name: string
  readonly use: TableUse
  /** The key is the project and these columns. */
  readonly key: readonly string[]
  readonly columns: Readonly<Record<string, Type>>
  /** Each starts with the project; its name is the table's with the columns'. */
  readonly indexes: readonly (readonly string[])[]
  readonly unique?: readonly (readonly string[])[]
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

const tables: readonly Table[] = [
  {
    name: 'clients',
    use: 'wide',
    key: ['client_id'],
    columns: {
      client_id: 'text',
      client_name: 'text',
      owner: 'text',
      document: 'text',
      secret_hash: 'text',
      rotated_secret_hashes: 'text',
      registration_access_token_hash: 'text',
      tokens_valid_after: 'instant',
      version: 'count',
    },
    indexes: [],
  },
  {
    name: 'grants',
    use: 'wide',
    key: ['id'],
    columns: {
      id: 'text',
      flow_id: 'text',
      client_id: 'text',
      subject: 'text',
      login_session_id: 'text?',
      requested_at: 'instant',
      handled_at: 'instant',
      skip: 'flag',
      remember: 'flag',
      remember_for: 'count',
      remembered_until: 'instant?',
      requested_scope: 'text',
      granted_scope: 'text',
      requested_audience: 'text',
      granted_audience: 'text',
      session: 'text',
      code_expires_at: 'instant?',
      code_redeemed_at: 'instant?',
      tokens_revoked_at: 'instant?',
      purge_at: 'instant?',
    },
    indexes: [
      ['client_id', 'subject', 'requested_at'],
      ['subject', 'handled_at', 'id'],
      ['login_session_id'],
      ['purge_at'],
    ],
  },
  {
    name: 'chains',
    use: 'hot',
    key: ['id'],
    columns: {
      id: 'text',
      grant_id: 'text',
      generation: 'count',
      first_used_at: 'instant?',
      used_times: 'count',
      expires_at: 'instant?',
      purge_at: 'instant?',
      purge_hour: 'instant?',
    },
    indexes: [['grant_id'], ['purge_hour']],
    parent: { column: 'grant_id', table: 'grants', key: 'id' },
  },
  {
    name: 'login_sessions',
    use: 'narrow',
    key: ['id'],
    columns: {
      id: 'text',
      subject: 'text',
      authenticated_at: 'instant',
      remember: 'flag',
      identity_provider_session_id: 'text',
      expires_at: 'instant',
    },
    indexes: [['subject'], ['expires_at']],
  },
  {
    name: 'spent_verifiers',
    use: 'narrow',
    key: ['verifier_id'],
    columns: { verifier_id: 'text', flow_id: 'text', expires_at: 'instant' },
    indexes: [['flow_id'], ['expires_at']],
  },
  {
    name: 'forced_subjects',
    use: 'narrow',
    key: ['client_id', 'subject'],
    columns: { client_id: 'text', subject: 'text', identifier: 'text' },
    indexes: [['client_id', 'identifier']],
  },
  {
    name: 'parked_flows',
    use: 'wide',
    key: ['id'],
    columns: { id: 'text', sealed: 'text', expires_at: 'instant' },
    indexes: [['expires_at']],
  },
  {
    name: 'revoked_tokens',
    use: 'narrow',
    key: ['id'],
    columns: { id: 'text', expires_at: 'instant' },
    indexes: [['expires_at']],
  },
  {
    name: 'jtis',
    use: 'narrow',
    key: ['digest'],
    columns: { digest: 'text', expires_at: 'instant' },
    indexes: [['expires_at']],
  },
  {
    name: 'keys',
    use: 'wide',
    key: ['key_set', 'kid'],
    columns: {
      key_set: 'text',
      kid: 'text',
      sealed_jwk: 'text',
      created_at: 'instant',
      sorted_at: 'instant',
      position: 'instant',
    },
    indexes: [],
  },
  {
    name: 'accounts',
    use: 'wide',
    key: ['id'],
    columns: {
      id: 'text',
      email: 'text',
      email_key: 'text',
      name: 'text',
      password_hash: 'text',
      created_at: 'instant',
      updated_at: 'instant',
      disabled_at: 'instant?',
    },
    indexes: [],
    unique: [['email_key']],
  },
  {
    name: 'rates',
    use: 'hot',
    key: ['digest'],
    columns: { digest: 'text', hits: 'count', ends_at: 'instant' },
    indexes: [['ends_at']],
  },
  { name: 'epochs', use: 'hot', key: [], columns: { epoch: 'instant' }, indexes: [] },
]

export const initial: Migration = {
  name: '0001-initial',
  statements: (db, dialect) => tables.flatMap((table) => create(db, dialect, table)),
}

function create(db: Kysely<Schema>, dialect: Dialect, table: Table): readonly Buildable<unknown>[] {
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
  ]
}
