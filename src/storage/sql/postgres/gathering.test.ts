import { describe, expect, it } from 'vitest'
import { Gathering } from './gathering.ts'

/** A gathering whose batches end when they are told to. */
function held(limits: { atOnce: number; largest: number }) {
  const batches: { items: readonly number[]; end: () => void }[] = []
  const hold = (items: readonly number[]) =>
    new Promise<readonly number[]>((resolve) =>
      batches.push({ items, end: () => resolve(items.map((item) => 10 * item)) }),
    )
  const gathering = new Gathering<number, number | undefined>(
    { one: async (item) => (await hold([item]))[0], many: hold, isSeparable: () => false },
    limits,
  )
  return { gathering, batches, began: () => batches.map(({ items }) => items) }
}

const turn = () => new Promise(setImmediate)

describe('Gathering', () => {
  it('runs what comes in one turn of the event loop together', async () => {
    const { gathering, began } = held({ atOnce: 2, largest: 10 })
    for (const item of [1, 2, 3]) void gathering.add(item)
    expect(began()).toEqual([])
    await turn()
    expect(began()).toEqual([[1, 2, 3]])
  })

  it('begins another batch while one is running, and gathers beyond', async () => {
    const { gathering, batches, began } = held({ atOnce: 2, largest: 10 })
    for (const item of [1, 2, 3, 4]) {
      void gathering.add(item)
      await turn()
    }
    expect(began()).toEqual([[1], [2]])
    batches[0]?.end()
    await turn()
    expect(began()).toEqual([[1], [2], [3, 4]])
  })

  it('hands to each what came of its input', async () => {
    const { gathering, batches } = held({ atOnce: 2, largest: 10 })
    const outputs = Promise.all([1, 2, 3].map((item) => gathering.add(item)))
    await turn()
    for (const { end } of batches) end()
    expect(await outputs).toEqual([10, 20, 30])
  })

  it('does each by itself when the failure of all may be that of one, and else fails all', async () => {
    for (const isSeparable of [true, false]) {
      const gathering = new Gathering<number, number>({
        async one(item) {
          if (item === 2) throw new Error('two')
          return item
        },
        many: () => Promise.reject(new Error('all')),
        isSeparable: () => isSeparable,
      })
      const outcomes = await Promise.allSettled([1, 2, 3].map((item) => gathering.add(item)))
      const told = outcomes.map((it) =>
        it.status === 'fulfilled' ? it.value : (it.reason as Error).message,
      )
      expect(told).toEqual(isSeparable ? [1, 'two', 3] : ['all', 'all', 'all'])
    }
  })

  it('splits what is more than a batch holds', async () => {
    const { gathering, batches, began } = held({ atOnce: 1, largest: 2 })
    for (const item of [1, 2, 3]) void gathering.add(item)
    await turn()
    expect(began()).toEqual([[1, 2]])
    batches[0]?.end()
    await turn()
    expect(began()).toEqual([[1, 2], [3]])
  })
})
