/** The lock of migrations: a row of a table of its own, since not every engine has advisory locks. */

import { sql } from 'kysely'
import { query, type Statement } from '../statement.ts'
import { lostCreation } from './errors.ts'

const createLock = query(
  () => sql`create table if not exists firebrand_migration_lock (id integer primary key)`,
)
const insertLock = query(
  () => sql`insert into firebrand_migration_lock (id) values (1) on conflict (id) do nothing`,
)
const takeLock = query(() => sql`select id from firebrand_migration_lock where id = 1 for update`)

/**
 * Makes sure that the lock exists.
 *
 * @param run executes one statement in a transaction of its own.
 */
export async function provideMigrationLock(
  run: (statement: Statement<unknown>) => Promise<unknown>,
): Promise<void> {
  try {
    await run(createLock({}))
  } catch (error) {
    if (!lostCreation(error)) throw error
  }
  await run(insertLock({}))
}

/** Makes its transaction wait for every other that holds the lock. */
export function lockMigrations(): Statement<unknown> {
  return takeLock({})
}
