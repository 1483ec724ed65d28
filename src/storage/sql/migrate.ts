/** What `firebrand migrate` does with a DSN. */

import type { Engine } from './engine.ts'
import { applyMigrations, readPlan, readStatus, type MigrationStatus } from './migrator.ts'
import { openEngine, reach, type OpenOptions } from './open.ts'

type Target = Pick<OpenOptions, 'dsn' | 'log' | 'patienceMilliseconds'>

/** Applies what is pending, all or nothing, and answers the names. Safe to run from several places at once. */
export function migrateUp(target: Target): Promise<readonly string[]> {
  return withEngine(target, applyMigrations)
}

/** Every migration that this version knows, in order, with the time it was applied. */
export function migrationStatus(target: Target): Promise<readonly MigrationStatus[]> {
  return withEngine(target, readStatus)
}

/** The SQL that {@link migrateUp} would run now; `''` when nothing is pending. */
export function migrationPlan(target: Target): Promise<string> {
  return withEngine(target, readPlan)
}

async function withEngine<T>(target: Target, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEngine(target)
  try {
    await reach(engine, target)
    return await use(engine)
  } finally {
    await engine.close()
  }
}
