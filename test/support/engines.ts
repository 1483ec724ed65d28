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

interface Kind {
  readonly title: string
  readonly engine: Engine['name']
  readonly create: () => Promise<Database>
}

const engines: readonly Kind[] = [
  { title: 'sqlite', engine: 'sqlite', create: sqliteFile },
  { title: 'postgres', engine: 'postgres', create: freshDatabase },
]

/** Every transaction of its sessions is serializable, as CockroachDB's are. */
const serializable: Kind = {
  title: 'postgres at SERIALIZABLE',
  engine: 'postgres',
  async create() {
    const database = await freshDatabase()
    const options = encodeURIComponent('-c default_transaction_isolation=serializable')
    return { dsn: `${database.dsn}?options=${options}`, drop: () => database.drop() }
  },
}

/** Runs `suite` once for each engine, each time over an empty database that is deleted at the end. */
export function describeEachEngine(name: string, suite: (engine: Engine) => void): void {
  describeEach(engines, name, suite)
}

/** {@link describeEachEngine}, and once more on a PostgreSQL that refuses what it cannot serialize (SQLSTATE 40001). */
export function describeEachIsolation(name: string, suite: (engine: Engine) => void): void {
  describeEach([...engines, serializable], name, suite)
}

function describeEach(kinds: readonly Kind[], name: string, suite: (engine: Engine) => void): void {
  describe.each(kinds)(`${name} ($title)`, ({ engine, create }) => {
    let database: Database | undefined
    beforeAll(async () => {
      database = await create()
    })
    afterAll(async () => {
      await database?.drop()
    })
    suite({
      name: engine,
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
