import { describe, expect, it } from 'vitest'
import { instant } from '../brand.ts'
import type { Storage } from '../storage/storage.ts'
import { startJanitor } from './janitor.ts'

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

describe('the janitor', () => {
  it('removes batch after batch until one is not full', async () => {
    const { rounds, calls, finished } = janitor([10, 10, 3])
    await finished
    await rounds.stop()
    const call = { now: 42, limit: 10 }
    expect(calls.slice(0, 3)).toEqual([call, call, call])
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
