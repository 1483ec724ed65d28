/** The first schema. Every key and index starts with the project. */

import { sql, type SqlBool } from 'kysely'
import type { Migration } from './migration.ts'
import { createTable, type Table } from './create-table.ts'

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
    // A column of random values costs a page for every insert, one that grows does not.
    indexes: [['client_id'], ['subject', 'skip', 'handled_at', 'id'], ['purge_at']],
    partial: [
      {
        on: ['client_id', 'subject', 'requested_at'],
        where: sql<SqlBool>`remember = 1 and skip = 0`,
      },
      { on: ['login_session_id'], where: sql<SqlBool>`login_session_id is not null` },
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
    // A verifier belongs to one flow; so the key answers for the flow, too.
    key: ['flow_id', 'verifier_id'],
    columns: { flow_id: 'text', verifier_id: 'text', expires_at: 'instant' },
    indexes: [['expires_at']],
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

/** Creates the tables of the first release. */
export const initial: Migration = {
  name: '0001-initial',
  statements: (db, dialect) => tables.flatMap((table) => createTable(db, dialect, table)),
}
