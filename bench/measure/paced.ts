import type { Load, LoadTimes } from '../load/run.ts'
import type { ServerUnderTest } from '../servers/server.ts'
import { percentile } from './cell.ts'
import { Counters } from './counters.ts'
import type { EventLoopDelay } from './event-loop.ts'

/** The share of the rate of the closed loop at which times are promised. */
export const pacedShare = 0.7

/** What a window gave in which operations were due at fixed times; their time counts from then. */
export interface Paced {
  /** Operations that were due in a second. */
  readonly rate: number
  /** Those that ended, from the beginning of the window to the end of the last one. */
  readonly opsPerSecond: number
  readonly operations: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Of single requests; of the first one of an operation from when that was due. */
  readonly requestP99Ms: number
  /** By how much operations were begun late: the generator's own part of `p99Ms`, and waiting for a connection. */
  readonly startLagP99Ms: number
  readonly serverShare: number | undefined
  readonly databaseShare: number | undefined
  readonly generatorShare: number
  readonly eventLoopDelay: EventLoopDelay | undefined
}

/** Runs one paced window. @param rate operations per second. */
export async function runPaced(
  load: Load,
  server: ServerUnderTest,
  { rate, ...times }: LoadTimes & { readonly rate: number },
): Promise<Paced> {
  const counters = new Counters(server)
  const window = await load.runPaced(times, rate, counters.hooks)
  const { serverMs, databaseMs, eventLoopDelay } = await counters.used()
  const share = (ms: number | undefined): number | undefined =>
    ms === undefined ? undefined : ms / times.windowMs
  return {
    rate,
    opsPerSecond: window.operations / window.seconds,
    operations: window.operations,
    p50Ms: percentile(window.latencies, 0.5),
    p99Ms: percentile(window.latencies, 0.99),
    maxMs: window.latencies.at(-1) ?? Number.NaN,
    requestP99Ms: percentile(window.requestLatencies, 0.99),
    startLagP99Ms: percentile(window.startLags, 0.99),
    serverShare: share(serverMs),
    databaseShare: share(databaseMs),
    generatorShare: window.busyShare,
    eventLoopDelay,
  }
}
