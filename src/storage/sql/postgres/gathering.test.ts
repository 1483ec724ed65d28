import { describe, expect, it } from 'vitest'
import { Gathering } from './gathering.ts'

/** A gathering whose batches end when they are told to. */
function held(limits: { atOnce: number; largest: number }) {
  const batches: { items: readonly number[]; end: () => void }[] = []
  const gathering = new Gathering<number>(
    (items) => new Promise((resolve) => batches.push({ items, end: resolve })),
    limits,
  )
  return { gathering, batches, began: () => batches.map(({ items }) => items) }
}

const turn = () => new Promise(setImmediate)

describe('Gathering', () => {
  it('runs what comes in one turn of the event loop together', async () => {
    const { gathering, began } = held({ atOnce: 2, largest: 10 })
    for (const item of [1, 2, 3]) gathering.add(item)
    expect(began()).toEqual([])
    await turn()
    expect(began()).toEqual([[1, 2, 3]])
  })

  it('begins another batch while one is running, and gathers beyond', async () => {
    const { gathering, batches, began } = held({ atOnce: 2, largest: 10 })
    for (const item of [1, 2, 3, 4]) {
      gathering.add(item)
      await turn()
    }
    expect(began()).toEqual([[1], [2]])
    batches[0]?.end()
    await turn()
    expect(began()).toEqual([[1], [2], [3, 4]])
  })

  it('splits what is more than a batch holds', async () => {
    const { gathering, batches, began } = held({ atOnce: 1, largest: 2 })
    for (const item of [1, 2, 3]) gathering.add(item)
    await turn()
    expect(began()).toEqual([[1, 2]])
    batches[0]?.end()
    await turn()
    expect(began()).toEqual([[1, 2], [3]])
  })
})
