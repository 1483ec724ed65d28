/** What a login finds remembered, beside the verifier that it spends: one statement answers both. */

import type { Migration } from './migration.ts'

/** Adds the scope of a remembered consent to spent verifiers. */
export const rememberedScope: Migration = {
  name: '0008-remembered-scope',
  statements: (db, dialect) => [
    db.schema.alterTable('spent_verifiers').addColumn('remembered_scope', dialect.text),
  ],
}
