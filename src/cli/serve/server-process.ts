/** A process that serves: how it starts, and how it ends without dropping a request. */

import { setTimeout as delay } from 'node:timers/promises'
import { redactedDsn } from '../../config/config-error.ts'
import type { Loaded } from '../../config/load.ts'
import type { Firebrand } from '../../firebrand.ts'
import { StorageUnavailable } from '../../storage/storage.ts'
import { seedDemo, type Demo } from '../../ui/demo/seed.ts'
import { CliError } from '../cli.ts'
import { openListeners, type Listeners, type Part } from './listeners.ts'
import { openServer, type ProcessParts } from './open-server.ts'

/** Time that load balancers get to notice that readiness is red. */
const noticeMilliseconds = 1000

/** Time that running requests get, so that the whole shutdown stays within five seconds. */
const graceMilliseconds = 3500

/** Time in which a client may still use a connection to a process that leaves; an active one is told to go on its next request. */
const lingerMilliseconds = 5000

/** A process at work. */
export interface ServerProcess {
  readonly firebrand: Firebrand
  readonly demo: Demo | undefined
  readonly listeners: Listeners
  /**
   * Ends. `server`: the whole server goes, so readiness turns red first. `process`: others go on serving on the same addresses,
   * so readiness stays as it is and clients are led over to them.
   */
  end(what: 'server' | 'process'): Promise<void>
}

/**
 * Opens the database and listens.
 * @throws CliError when the database or an address cannot be used; nothing is left open then.
 */
export async function startProcess(
  loaded: Loaded,
  { part, ...parts }: ProcessParts & { readonly part: Part },
): Promise<ServerProcess> {
  const { config } = loaded
  const firebrand = await opened(loaded, parts)
  const { log } = parts.processLog
  const start = async () => {
    const demo = await seedDemo(firebrand.services)
    return { demo, listeners: await openListeners(config, firebrand, { part, log }) }
  }
  const { demo, listeners } = await start().catch(async (error: unknown) => {
    await firebrand.close()
    throw error
  })
  return {
    firebrand,
    demo,
    listeners,
    async end(what) {
      if (what === 'server') firebrand.drain()
      listeners.retire()
      if (what === 'server' && !config.dev) await delay(noticeMilliseconds)
      await listeners.close(graceMilliseconds, what === 'process' ? lingerMilliseconds : 0)
      await firebrand.close()
    },
  }
}

async function opened(loaded: Loaded, parts: ProcessParts): Promise<Firebrand> {
  try {
    return await openServer(loaded, parts)
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error
    const dsn = redactedDsn(loaded.config.dsn)
    throw new CliError(`The database ${dsn} cannot be used: ${error.message}`, { cause: error })
  }
}

/** Begins to clean up, in one process of a server. */
export function startJanitor({ firebrand }: ServerProcess, { config }: Loaded): void {
  const { enabled, interval, batch } = config.janitor
  if (enabled) firebrand.startJanitor({ intervalMilliseconds: interval, batch })
}

/** Tells the operator of migrations that nobody has applied. Dev mode applies them. */
export async function reportPendingMigrations({ firebrand }: ServerProcess): Promise<void> {
  const { log, storage, settings } = firebrand.services
  const pending = settings.dev ? [] : await storage.pendingMigrations()
  if (pending.length === 0) return
  log.error(
    { pending },
    'Migrations are pending; not ready. Run firebrand migrate up with this configuration.',
  )
}
