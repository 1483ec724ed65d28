import { describe, expect, it } from 'vitest'
import { halves, judgeProcess } from './results.ts'
import type { MemoryFigures, StartFigures } from './results.ts'

function start(name: string, medianMs: number): StartFigures {
  const others = { fastestMs: 1, slowestMs: 9999, cpuMs: undefined, withoutCompiledCodeMs: 9999 }
  return { name, medianMs, ...others }
}

/** The memory of four windows of 250,000 requests. */
function memory(...megabytes: readonly number[]): MemoryFigures {
  const samples = megabytes.map((mb, n) => ({ requests: (n + 1) * 250_000, bytes: mb * 1e6 }))
  return { name: 'SQLite', requests: 1_000_000, seconds: 60, idleBytes: 90e6, samples }
}

const outcome = (...figures: Parameters<typeof judgeProcess>) =>
  judgeProcess(...figures).map(({ isMet }) => isMet)

describe('judgeProcess', () => {
  it('holds the median start of the package to its promise, and promises nothing about the source', () => {
    expect(outcome([start('package', 300), start('source', 600)], [])).toEqual([true])
    expect(outcome([start('package', 301)], [])).toEqual([false])
  })

  it('holds the most memory to its promise, whenever it was', () => {
    expect(outcome([], [memory(100, 150, 120, 120)])).toEqual([true, true])
    expect(outcome([], [memory(100, 151, 120, 120)])).toEqual([false, true])
  })

  it('calls memory that goes on growing not flat', () => {
    expect(outcome([], [memory(90, 100, 105, 111)])).toEqual([true, false])
  })
})

describe('halves', () => {
  it('counts the window that ends in the middle to the first half', () => {
    expect(halves(memory(1, 2, 3, 4))).toEqual([2e6, 4e6])
  })
})
