/** What an operator of Firebrand does: a configuration, a migration, a look whether it is ready. */

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { spawnNode } from './child.ts'
import type { Cores } from '../measure/cores.ts'

/** The folder that Firebrand is started in. */
export const root = path.resolve(import.meta.dirname, '../..')

/** The executable from source. */
export const source = path.join(root, 'src/cli/main.ts')

const startTimeoutMs = 20_000

/** What differs between the servers of the bench. */
export interface Operated {
  readonly dsn: string
  readonly ports: { readonly public: number; readonly admin: number }
  readonly workers: number
  /** `secrets.system`. */
  readonly secret: string
}

/** The configuration of a server that is measured: production mode, without the access log, because the peers have none. */
export function configurationOf({ dsn, ports, workers, secret }: Operated): object {
  return {
    dsn,
    serve: {
      workers,
      public: { host: '127.0.0.1', port: ports.public },
      admin: { host: '127.0.0.1', port: ports.admin },
    },
    secrets: { system: [secret] },
    urls: {
      self: { issuer: 'https://bench.example/' },
      login: 'https://login.example/login',
      consent: 'https://login.example/consent',
    },
    signing: { id_token: { algorithm: 'ES256' }, access_token: { algorithm: 'ES256' } },
    log: { level: 'error' },
  }
}

/** Writes a configuration for nobody else to read. */
export function writeConfiguration(file: string, configuration: object): void {
  writeFileSync(file, JSON.stringify(configuration), { mode: 0o600 })
}

/** Applies pending migrations. @param cli the executable. */
export async function migrateUp(cli: string, config: string, cores: Cores): Promise<void> {
  const args = [cli, 'migrate', 'up', '--config', config, '--yes']
  const { code, reason } = await spawnNode(args, { cores, cwd: root }).ended
  if (code !== 0) throw new Error(`migrate up: ${reason}`)
}

/** Waits until a server is ready. @param url of its admin API. */
export async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs
  while (Date.now() < deadline) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`not ready after ${startTimeoutMs} ms`)
}
