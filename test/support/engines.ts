import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { freshDatabase } from './postgres.ts'

/** A database engine that a suite runs over. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres'
  /** DSN of an empty database of the suite; known inside hooks and tests only, throws outside. */
  readonly dsn: string
}

interface Database {
  readonly dsn: string
  drop(): Promise<void>
}

const engines: Readonly<Record<Engine['name'], () => Promise<Database>>> = {
  sqlite: sqliteFile,
  postgres: freshDatabase,
}

/** Runs `suite` once for each engine, each time over an empty database that is deleted at the end. */
export function describeEachEngine(name: string, suite: (engine: Engine) => void): void {
  describe.each(Object.entries(engines))(`${name} (%s)`, (engine, create) => {
    let database: Database | undefined
    beforeAll(async () => {
      database = await create()
    })
    afterAll(async () => {
      await database?.drop()
    })
    suite({
      name: engine as Engine['name'],
      get dsn() {
        if (database === undefined)
          throw new Error('The database exists only while the suite runs.')
        return database.dsn
      },
    })
  })
}

async function sqliteFile(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'firebrand-sqlite-'))
  return {
    dsn: `sqlite://${join(folder, 'firebrand.sqlite')}`,
    drop: () => rm(folder, { recursive: true, force: true }),
  }
}
