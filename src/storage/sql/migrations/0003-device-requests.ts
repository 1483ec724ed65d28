/** Requests of devices that wait for an end user (RFC 8628). */

import type { Migration } from './migration.ts'
import { createTable } from './create-table.ts'

/** Creates the table of device authorization requests. */
export const deviceRequests: Migration = {
  name: '0003-device-requests',
  statements: (db, dialect) =>
    createTable(db, dialect, {
      name: 'device_requests',
      use: 'hot',
      key: ['id'],
      columns: {
        id: 'text',
        user_code_hash: 'text',
        client_id: 'text',
        requested_scope: 'text',
        requested_audience: 'text',
        requested_at: 'instant',
        expires_at: 'instant',
        interval_ms: 'count',
        next_poll_at: 'instant',
        polled_too_fast: 'flag',
        state: 'text',
        challenge_id: 'text?',
        purge_at: 'instant',
      },
      indexes: [['client_id'], ['purge_at']],
      unique: [['user_code_hash'], ['challenge_id']],
    }),
}
