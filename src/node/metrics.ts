/**
 * Metrics of requests under the names of the Ory OAuth2 API's reference, and of the process.
 *
 * A request only adds to plain numbers; text is made when somebody asks for it.
 */

import { collectDefaultMetrics, Counter, Registry, type Metric } from 'prom-client'
import type { ObservedExchange, RequestObserver } from '../http/observe.ts'
import { firebrandVersion } from '../http/version.ts'

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const bytesBuckets = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576]

/** Metrics of one process. */
export interface ProcessMetrics {
  readonly observe: RequestObserver
  /** The text format of Prometheus. */
  text(): Promise<string>
}

/** Starts counting. The process itself is watched from the first time that somebody asks for text. */
export function createMetrics(): ProcessMetrics {
  const registry = new Registry()
  registry.setDefaultLabels({ app: 'hydra', version: firebrandVersion, hash: '', buildTime: '' })
  let watched = false
  const series = new Map<string, Series>()
  registerRequestMetrics(registry, () => [...series.values()])
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
    text() {
      if (!watched) collectDefaultMetrics({ register: registry })
      watched = true
      return registry.metrics()
    },
  }
}

/** All requests of one method, status and route. */
interface Series {
  readonly method: string
  readonly code: string
  readonly endpoint: string
  readonly duration: Distribution
  readonly responseSize: Distribution
  readonly requestSize: Distribution
}

interface Distribution {
  readonly bounds: readonly number[]
  /** One more than bounds: the last counts what is above all of them. */
  readonly counts: Float64Array
  sum: number
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

function total({ counts }: Distribution): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** A sender chooses the method's name; only known ones become a label. */
function knownMethod(method: string): string {
  return methods.has(method) ? method : 'OTHER'
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

function registerRequestMetrics(registry: Registry, all: () => readonly Series[]): void {
  const registers = [registry]
  const byRoute = (entry: Series) => ({
    code: entry.code,
    method: entry.method.toLowerCase(),
    endpoint: entry.endpoint,
  })
  const byCode = (entry: Series) => ({ code: entry.code, method: entry.method.toLowerCase() })
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Number of requests served.',
    labelNames: ['code', 'method', 'endpoint'],
    registers,
    collect() {
      requests.reset()
      for (const entry of all()) requests.inc(byRoute(entry), total(entry.duration))
    },
  })
  const statuses = new Counter({
    name: 'http_requests_statuses_total',
    help: 'Number of requests served, by class of status.',
    labelNames: ['method', 'status_bucket'],
    registers,
    collect() {
      statuses.reset()
      for (const entry of all()) {
        const labels = { method: entry.method, status_bucket: statusBucket(entry.code) }
        statuses.inc(labels, total(entry.duration))
      }
    },
  })
  const histograms = [
    ['http_requests_duration_seconds', 'Duration of requests.', byRoute, 'duration'],
    [
      'http_response_time_seconds',
      'Duration of requests by route.',
      (entry: Series) => ({ endpoint: entry.endpoint }),
      'duration',
    ],
    ['http_response_size_bytes', 'Size of response bodies.', byCode, 'responseSize'],
    ['http_requests_size_bytes', 'Size of request bodies.', byCode, 'requestSize'],
  ] as const
  for (const [name, help, labels, part] of histograms) {
    registry.registerMetric(
      collectedHistogram({ name, help }, () =>
        all().map((entry) => ({ labels: labels(entry), distribution: entry[part] })),
      ),
    )
  }
}

function statusBucket(code: string): string {
  return /^[2-5]/u.test(code) ? `${code.charAt(0)}xx` : 'unknown'
}

type Labels = Readonly<Record<string, string>>

interface Labelled {
  readonly labels: Labels
  readonly distribution: Distribution
}

interface Values {
  readonly metricName: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}

/** A histogram whose values are read from elsewhere when the registry asks for them. */
function collectedHistogram(
  { name, help }: { readonly name: string; readonly help: string },
  read: () => readonly Labelled[],
): Metric {
  const metric = {
    name,
    async get() {
      const values = merge(read()).flatMap((each) => valuesOf(name, each))
      return { name, help, type: 'histogram', aggregator: 'sum', values }
    },
  }
  // The registry uses a name and get() only; the library's own class keeps a map per observed value instead.
  return metric as unknown as Metric
}

function merge(all: readonly Labelled[]): readonly Labelled[] {
  const merged = new Map<string, Labelled>()
  for (const { labels, distribution } of all) {
    const key = JSON.stringify(labels)
    const before = merged.get(key)?.distribution
    merged.set(key, {
      labels,
      distribution: before === undefined ? distribution : sum(before, distribution),
    })
  }
  return [...merged.values()]
}

function sum(a: Distribution, b: Distribution): Distribution {
  return {
    bounds: a.bounds,
    counts: a.counts.map((n, at) => n + (b.counts[at] ?? 0)),
    sum: a.sum + b.sum,
  }
}

function valuesOf(name: string, { labels, distribution }: Labelled): readonly Values[] {
  let below = 0
  const buckets = distribution.bounds.map((bound, at) => {
    below += distribution.counts[at] ?? 0
    return { metricName: `${name}_bucket`, labels: { le: bound, ...labels }, value: below }
  })
  const count = total(distribution)
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels }, value: count },
    { metricName: `${name}_sum`, labels, value: distribution.sum },
    { metricName: `${name}_count`, labels, value: count },
  ]
}
