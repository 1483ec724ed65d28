/** The database, for commands that work on it without a server. */

import { defaultProject } from '../brand.ts'
import type { Storage } from '../storage/storage.ts'
import type { Cli } from './cli.ts'
import { CliError } from './cli.ts'

/** How long a command waits for a database server; a person is waiting too. */
const patienceMilliseconds = 10_000

/** What storage says goes to the standard error, warnings only. */
export function databaseLog(cli: Cli) {
  return {
    info: () => undefined,
    warn: (fields: Readonly<Record<string, unknown>>, message: string) => {
      const { error } = fields
      cli.stderr(`${message}${typeof error === 'string' ? `: ${error}` : ''}\n`)
    },
  }
}

/** What a migration command needs to know about the database. */
export function databaseAt(cli: Cli, dsn: string) {
  return { dsn, log: databaseLog(cli), patienceMilliseconds }
}

/**
 * Runs `use` on an open storage and closes it.
 * @throws CliError when migrations are pending, which say what to run.
 */
export async function withStorage<T>(
  cli: Cli,
  dsn: string,
  use: (storage: Storage) => Promise<T>,
): Promise<T> {
  const { openStorage } = await import('../storage/sql/open.ts')
  const storage = await openStorage({ ...databaseAt(cli, dsn), projectId: defaultProject })
  try {
    const pending = await storage.pendingMigrations()
    if (pending.length > 0) throw new CliError(pendingMigrations)
    return await use(storage)
  } finally {
    await storage.close()
  }
}

const pendingMigrations =
  'The database lacks migrations of this version. Run firebrand migrate up with the same configuration.'
