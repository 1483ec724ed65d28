/** Back-channel logout tokens that wait for delivery. */

import type { Migration } from './migration.ts'
import { createTable } from './create-table.ts'

/** Creates the queue of back-channel logout notifications. */
export const logoutNotifications: Migration = {
  name: '0002-logout-notifications',
  statements: (db, dialect) =>
    createTable(db, dialect, {
      name: 'logout_notifications',
      use: 'narrow',
      key: ['id'],
      columns: {
        id: 'text',
        client_id: 'text',
        sid: 'text',
        created_at: 'instant',
        attempts: 'count',
        next_attempt_at: 'instant?',
        last_error: 'text',
        purge_at: 'instant',
      },
      indexes: [['next_attempt_at'], ['purge_at']],
    }),
}
