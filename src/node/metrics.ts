/**
 * Metrics of requests under the names of the Ory OAuth2 API's reference, and of the process.
 *
 * A request only adds to plain numbers; text is made when somebody asks for it.
 */

import type { ObservedExchange, RequestObserver } from '../http/observe.ts'
import type { Renderer } from './prometheus.ts'
import { seriesKey, type Distribution, type Series, type SeriesTable } from './series.ts'

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const bytesBuckets = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576]

/** What one process has counted so far, in a form that passes between processes. */
export interface MetricsSnapshot {
  readonly series: readonly Series[]
  readonly refusals: Refusals
  /** Metrics of the process itself, as the library writes them in JSON. */
  readonly process: readonly object[]
}

/** Metrics of one process. */
export interface ProcessMetrics {
  readonly observe: RequestObserver
  /** The text format of Prometheus, of this process and its peers. */
  text(): Promise<string>
  /** Of this process alone. */
  snapshot(): Promise<MetricsSnapshot>
}

/** Refusals of rate limits, by limit. */
export type Refusals = ReadonlyMap<string, number>

/** What is told besides the requests of this process. */
export interface MetricsSources {
  readonly refusals?: () => Refusals
  /** What the other processes of this server have counted. */
  readonly peers?: (() => Promise<readonly MetricsSnapshot[]>) | undefined
}

/** Starts counting. The process itself is watched from the first time that somebody asks. */
export function createMetrics({ refusals, peers }: MetricsSources = {}): ProcessMetrics {
  const series: SeriesTable = new Map()
  let loading: Promise<Renderer> | undefined
  // Loaded when it is needed: the library would slow every start.
  const renderer = () =>
    (loading ??= import('./prometheus.ts').then((module) => module.prometheus()))

  async function snapshot(): Promise<MetricsSnapshot> {
    const process = await (await renderer()).processMetrics()
    return {
      series: [...series.values()],
      refusals: refusals?.() ?? new Map(),
      process,
    }
  }

  return {
    observe(exchange) {
      const method = knownMethod(exchange.request.method)
      const key = seriesKey(method, exchange.status, exchange.route)
      let entry = series.get(key)
      if (entry === undefined) {
        entry = newSeries(method, exchange)
        series.set(key, entry)
      }
      add(entry.duration, exchange.milliseconds / 1000)
      add(entry.responseSize, exchange.responseBytes)
      add(entry.requestSize, Number(exchange.request.headers.get('content-length') ?? 0) || 0)
    },
    async text() {
      const snapshots = [await snapshot(), ...((await peers?.()) ?? [])]
      return (await renderer()).render(snapshots)
    },
    snapshot,
  }
}

function newSeries(method: string, { status, route }: ObservedExchange): Series {
  return {
    method,
    code: String(status),
    endpoint: route,
    duration: newDistribution(secondsBuckets),
    responseSize: newDistribution(bytesBuckets),
    requestSize: newDistribution(bytesBuckets),
  }
}

function newDistribution(bounds: readonly number[]): Distribution {
  return { bounds, counts: new Float64Array(bounds.length + 1), sum: 0 }
}

function add(distribution: Distribution, value: number): void {
  const { bounds, counts } = distribution
  let at = 0
  while (at < bounds.length && value > (bounds[at] ?? Infinity)) at += 1
  counts[at] = (counts[at] ?? 0) + 1
  distribution.sum += value
}

/** A sender chooses the method's name; only known ones become a label. */
function knownMethod(method: string): string {
  return methods.has(method) ? method : 'OTHER'
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
