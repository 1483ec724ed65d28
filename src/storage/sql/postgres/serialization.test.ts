import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '../../../../test/support/postgres.ts'
import { change, first, type Engine, type Unit } from '../engine.ts'
import { openEngine } from '../open.ts'
import { query } from '../statement.ts'

const log = { info() {}, warn() {} }
const create = query(() => sql`create table counters (id integer primary key, n integer not null)`)
const insert = query(() => sql`insert into counters values (1, 0)`)
const look = query(() => sql<{ n: number }>`select n from counters where id = 1`)
const set = query((_db, p: { n: number }) => sql`update counters set n = ${p.n} where id = 1`)

let runs = 0

/** Reads and writes what it computed: without serialization some of them are lost. */
function* increment(): Unit<void> {
  runs += 1
  const row = yield* first(look({}))
  yield* change(set({ n: (row?.n ?? 0) + 1 }))
}

describe('units on PostgreSQL at SERIALIZABLE', () => {
  let database: FreshDatabase
  let engine: Engine

  beforeAll(async () => {
    database = await freshDatabase()
    const options = encodeURIComponent('-c default_transaction_isolation=serializable')
    engine = await openEngine({ dsn: `${database.dsn}?max_conns=6&options=${options}`, log })
    await engine.write(create({}))
    await engine.write(insert({}))
  })
  afterAll(async () => {
    await engine.close()
    await database.drop()
  })

  it('run again when the server refuses to serialize them, and lose nothing', async () => {
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 4 }, () => engine.transact(increment)))
    }
    const [row] = await engine.read(look({}))
    expect(row?.n).toBe(40)
    expect(runs).toBeGreaterThan(40)
  })
})
