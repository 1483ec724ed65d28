/** Issuers whose assertions are exchanged for tokens. */

import type { Migration } from './migration.ts'
import { createTable } from './create-table.ts'

/** Creates the table of issuers whose assertions are trusted. */
export const trustedIssuers: Migration = {
  name: '0004-trusted-issuers',
  statements: (db, dialect) =>
    createTable(db, dialect, {
      name: 'trusted_issuers',
      use: 'wide',
      key: ['id'],
      columns: {
        id: 'text',
        issuer: 'text',
        subject: 'text',
        allow_any_subject: 'flag',
        scope: 'text',
        kid: 'text',
        public_jwk: 'text',
        key_digest: 'text',
        trust_digest: 'text',
        created_at: 'instant',
        expires_at: 'instant',
      },
      indexes: [['issuer', 'id'], ['key_digest'], ['expires_at']],
      unique: [['trust_digest']],
    }),
}
