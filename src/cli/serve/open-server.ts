/** From a configuration to a server that has no sockets yet. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { redactedDsn } from '../../config/config-error.ts'
import { devFolder } from '../../config/dev-defaults.ts'
import { engineOf, sqliteFile } from '../../config/dsn.ts'
import type { Loaded } from '../../config/load.ts'
import { createFirebrand, type Firebrand } from '../../firebrand.ts'
import { createKeyRing } from '../../keys/stored-key-ring.ts'
import type { ProcessLog } from '../../node/log.ts'
import { createOutgoing } from '../../node/outgoing.ts'
import { systemClock, systemRandom } from '../../node/random.ts'
import { openStorage } from '../../storage/sql/open.ts'
import { createSealer } from '../../tokens/aead-sealer.ts'
import { seedDemo } from '../../ui/demo/seed.ts'
import type { Surroundings } from '../../ui/self.ts'
import { defaultProject } from '../database.ts'

/**
 * Opens the database and composes the server. In dev mode migrations are applied and the demo is made ready.
 * @throws StorageUnavailable when the database does not answer.
 */
export async function openServer(loaded: Loaded, processLog: ProcessLog): Promise<Firebrand> {
  const { config, settings } = loaded
  const { log } = processLog
  if (config.dev) makeDevFolder(config.dsn)
  const storage = await openStorage({
    dsn: config.dsn,
    projectId: defaultProject,
    log,
    migrate: config.dev,
  })
  const sealer = createSealer({ ...settings.secrets, random: systemRandom })
  const keys = createKeyRing({
    keys: storage.keys,
    sealer,
    settings,
    clock: systemClock,
    random: systemRandom,
  })
  const skipHealth =
    config.serve.public.request_log.disable_for_health ||
    config.serve.admin.request_log.disable_for_health
  const observer = processLog.accessLog({ skipHealth })
  const firebrand = createFirebrand({
    settings,
    storage,
    sealer,
    keys,
    log,
    outgoing: createOutgoing({ rules: settings.clientsHttp }),
    ...(observer === undefined ? {} : { observers: [observer] }),
    surroundings: surroundingsOf(loaded),
  })
  await seedDemo(firebrand.services)
  return firebrand
}

const engineNames = { memory: 'SQLite', sqlite: 'SQLite', postgres: 'PostgreSQL' } as const

/** For the start page, which only development mode has: TLS is not its business. */
function surroundingsOf({ config, settings }: Loaded): Surroundings {
  const { dsn, serve, urls } = config
  const engine = engineOf(dsn)
  const { host, port } = serve.admin
  const adminUrl = urls.self.admin ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  return {
    adminUrl: serve.one_origin ? settings.publicUrl : adminUrl,
    database: {
      engine: engine === undefined ? 'Unknown' : engineNames[engine],
      detail: engine === 'memory' ? 'in memory' : redactedDsn(dsn),
    },
  }
}

/** The database of dev mode lies in the user's project: it must not end up in its repository. */
function makeDevFolder(dsn: string): void {
  const file = sqliteFile(dsn)
  if (file === undefined) return
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true })
  if (basename(folder) === devFolder) writeFileSync(join(folder, '.gitignore'), '*\n')
}
