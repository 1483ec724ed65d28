/** Many requests share one statement or one transaction, and none of them can tell. */

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '../../../../test/support/postgres.ts'
import { UniqueViolation, type Engine } from '../engine.ts'
import { openEngine } from '../open.ts'
import { lookUp, query } from '../statement.ts'

const log = { info() {}, warn() {} }

const create = query(() => sql`create table words (word text primary key, n bigint, other text)`)
const clear = query(() => sql`delete from words`)
const insert = query(
  (_db, p: { word: string; n: number | null }) =>
    sql`insert into words (word, n) values (${p.word}, ${p.n})`,
)
const take = query(
  (_db, p: { word: string; by: string }) =>
    sql`update words set other = ${p.by} where word = ${p.word} and other is null`,
)
const count = query(
  () => sql<{ rows: number; transactions: number }>`
    select count(*) as rows, count(distinct xmin::text) as transactions from words`,
)
const find = lookUp(
  (_db, p: { word: string }) =>
    sql<{ word: string; n: number }>`select word, n from words where word = ${p.word}`,
)
const findNextTo = lookUp(
  (_db, p: { word: string; n: number }) => sql<{ word: string }>`
    select word from words where word <> ${p.word} and n between ${p.n} - 1 and ${p.n} + 1
    order by word limit ${sql.val(2)}`,
)
const divide = lookUp(
  (_db, p: { by: number }) => sql<{ quotient: number }>`select 12 / ${p.by}::bigint as quotient`,
)

describe('batches on PostgreSQL', () => {
  let database: FreshDatabase
  let engine: Engine

  beforeAll(async () => {
    database = await freshDatabase()
    engine = await openEngine({ dsn: `${database.dsn}?max_conns=4`, log })
    await engine.write(create({}))
  })
  beforeEach(async () => {
    await engine.write(clear({}))
  })
  afterAll(async () => {
    await engine.close()
    await database.drop()
  })

  /** Texts that mean something in arrays, literals or protocols. */
  const odd = [
    '',
    'NULL',
    'null',
    '{}',
    '{"a","b"}',
    'a,b',
    '"',
    '\\',
    '\\"',
    "'; drop table words --",
    '$1',
    ' ',
    '\n',
    '\u0000',
    '\\u0000',
    'é',
    '🔥',
  ]

  it('gives every look-up its own rows', async () => {
    for (const [n, word] of odd.entries()) await engine.write(insert({ word, n }))
    const asked = [...odd, 'missing', ...odd.toReversed(), 'x'.repeat(10_000)]
    const found = await Promise.all(asked.map((word) => engine.read(find({ word }))))
    expect(found.map((rows) => rows.map(({ word, n }) => [word, n]))).toEqual(
      asked.map((word) => (odd.includes(word) ? [[word, odd.indexOf(word)]] : [])),
    )
  })

  it('keeps order and limit of each, and takes constants and numbers', async () => {
    for (let n = 0; n < 10; n++) await engine.write(insert({ word: `w${n}`, n }))
    const found = await Promise.all(
      Array.from({ length: 10 }, (_none, n) => engine.read(findNextTo({ word: `w${n}`, n }))),
    )
    expect(found.map((rows) => rows.map(({ word }) => word).join())).toEqual(
      Array.from({ length: 10 }, (_none, n) =>
        [n - 1, n + 1]
          .filter((it) => it >= 0 && it < 10)
          .map((it) => `w${it}`)
          .join(),
      ),
    )
  })

  it('fails the look-up that cannot be answered, and no other', async () => {
    const asked = [1, 2, 0, 3, 4]
    const answers = await Promise.allSettled(asked.map((by) => engine.read(divide({ by }))))
    expect(
      answers.map((it) =>
        it.status === 'fulfilled' ? it.value.map(({ quotient }) => quotient) : 'failed',
      ),
    ).toEqual([[12], [6], 'failed', [4], [3]])
  })

  it('commits the writes of many together', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_none, n) => engine.write(insert({ word: `w${n}`, n }))),
    )
    expect(outcomes.every(({ changes }) => changes === 1)).toBe(true)
    const [row] = await engine.read(count({}))
    expect(row?.rows).toBe(100)
    expect(row?.transactions).toBeLessThan(10)
  })

  it('lets one of many win what only one can have', async () => {
    await engine.write(insert({ word: 'it', n: 1 }))
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_none, n) => engine.write(take({ word: 'it', by: `w${n}` }))),
    )
    expect(outcomes.reduce((sum, { changes }) => sum + changes, 0)).toBe(1)
  })

  it('fails the write that breaks a rule, and no other', async () => {
    const words = ['a', 'b', 'a', 'c']
    const outcomes = await Promise.allSettled(
      words.map((word, n) => engine.write(insert({ word, n }))),
    )
    const failed = outcomes.filter((it) => it.status === 'rejected')
    expect(failed).toHaveLength(1)
    expect(failed[0]?.reason).toBeInstanceOf(UniqueViolation)
    expect((await engine.read(count({})))[0]?.rows).toBe(3)
  })

  it('undoes statements that belong together when one of them fails', async () => {
    const both = (word: string) =>
      engine.writeAll([insert({ word: `${word}1`, n: 1 }), insert({ word, n: 2 })])
    await engine.write(insert({ word: 'b', n: 0 }))
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(both))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await engine.read(find({ word: 'b1' }))).toEqual([])
    expect((await engine.read(count({})))[0]?.rows).toBe(5)
  })
})
