/** A server of one process. */

import type { Loaded } from '../../config/load.ts'
import { openLog } from '../../node/log.ts'
import type { Cli } from '../cli.ts'
import { keepCompiledCode } from '../compile-cache.ts'
import { announce, logOptions, reportOf, warningsFor } from './announce.ts'
import type { Part } from './listeners.ts'
import { reportPendingMigrations, startJanitor, startProcess } from './server-process.ts'
import { toldToEnd } from './signals.ts'

/** Serves until the process is told to end. */
export async function serveAlone(cli: Cli, loaded: Loaded, part: Part): Promise<void> {
  const processLog = openLog(logOptions(loaded))
  const { log } = processLog
  for (const warning of warningsFor(loaded, part)) log.warn({}, warning)
  const running = await startProcess(loaded, { part, processLog })
  // Whoever hears that the server listens may send signals.
  const told = toldToEnd(() => process.exit(1))
  if (!loaded.config.dev) {
    // A closed terminal ends dev mode; a service is told to read its configuration again.
    process.on('SIGHUP', () =>
      log.warn({}, 'SIGHUP restarts the workers of a server; this one has a single process.'),
    )
  }
  await announce(cli, loaded, { report: reportOf(running), log })
  await reportPendingMigrations(running)
  startJanitor(running, loaded)
  keepCompiledCode()
  const signal = await told
  log.info({ signal }, 'Shutting down.')
  await running.end('server')
  processLog.flush()
}
