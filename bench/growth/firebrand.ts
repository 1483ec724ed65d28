/** Firebrand over a database that was filled before, and can be used again. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePort } from '../../test/support/free-port.ts'
import type { HydraClients } from '../flows/hydra.ts'
import { loadData } from '../load-data.ts'
import type { Amounts } from '../load-data.ts'
import type { Addresses } from '../load/user.ts'
import type { Cores } from '../measure/cores.ts'
import { spawnNode } from '../servers/child.ts'
import type { Child } from '../servers/child.ts'
import { createClients } from '../servers/hydra-clients.ts'
import {
  configurationOf,
  migrateUp,
  root,
  source,
  untilReady,
  writeConfiguration,
} from '../servers/operate-firebrand.ts'
import type { Operated } from '../servers/operate-firebrand.ts'
import { sampleShare, sealedSession, systemSecret } from './sample.ts'

/** A database and the folder with what belongs to it. */
export interface Place {
  readonly dsn: string
  readonly directory: string
}

/** A server over a filled database. */
export interface Running {
  readonly addresses: Addresses
  readonly child: Child
  readonly clients: HydraClients
  stop(): Promise<void>
}

/** Migrates the database, registers clients and fills it, unless that was done before. */
export async function prepareDatabase(
  place: Place,
  amounts: Amounts,
  tell: (step: string) => void,
): Promise<void> {
  const { directory, dsn } = place
  mkdirSync(directory, { recursive: true })
  const done = path.join(directory, 'loaded')
  if (existsSync(done)) return
  const cores = { server: undefined, others: undefined, description: '' }
  await migrate(place, cores)
  const server = await serve(place, cores, [])
  await server.stop()
  const { id: clientId } = server.clients.codeFlow
  await loadData(
    dsn,
    {
      ...amounts,
      sample: { clientId, share: sampleShare(amounts.grants), session: sealedSession() },
    },
    tell,
  )
  writeFileSync(done, '')
}

/** Applies pending migrations. */
export async function migrate({ directory, dsn }: Place, cores: Cores): Promise<void> {
  const config = path.join(directory, 'migrate.json')
  writeConfiguration(config, configuration(dsn, { public: 1, admin: 1 }))
  await migrateUp(source, config, cores)
}

const configuration = (dsn: string, ports: Operated['ports']) =>
  configurationOf({ dsn, ports, workers: 1, secret: systemSecret })

/**
 * Starts a server, one worker in production mode; registers its clients when there are none yet.
 *
 * @param settings keys of the configuration beside the usual ones.
 */
export async function serve(
  { directory, dsn }: Place,
  cores: Cores,
  settings: readonly (readonly [string, unknown])[],
): Promise<Running> {
  const ports = { public: await freePort(), admin: await freePort() }
  const config = path.join(directory, 'serve.json')
  const all = { ...configuration(dsn, ports), ...Object.fromEntries(settings) }
  writeConfiguration(config, all)
  const child = spawnNode([source, 'serve', '--config', config], { cores, cwd: root })
  const admin = { url: `http://127.0.0.1:${ports.admin}`, token: undefined }
  await Promise.race([untilReady(admin.url), child.failure])
  const file = path.join(directory, 'clients.json')
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(await createClients(admin)))
  return {
    addresses: {
      public: { host: '127.0.0.1', port: ports.public },
      admin: { host: '127.0.0.1', port: ports.admin },
    },
    child,
    clients: JSON.parse(readFileSync(file, 'utf8')) as HydraClients,
    stop: () => child.stop(),
  }
}
