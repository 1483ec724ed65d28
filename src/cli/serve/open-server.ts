/** From a configuration to a server that has no sockets yet. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { redactedDsn } from '../../config/config-error.ts'
import { devFolder } from '../../config/dev-defaults.ts'
import { engineNames, engineOf, sqliteFile } from '../../config/dsn.ts'
import type { Loaded } from '../../config/load.ts'
import type { Config } from '../../config/schema.ts'
import { createFirebrand, type Firebrand } from '../../firebrand.ts'
import type { ProcessLog } from '../../node/log.ts'
import type { MetricsSources } from '../../node/metrics.ts'
import { openStorage } from '../../storage/sql/open.ts'
import type { Surroundings } from '../../ui/self.ts'
import { defaultProject } from '../../brand.ts'
import { workersOf } from './workers.ts'

/** What a process brings along. */
export interface ProcessParts {
  readonly processLog: ProcessLog
  /** What the other processes of this server have counted. */
  readonly metricsPeers?: MetricsSources['peers']
}

/**
 * Opens the database and composes the server with its pages. In dev mode migrations are applied.
 * @throws StorageUnavailable when the database does not answer.
 */
export async function openServer(
  { config, settings }: Loaded,
  { processLog, metricsPeers }: ProcessParts,
): Promise<Firebrand> {
  const { log } = processLog
  if (config.dev) makeDevFolder(config.dsn)
  const storage = await openStorage({
    dsn: config.dsn,
    projectId: defaultProject,
    log,
    migrate: config.dev,
    processes: workersOf(config),
  })
  const observer = processLog.accessLog({ skipHealth: skipsHealth(config) })
  return createFirebrand({
    settings,
    storage,
    log,
    surroundings: surroundingsOf(config),
    metricsPeers,
    ...(observer === undefined ? {} : { observers: [observer] }),
  })
}

function skipsHealth({ serve }: Config): boolean {
  const { public: ofPublic, admin } = serve
  return ofPublic.request_log.disable_for_health || admin.request_log.disable_for_health
}

/** The database of dev mode lies in the user's project: it must not end up in its repository. */
function makeDevFolder(dsn: string): void {
  const file = sqliteFile(dsn)
  if (file === undefined) return
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true })
  if (basename(folder) === devFolder) writeFileSync(join(folder, '.gitignore'), '*\n')
}

/** For the start page, which only dev mode has: TLS is not its business. */
function surroundingsOf(config: Config): Surroundings {
  const engine = engineOf(config.dsn)
  return {
    adminUrl: adminUrlOf(config),
    database: {
      engine: engine === undefined ? 'Unknown' : engineNames[engine],
      detail: engine === 'memory' ? 'in memory' : redactedDsn(config.dsn),
    },
  }
}

/** Where the admin API is reached from this machine. */
export function adminUrlOf({ serve, urls }: Config): string {
  const configured = serve.one_origin ? urls.self.public : urls.self.admin
  if (configured !== undefined) return configured.replace(/\/+$/, '')
  const { host, port } = serve.one_origin ? serve.public : serve.admin
  if (host.startsWith('unix:')) return host
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
