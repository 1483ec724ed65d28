/** Whose write a redemption or a rotation was, for those whose commit was never answered. */

import type { Migration } from './migration.ts'

/** Adds the attempt that redeemed a code or moved a chain on. */
export const attempts: Migration = {
  name: '0006-attempts',
  statements: (db, dialect) => [
    db.schema.alterTable('grants').addColumn('redeemed_by', dialect.text),
    db.schema.alterTable('chains').addColumn('rotated_by', dialect.text),
  ],
}
