import { existsSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { youngGenerationFlag } from '../../src/cli/heap.ts'
import { freePort } from '../../test/support/free-port.ts'
import { loadData } from '../load-data.ts'
import { hydraDialect } from '../flows/hydra.ts'
import { spawnNode } from './child.ts'
import type { Child } from './child.ts'
import { createAccessTokenKey, createClients, deleteAccessTokenKey } from './hydra-clients.ts'
import type { AdminApi } from './hydra-clients.ts'
import { middlePage } from './middle-page.ts'
import {
  configurationOf,
  migrateUp,
  root,
  source,
  untilReady,
  writeConfiguration,
} from './operate-firebrand.ts'
import { engineNames } from './server.ts'
import type { ServerUnderTest, StartOptions } from './server.ts'

/** The configuration file of a server that was started in this directory. */
export function configFile({ directory }: Pick<StartOptions, 'directory'>): string {
  return path.join(directory, 'firebrand.json')
}

/**
 * Starts Firebrand as an operator does: a config file, `migrate up`, `serve`, production mode. Only the access log is off,
 * because the peers have none.
 */
export async function startFirebrand(options: StartOptions): Promise<ServerUnderTest> {
  const { cores, database, directory, workers } = options
  const cli = options.main ?? source
  if (database === undefined) throw new Error('Firebrand needs a database')
  if (!existsSync(cli)) throw new Error(`there is no ${path.relative(root, cli)} yet`)
  const ports = { public: await freePort(), admin: await freePort() }
  const dsn = database.engine === 'sqlite' ? `sqlite://${directory}/firebrand.sqlite` : database.url
  const config = configFile(options)
  const secret = randomBytes(32).toString('base64url')
  writeConfiguration(config, configurationOf({ dsn, ports, workers, secret }))
  await migrateUp(cli, config, cores)
  const admin = { url: `http://127.0.0.1:${ports.admin}`, token: undefined }
  const start = (): Promise<Child> => startServe(options, config, admin.url)
  let child = await start()
  try {
    const clients = await createClients(admin)
    let clientsPage: string | undefined
    if (options.load !== undefined) {
      await child.stop()
      await loadData(dsn, options.load)
      child = await start()
      clientsPage = await middlePage(admin)
    }
    const dialect = hydraDialect(clients, {
      adminOrigin: 'admin',
      adminToken: undefined,
      clientsPage,
    })
    return describe({ options, child, ports, dialect, enter: entering(admin) })
  } catch (error) {
    await child.stop()
    throw error
  }
}

/** Starts `serve` with a configuration that is there, and waits until it is ready. */
export async function startServe(
  { main, cores, directory, workers, nodeFlags }: StartOptions,
  config: string,
  adminUrl: string,
): Promise<Child> {
  // A supervisor hands its preloads down, but it is the workers that serve. What is watched cannot set its own flags.
  const isWatched = workers === 1 && main === undefined
  const flags = isWatched ? [youngGenerationFlag, ...nodeFlags] : []
  const started = spawnNode([...flags, main ?? source, 'serve', '--config', config], {
    cores,
    cwd: root,
    isWatched,
    env: { NODE_COMPILE_CACHE: path.join(directory, 'compile-cache') },
  })
  try {
    await Promise.race([untilReady(adminUrl), started.failure])
    return started
  } catch (error) {
    await started.stop()
    throw error
  }
}

function describe(parts: {
  options: StartOptions
  child: Child
  ports: { public: number; admin: number }
  dialect: ServerUnderTest['dialect']
  enter: NonNullable<ServerUnderTest['enter']>
}): ServerUnderTest {
  const { database } = parts.options
  const engine = database?.engine
  return {
    name: `Firebrand, ${engine === undefined ? '' : engineNames[engine]}`,
    kind: 'firebrand',
    engine,
    addresses: {
      public: { host: '127.0.0.1', port: parts.ports.public },
      admin: { host: '127.0.0.1', port: parts.ports.admin },
    },
    dialect: parts.dialect,
    pid: parts.child.pid,
    eventLoop: parts.child.eventLoop,
    databasePid: database?.engine === 'postgres' ? database.pid : undefined,
    lacks: {},
    enter: parts.enter,
    notes: [],
    stop: () => parts.child.stop(),
  }
}

/** For the RS256 case there is an RSA key, which is newer than the usual one and so signs; it goes with the case. */
function entering(admin: AdminApi): NonNullable<ServerUnderTest['enter']> {
  return async (name) => {
    if (name !== 'client_credentials_rs256') return async () => {}
    const keyId = await createAccessTokenKey(admin, 'RS256')
    return () => deleteAccessTokenKey(admin, keyId)
  }
}
