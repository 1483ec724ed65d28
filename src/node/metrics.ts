/**
 * Metrics of requests under the names of the Ory OAuth2 API's reference, and of the process.
 *
 * A request only adds to plain numbers; text is made when somebody asks for it.
 */

import type { ObservedExchange, RequestObserver } from '../http/observe.ts'
import type { Distribution, Series } from './series.ts'

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const bytesBuckets = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576]

/** Metrics of one process. */
export interface ProcessMetrics {
  readonly observe: RequestObserver
  /** The text format of Prometheus. */
  text(): Promise<string>
}

/** Refusals of rate limits, by limit. */
export type Refusals = () => ReadonlyMap<string, number>

/** Starts counting. The process itself is watched from the first time that somebody asks for text. */
export function createMetrics(refusals: Refusals = () => new Map()): ProcessMetrics {
  const series = new Map<string, Series>()
  let rendering: Promise<() => Promise<string>> | undefined
  return {
    observe(exchange) {
      const method = knownMethod(exchange.request.method)
      const key = `${method} ${exchange.status} ${exchange.route}`
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
      // Loaded when it is needed: the library would slow every start.
      rendering ??= import('./prometheus.ts').then(({ prometheusText }) =>
        prometheusText(() => [...series.values()], refusals),
      )
      const render = await rendering
      return render()
    },
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
