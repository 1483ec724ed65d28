import type { Load, LoadTimes } from '../load/run.ts'
import type { EventLoopDelay } from './event-loop.ts'
import type { ServerUnderTest } from '../servers/server.ts'
import { Counters } from './counters.ts'

/** What one round of one case on one server gave. Shares are of one core. */
export interface Round {
  readonly opsPerSecond: number
  readonly operations: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly bytesPerOperation: number
  readonly serverCpuMsPerThousand: number | undefined
  readonly serverShare: number | undefined
  readonly databaseShare: number | undefined
  readonly generatorShare: number
  /** What other programs took, of all cores together. */
  readonly otherShare: number | undefined
  /** Of the server; `undefined` for one that this run has not started. */
  readonly eventLoopDelay: EventLoopDelay | undefined
  readonly rssBytes: number | undefined
}

/** Runs one round: a warm-up, then the measured window with the counters read at both ends. */
export async function runRound(
  load: Load,
  server: ServerUnderTest,
  times: LoadTimes,
): Promise<Round> {
  const counters = new Counters(server)
  const window = await load.run(times, counters.hooks)
  if (window.operations === 0) throw new Error('no operation ended in the measured window')
  const { serverMs, databaseMs, otherMs, rssBytes, eventLoopDelay } = await counters.used()
  const wallMs = window.seconds * 1000
  return {
    opsPerSecond: window.operations / window.seconds,
    operations: window.operations,
    p50Ms: percentile(window.latencies, 0.5),
    p99Ms: percentile(window.latencies, 0.99),
    bytesPerOperation: window.bytes / window.operations,
    serverCpuMsPerThousand: maybe(serverMs, (ms) => (ms / window.operations) * 1000),
    serverShare: maybe(serverMs, (ms) => ms / wallMs),
    databaseShare: maybe(databaseMs, (ms) => ms / wallMs),
    generatorShare: window.busyShare,
    otherShare: maybe(otherMs, (ms) => ms / wallMs),
    eventLoopDelay,
    rssBytes,
  }
}

/** The median of every figure over the rounds; the memory is that of the last round. */
export function summarize(rounds: readonly Round[]): Round & { spread: number } {
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick))
  const maybe = (pick: (round: Round) => number | undefined): number | undefined => {
    const values = rounds.map(pick).filter((value) => value !== undefined)
    return values.length === 0 ? undefined : median(values)
  }
  const rates = rounds.map((round) => round.opsPerSecond)
  return {
    opsPerSecond: median(rates),
    operations: rounds.reduce((sum, round) => sum + round.operations, 0),
    p50Ms: of((round) => round.p50Ms),
    p99Ms: of((round) => round.p99Ms),
    bytesPerOperation: of((round) => round.bytesPerOperation),
    serverCpuMsPerThousand: maybe((round) => round.serverCpuMsPerThousand),
    serverShare: maybe((round) => round.serverShare),
    databaseShare: maybe((round) => round.databaseShare),
    generatorShare: of((round) => round.generatorShare),
    otherShare: maybe((round) => round.otherShare),
    eventLoopDelay: summarizeDelays(rounds),
    rssBytes: rounds.at(-1)?.rssBytes,
    spread: (Math.max(...rates) - Math.min(...rates)) / median(rates),
  }
}

/** Medians; the longest delay is that of all rounds. */
function summarizeDelays(rounds: readonly Round[]): EventLoopDelay | undefined {
  const delays = rounds.flatMap(({ eventLoopDelay }) => eventLoopDelay ?? [])
  if (delays.length === 0) return undefined
  return {
    p50Ms: median(delays.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(delays.map(({ p99Ms }) => p99Ms)),
    maxMs: Math.max(...delays.map(({ maxMs }) => maxMs)),
  }
}

export type Summary = ReturnType<typeof summarize>

/** What keeps a cell from going faster, as far as CPU shares can tell. */
export function limitOf(summary: Summary): 'server' | 'generator' | 'database' | 'waiting' | '?' {
  const { serverShare, databaseShare = 0, generatorShare } = summary
  if (serverShare === undefined) return '?'
  if (serverShare >= 0.9) return 'server'
  if (generatorShare + databaseShare < 0.9) return 'waiting'
  return databaseShare > generatorShare ? 'database' : 'generator'
}

function maybe<T>(value: T | undefined, of: (value: T) => T): T | undefined {
  return value === undefined ? undefined : of(value)
}

/** @param sorted ascending, and not empty. */
export function percentile(sorted: Float64Array, share: number): number {
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share))
  return sorted[index] ?? Number.NaN
}

/** The middle value; the mean of two for an even number of them. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}
