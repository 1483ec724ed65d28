import { processBudgets } from '../budgets.ts'
import type { Results } from '../results.ts'

/** How long one way to start Firebrand takes until it is ready. */
export interface StartFigures {
  readonly name: string
  readonly medianMs: number
  readonly fastestMs: number
  readonly slowestMs: number
  /** Of all threads of the process. */
  readonly cpuMs: number | undefined
  /** The median of starts that find no compiled code of an earlier one. */
  readonly withoutCompiledCodeMs: number
}

/** The most resident memory that was seen in five seconds, after which so many requests had been answered. */
export interface MemorySample {
  readonly requests: number
  readonly bytes: number
}

/** Resident memory of one process under load. */
export interface MemoryFigures {
  readonly name: string
  readonly requests: number
  readonly seconds: number
  /** Before the first request. */
  readonly idleBytes: number
  readonly samples: readonly MemorySample[]
}

/** A promise, what was measured, and whether it was kept. */
export interface ProcessVerdict {
  readonly name: string
  readonly promised: string
  readonly got: string
  readonly isMet: boolean
}

/** What a run with `--start` or `--memory` writes to its JSON file. */
export interface ProcessResults extends Pick<Results, 'startedAt' | 'seconds' | 'machine'> {
  readonly notes: readonly string[]
  readonly starts: readonly StartFigures[]
  readonly memory: readonly MemoryFigures[]
  readonly verdicts: readonly ProcessVerdict[]
}

/** The most memory that was seen in each half of the requests. */
export function halves({ samples, requests }: MemoryFigures): readonly [number, number] {
  const half = requests / 2
  const most = (part: readonly MemorySample[]): number => Math.max(...part.map((s) => s.bytes))
  return [
    most(samples.filter((sample) => sample.requests <= half)),
    most(samples.filter((sample) => sample.requests > half)),
  ]
}

/** Checks the promises. The one about the start is about the package, which is what operators run. */
export function judgeProcess(
  starts: readonly StartFigures[],
  memory: readonly MemoryFigures[],
): readonly ProcessVerdict[] {
  const { startMs, memoryBytes, growth } = processBudgets
  return [
    ...starts
      .filter(({ name }) => name === 'package')
      .map(({ name, medianMs }) => ({
        name: `start, ${name}`,
        promised: `≤ ${startMs} ms`,
        got: `${Math.round(medianMs)} ms`,
        isMet: medianMs <= startMs,
      })),
    ...memory.flatMap((figures) => {
      const [first, second] = halves(figures)
      const most = Math.max(first, second)
      return [
        {
          name: `memory, ${figures.name}`,
          promised: `≤ ${megabytes(memoryBytes)}`,
          got: megabytes(most),
          isMet: most <= memoryBytes,
        },
        {
          name: `memory is flat, ${figures.name}`,
          promised: `second half ≤ ${growth} × the first`,
          got: `${megabytes(second)} after ${megabytes(first)}`,
          isMet: second <= growth * first,
        },
      ]
    }),
  ]
}

/** In units of a million bytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}
