/** Clients found by their name or owner, page by page, however many there are. */

import type { Migration } from './migration.ts'

/** Indexes the clients by name and by owner, each in the order of pages. */
export const clientSearch: Migration = {
  name: '0007-client-search',
  statements: (db) =>
    ['client_name', 'owner'].map((column) =>
      db.schema
        .createIndex(`clients_${column}_client_id`)
        .on('clients')
        .columns(['project_id', column, 'client_id']),
    ),
}
