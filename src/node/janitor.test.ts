import { afterEach, describe, expect, it } from 'vitest'
import { instant } from '../brand.ts'
import type { Storage } from '../storage/storage.ts'
import { startJanitor } from './janitor.ts'
import type { Rounds } from './rounds.ts'

function janitor(counts: (number | Error)[], batch = 10) {
  const calls: { now: number; limit: number }[] = []
  const warnings: string[] = []
  let done: (() => void) | undefined
  const finished = new Promise<void>((resolve) => {
    done = resolve
  })
  const storage = {
    async purgeExpired(now: number, limit: number) {
      calls.push({ now, limit })
      const next = counts.shift()
      if (counts.length === 0) done?.()
      if (next instanceof Error) throw next
      return next ?? 0
    },
  } as unknown as Storage
  const log = {
    debug() {},
    info() {},
    warn: (_: object, message: string) => warnings.push(message),
    error() {},
  }
  const rounds = startJanitor(
    { storage, clock: () => instant(42), log },
    { intervalMilliseconds: 1, batch },
  )
  return { rounds, calls, warnings, finished }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

describe('the janitor', () => {
  let rounds: Rounds | undefined
  afterEach(() => rounds?.stop())

  it('removes batch after batch until one is not full', async () => {
    const { rounds, calls, finished } = janitor([10, 10, 3])
    await finished
    await rounds.stop()
    const call = { now: 42, limit: 10 }
    expect(calls.slice(0, 3)).toEqual([call, call, call])
  })

  it('sizes its slices by what there is to do: a backlog makes them grow, and none of them passes the batch', async () => {
    const limits: number[] = []
    let backlog = 8_000
    const drained = new Promise<void>((resolve) => {
      const storage = {
        async purgeExpired(_now: number, limit: number) {
          limits.push(limit)
          const count = Math.min(backlog, limit)
          backlog -= count
          if (backlog === 0) resolve()
          return count
        },
      } as unknown as Storage
      rounds = startJanitor(
        { storage, clock: () => instant(42), log: silent },
        { intervalMilliseconds: 1, batch: 300 },
      )
    })
    await drained
    const growing = [...new Set(limits)]
    expect(growing).toEqual([50, 100, 200, 300].slice(0, growing.length))
    expect(growing.length).toBeGreaterThan(1)
    // Nothing is left: the next runs go back to small slices.
    const isSmall = (): boolean => limits.at(-1) === 50
    while (!isSmall()) await new Promise((resolve) => setTimeout(resolve, 10))
  })

  it('goes on after an outage of the database', async () => {
    const { rounds, calls, warnings, finished } = janitor([new Error('down'), 0])
    await finished
    await rounds.stop()
    expect(calls.length).toBeGreaterThanOrEqual(2)
    expect(warnings).toHaveLength(1)
  })

  it('stops at once, and for good', async () => {
    const { rounds, calls } = janitor([])
    await rounds.stop()
    const count = calls.length
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(calls).toHaveLength(count)
  })
})
