/** What the built-in users are called, where they live, and the rest of their standard claims. */

import type { Migration } from './migration.ts'

/** Adds the sealed profile to accounts. */
export const accountProfiles: Migration = {
  name: '0005-account-profiles',
  statements: (db, dialect) => [
    db.schema
      .alterTable('accounts')
      .addColumn('sealed_profile', dialect.text, (column) => column.notNull().defaultTo('')),
  ],
}
