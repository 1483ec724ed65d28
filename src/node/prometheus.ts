/** The text format of Prometheus, made of what was counted. */

import {
  AggregatorRegistry,
  collectDefaultMetrics,
  Counter,
  Registry,
  type Metric,
} from 'prom-client'
import { firebrandVersion } from '../http/version.ts'
import type { MetricsSnapshot } from './metrics.ts'
import type { Distribution, Series } from './series.ts'

/** Reads the metrics of this process, and writes those of several. */
export interface Renderer {
  /** Of this process, without what it counts of requests. */
  processMetrics(): Promise<readonly object[]>
  /** The text format of Prometheus; what several processes have counted is added up. */
  render(snapshots: readonly MetricsSnapshot[]): Promise<string>
}

/** Begins to watch the process. */
export function prometheus(): Renderer {
  const own = labelled()
  collectDefaultMetrics({ register: own })
  return {
    processMetrics: () => own.getMetricsAsJSON(),
    async render(snapshots) {
      const requests = labelled()
      registerRequestMetrics(requests, () => snapshots.flatMap(({ series }) => series))
      registerRefusals(requests, snapshots)
      const processes = AggregatorRegistry.aggregate(snapshots.map((each) => [...each.process]))
      const texts = await Promise.all([requests.metrics(), processes.metrics()])
      return texts.join('\n')
    },
  }
}

function labelled(): Registry {
  const registry = new Registry()
  registry.setDefaultLabels({ app: 'hydra', version: firebrandVersion, hash: '', buildTime: '' })
  return registry
}

function registerRefusals(registry: Registry, snapshots: readonly MetricsSnapshot[]): void {
  const limited = new Counter({
    name: 'firebrand_rate_limited_requests_total',
    help: 'Number of requests that a rate limit refused.',
    labelNames: ['limit'],
    registers: [registry],
  })
  for (const { refusals } of snapshots) {
    for (const [limit, count] of refusals) limited.inc({ limit }, count)
  }
}

function total({ counts }: Distribution): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

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
