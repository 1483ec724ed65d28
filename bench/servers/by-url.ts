import type { HydraClients } from '../flows/hydra.ts'
import { algOf } from '../load/expect.ts'
import type { Address } from '../load/wire.ts'
import { basic, hydraDialect } from '../flows/hydra.ts'
import { createClients } from './hydra-clients.ts'
import type { ServerUnderTest } from './server.ts'

/** A Hydra-compatible server that somebody else started. */
export interface UrlOptions {
  readonly name: string
  readonly publicUrl: string
  readonly adminUrl: string
  readonly adminToken: string | undefined
  /** When given and on this machine, its CPU and memory are measured. */
  readonly pid: number | undefined
}

/** Registers the clients of the cases at a running server; its keys are left as they are. */
export async function connectByUrl(options: UrlOptions): Promise<ServerUnderTest> {
  const admin = { url: options.adminUrl.replace(/\/$/, ''), token: options.adminToken }
  const clients = await createClients(admin)
  return {
    name: options.name,
    kind: 'url',
    engine: undefined,
    addresses: { public: addressOf(options.publicUrl), admin: addressOf(options.adminUrl) },
    dialect: hydraDialect(clients, {
      adminOrigin: 'admin',
      adminToken: options.adminToken,
      clientsPage: undefined,
    }),
    pid: options.pid,
    eventLoop: undefined,
    databasePid: undefined,
    lacks: await missingIn(options, clients),
    notes: ['started by somebody else: not pinned by this run, clients of the bench remain in it'],
    stop: async () => {},
  }
}

/** Its keys and its list are not ours to change: the cases that need others are left out. */
async function missingIn(
  { publicUrl }: UrlOptions,
  { jwt }: HydraClients,
): Promise<ServerUnderTest['lacks']> {
  const answer = await fetch(`${publicUrl.replace(/\/$/, '')}/oauth2/token`, {
    method: 'POST',
    headers: { Authorization: basic(jwt).slice('Authorization: '.length) },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token: token } = (await answer.json()) as Record<string, unknown>
  const key = keyOf(String(token))
  const reason = `its JWT access tokens are signed with ${key}`
  return {
    ...(key === 'ES256' ? {} : { client_credentials_es256: reason }),
    ...(key === 'RS256, 2048 bits' ? {} : { client_credentials_rs256: reason }),
    list_clients: 'its list of clients is not known to be long',
  }
}

/** The algorithm of a JWT, for RSA with the size of the key. */
function keyOf(token: string): string {
  const alg = algOf(token)
  const bytes = Buffer.from(token.split('.')[2] ?? '', 'base64url').length
  return alg.startsWith('RS') ? `${alg}, ${bytes * 8} bits` : alg
}

function addressOf(url: string): Address {
  const { protocol, hostname, port, pathname } = new URL(url)
  if (protocol !== 'http:') throw new Error(`${url}: the load generator speaks plain http only`)
  if (pathname !== '/') throw new Error(`${url}: a path prefix is not supported`)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port) }
}
