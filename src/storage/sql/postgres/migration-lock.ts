import { sql } from 'kysely'
import { change, rows, type Unit } from '../engine.ts'
import { query } from '../statement.ts'

const createLock = query(
  () => sql`create table if not exists firebrand_migration_lock (id integer primary key)`,
)
const insertLock = query(
  () => sql`insert into firebrand_migration_lock (id) values (1) on conflict (id) do nothing`,
)
const takeLock = query(() => sql`select id from firebrand_migration_lock where id = 1 for update`)

/** Makes the unit wait for every other that holds the lock; a row, since not every engine has advisory locks. */
export function* acquireMigrationLock(): Unit<void> {
  yield* change(createLock({}))
  yield* change(insertLock({}))
  yield* rows(takeLock({}))
}
