/** Decides what this process is to the server: all of it, one of its workers, or their supervisor. */

import cluster from 'node:cluster'
import { configOf, type ConfigOptions } from '../config-flags.ts'
import type { Cli } from '../cli.ts'
import type { Part } from './listeners.ts'
import { workersOf } from './workers.ts'

/** Serves until the process is told to end. Each role loads only what it needs. */
export async function serve(cli: Cli, options: ConfigOptions, part: Part): Promise<void> {
  if (cluster.worker !== undefined) {
    const { work } = await import('./worker.ts')
    return work(cluster.worker, part)
  }
  const loaded = configOf(cli, options)
  if (workersOf(loaded.config) === 1) {
    const { serveAlone } = await import('./alone.ts')
    return serveAlone(cli, loaded, part)
  }
  const { supervise } = await import('./supervise.ts')
  return supervise(cli, { part, loaded, reload: () => configOf(cli, options) })
}
