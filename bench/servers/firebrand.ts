import { existsSync, writeFileSync } from 'node:fs'
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
import { engineNames } from './server.ts'
import type { ServerUnderTest, StartOptions } from './server.ts'

const root = path.resolve(import.meta.dirname, '../..')
const source = path.join(root, 'src/cli/main.ts')
const startTimeoutMs = 20_000

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
  writeFileSync(config, JSON.stringify(configuration(dsn, ports, workers)), { mode: 0o600 })

  const migrate = spawnNode([cli, 'migrate', 'up', '--config', config, '--yes'], {
    cores,
    cwd: root,
  })
  const migrated = await migrate.ended
  if (migrated.code !== 0) throw new Error(`migrate up: ${migrated.reason}`)
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

function configuration(
  dsn: string,
  ports: { public: number; admin: number },
  workers: number,
): object {
  return {
    dsn,
    serve: {
      workers,
      public: { host: '127.0.0.1', port: ports.public },
      admin: { host: '127.0.0.1', port: ports.admin },
    },
    secrets: { system: [randomBytes(32).toString('base64url')] },
    urls: {
      self: { issuer: 'https://bench.example/' },
      login: 'https://login.example/login',
      consent: 'https://login.example/consent',
    },
    signing: { id_token: { algorithm: 'ES256' }, access_token: { algorithm: 'ES256' } },
    log: { level: 'error' },
  }
}

async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs
  while (Date.now() < deadline) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`not ready after ${startTimeoutMs} ms`)
}
