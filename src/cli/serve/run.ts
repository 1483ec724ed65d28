/** The life of a server process: start, serve, drain, end. */

import { setTimeout as delay } from 'node:timers/promises'
import { redactedDsn } from '../../config/config-error.ts'
import type { Loaded } from '../../config/load.ts'
import type { Firebrand } from '../../firebrand.ts'
import { openLog, type ProcessLog } from '../../node/log.ts'
import { StorageUnavailable } from '../../storage/storage.ts'
import { seedDemo, type Demo } from '../../ui/demo/seed.ts'
import { CliError, type Cli } from '../cli.ts'
import { configOf, type ConfigOptions } from '../config-flags.ts'
import { openListeners, type Listeners, type Part } from './listeners.ts'
import { openServer } from './open-server.ts'
import { welcome } from './welcome.ts'

/** Time that load balancers get to notice that readiness is red. */
const noticeMilliseconds = 1000

/** Time that running requests get, so that the whole shutdown stays within five seconds. */
const graceMilliseconds = 3500

/** Serves until the process is told to end. */
export async function serve(cli: Cli, options: ConfigOptions, part: Part): Promise<void> {
  const loaded = configOf(cli, options)
  const processLog = openLog(logOptions(loaded))
  const { log } = processLog
  for (const warning of warningsFor(loaded, part)) log.warn({}, warning)
  const firebrand = await opened(loaded, processLog)
  const start = async () => {
    const demo = await seedDemo(firebrand.services)
    return { demo, listeners: await openListeners(loaded.config, firebrand, { part, log }) }
  }
  const { demo, listeners } = await start().catch(async (error: unknown) => {
    await firebrand.close()
    throw error
  })
  await announce(cli, loaded, { firebrand, demo, listeners, processLog })
  const { janitor } = loaded.config
  if (janitor.enabled) {
    firebrand.startJanitor({ intervalMilliseconds: janitor.interval, batch: janitor.batch })
  }
  const signal = await told()
  log.info({ signal }, 'Shutting down.')
  firebrand.drain()
  if (!loaded.config.dev) await delay(noticeMilliseconds)
  await listeners.close(graceMilliseconds)
  await firebrand.close()
  processLog.flush()
}

function logOptions({ config: { log } }: Loaded) {
  return {
    level: log.level,
    format: log.format,
    leakSensitiveValues: log.leak_sensitive_values,
    redactionText: log.redaction_text,
  }
}

function warningsFor({ config, settings, warnings }: Loaded, part: Part): readonly string[] {
  const { admin } = settings
  const isClosed = admin.access === 'token' && admin.tokenHashes.length === 0
  const servesAdmin = part !== 'public' || config.serve.one_origin
  return isClosed && servesAdmin
    ? [
        ...warnings,
        'Nobody can use the admin API: admin.tokens is empty. Set a token, listen on a loopback address, or set admin.access to open.',
      ]
    : warnings
}

async function opened(loaded: Loaded, processLog: ProcessLog): Promise<Firebrand> {
  try {
    return await openServer(loaded, processLog)
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error
    const dsn = redactedDsn(loaded.config.dsn)
    throw new CliError(`The database ${dsn} cannot be used: ${error.message}`, { cause: error })
  }
}

interface Running {
  readonly firebrand: Firebrand
  readonly demo: Demo | undefined
  readonly listeners: Listeners
  readonly processLog: ProcessLog
}

async function announce(
  cli: Cli,
  loaded: Loaded,
  { firebrand, demo, listeners, processLog }: Running,
): Promise<void> {
  const { log } = processLog
  const milliseconds = Math.round(performance.now())
  const { public: publicUrl, admin: adminUrl } = listeners
  log.info({ public: publicUrl, admin: adminUrl, milliseconds }, 'Listening.')
  if (loaded.config.dev) {
    return cli.stdout(welcome(loaded, { demo, milliseconds, program: cli.program }))
  }
  const pending = await firebrand.services.storage.pendingMigrations()
  if (pending.length > 0) {
    log.error(
      { pending },
      'Migrations are pending; not ready. Run firebrand migrate up with this configuration.',
    )
  }
}

/** The first signal to end; a second one ends the process at once. */
async function told(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve(signal)
        process.once(signal, () => process.exit(1))
      })
    }
  })
}
