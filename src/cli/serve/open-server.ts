/** From a configuration to a server that has no sockets yet. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { devFolder } from '../../config/dev-defaults.ts'
import { sqliteFile } from '../../config/dsn.ts'
import type { Loaded } from '../../config/load.ts'
import { createFirebrand, type Firebrand } from '../../firebrand.ts'
import { createKeyRing } from '../../keys/stored-key-ring.ts'
import type { ProcessLog } from '../../node/log.ts'
import { createOutgoing } from '../../node/outgoing.ts'
import { systemClock, systemRandom } from '../../node/random.ts'
import { openStorage } from '../../storage/sql/open.ts'
import { createSealer } from '../../tokens/aead-sealer.ts'
import { defaultProject } from '../database.ts'

/**
 * Opens the database and composes the server. In dev mode migrations are applied.
 * @throws StorageUnavailable when the database does not answer.
 */
export async function openServer(
  { config, settings }: Loaded,
  processLog: ProcessLog,
): Promise<Firebrand> {
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
  return createFirebrand({
    settings,
    storage,
    sealer,
    keys,
    log,
    outgoing: createOutgoing({ rules: settings.clientsHttp }),
    ...(observer === undefined ? {} : { observers: [observer] }),
  })
}

/** The database of dev mode lies in the user's project: it must not end up in its repository. */
function makeDevFolder(dsn: string): void {
  const file = sqliteFile(dsn)
  if (file === undefined) return
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true })
  if (basename(folder) === devFolder) writeFileSync(join(folder, '.gitignore'), '*\n')
}
