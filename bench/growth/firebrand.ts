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
import { sampleShare, sealedSession, systemSecret } from './sample.ts'

const root = path.resolve(import.meta.dirname, '../..')
const cli = path.join(root, 'src/cli/main.ts')

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
  writeFileSync(config, JSON.stringify(configuration(dsn, { public: 1, admin: 1 })))
  const migrating = spawnNode([cli, 'migrate', 'up', '--config', config, '--yes'], {
    cores,
    cwd: root,
  })
  const { code, reason } = await migrating.ended
  if (code !== 0) throw new Error(`migrate up: ${reason}`)
}

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
  writeFileSync(config, JSON.stringify(all), { mode: 0o600 })
  const child = spawnNode([cli, 'serve', '--config', config], { cores, cwd: root })
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

function configuration(dsn: string, ports: { public: number; admin: number }): object {
  return {
    dsn,
    serve: {
      workers: 1,
      public: { host: '127.0.0.1', port: ports.public },
      admin: { host: '127.0.0.1', port: ports.admin },
    },
    secrets: { system: [systemSecret] },
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
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('not ready after 20 s')
}
