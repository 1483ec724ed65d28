/** What the supervisor and its workers tell each other. */

import type { Config } from '../../config/schema.ts'
import type { MetricsSnapshot } from '../../node/metrics.ts'
import type { Demo } from '../../ui/demo/seed.ts'

/** To a worker. */
export type ToWorker =
  /** Serve with this configuration. One of the first start reports what is wrong with the database. */
  | { readonly kind: 'start'; readonly config: Config; readonly isFirst: boolean }
  /** Clean up, from now on. */
  | { readonly kind: 'janitor' }
  /** End: with the whole server, or alone. */
  | { readonly kind: 'end'; readonly what: 'server' | 'process' }
  /** Say what you have counted. */
  | { readonly kind: 'count' }
  /** What the other workers have counted, for a worker that asked. */
  | {
      readonly kind: 'gathered'
      readonly id: number
      readonly snapshots: readonly MetricsSnapshot[]
    }

/** From a worker. */
export type FromWorker =
  /** It has begun to run, and waits for its order. */
  | { readonly kind: 'hello' }
  | { readonly kind: 'ready'; readonly report: Report }
  /** It cannot serve; what the user should read. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'counted'; readonly snapshot: MetricsSnapshot }
  /** It is asked for metrics, and wants those of the others. */
  | { readonly kind: 'gather'; readonly id: number }

/** What a worker says when it serves. */
export interface Report {
  readonly public: string | undefined
  readonly admin: string | undefined
  readonly demo: Demo | undefined
}
