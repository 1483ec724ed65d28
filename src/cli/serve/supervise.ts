/** A server of several processes, under one that serves nothing itself. */

import type { Config } from '../../config/schema.ts'
import type { Loaded } from '../../config/load.ts'
import { removeStaleSocket } from '../../node/listen.ts'
import { openLog } from '../../node/log.ts'
import { CliError, type Cli } from '../cli.ts'
import { keepCompiledCode } from '../compile-cache.ts'
import { announce, logOptions, warningsFor } from './announce.ts'
import { assembleCrew, type Crew } from './crew.ts'
import type { Part } from './listeners.ts'
import type { Report } from './messages.ts'
import { toldToEnd } from './signals.ts'
import { workersOf } from './workers.ts'

/** What is served, and with what. */
export interface Supervised {
  readonly part: Part
  readonly loaded: Loaded
  /** Reads the configuration again. Throws CliError when it is wrong. */
  readonly reload: () => Loaded
}

/** Serves until the process is told to end. SIGHUP replaces the workers one by one, with the configuration read again. */
export async function supervise(cli: Cli, supervised: Supervised): Promise<void> {
  const { part, loaded } = supervised
  const processLog = openLog(logOptions(loaded))
  const { log } = processLog
  for (const warning of warningsFor(loaded, part)) log.warn({}, warning)
  for (const host of hostsOf(loaded.config)) await removeStaleSocket(host)
  const crew = assembleCrew(loaded.config, () => log)
  const told = toldToEnd(() => {
    crew.kill()
    process.exit(1)
  })
  const report = await Promise.race([started(crew), told])
  // Whoever hears that the server listens may send signals.
  if (!loaded.config.dev) renewOnHangUp(crew, { ...supervised, log })
  const workers = workersOf(loaded.config)
  if (typeof report === 'object') await announce(cli, loaded, { report, log, workers })
  keepCompiledCode()
  const signal = await told
  log.info({ signal }, 'Shutting down.')
  await crew.stop()
  processLog.flush()
}

async function started(crew: Crew): Promise<Report> {
  try {
    return await crew.start()
  } catch (error) {
    await crew.stop()
    throw error
  }
}

type Log = ReturnType<typeof openLog>['log']

/** One renewal at a time; any number of signals during one make one more. */
function renewOnHangUp(
  crew: Crew,
  { loaded, reload, log }: Supervised & { readonly log: Log },
): void {
  let present = loaded.config
  let renewal: Promise<void> | undefined
  let isAskedAgain = false
  process.on('SIGHUP', () => {
    if (renewal === undefined) renewal = renewals()
    else isAskedAgain = true
  })

  async function renewals(): Promise<void> {
    do {
      isAskedAgain = false
      await renew()
    } while (isAskedAgain)
    renewal = undefined
  }

  async function renew(): Promise<void> {
    log.info({}, 'Restarting the workers one by one.')
    try {
      const { config } = reload()
      const newHosts = hostsOf(config).filter((host) => !hostsOf(present).includes(host))
      for (const host of newHosts) await removeStaleSocket(host)
      await crew.renew(config)
      present = config
      log.info({ workers: workersOf(config) }, 'All workers were restarted.')
    } catch (error) {
      if (!(error instanceof CliError)) throw error
      log.error({ reason: error.message }, 'The workers were not restarted; the old ones go on.')
    }
  }
}

/** In workers nobody could tell a socket that is left over from the one that the others use. */
function hostsOf({ serve }: Config): readonly string[] {
  return [serve.public.host, serve.admin.host]
}
