/** How many processes serve. */

import { availableParallelism } from 'node:os'
import { engineOf } from '../../config/dsn.ts'
import type { Config } from '../../config/schema.ts'

/** What the configuration says; else one in dev mode and in memory, and one per processor otherwise. */
export function workersOf({ serve, dev, dsn }: Config): number {
  if (serve.workers !== undefined) return serve.workers
  return dev || engineOf(dsn) === 'memory' ? 1 : availableParallelism()
}
