import { hydraDialect } from '../flows/hydra.ts'
import type { Address } from '../load/wire.ts'
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
    dialect: hydraDialect(clients, { adminOrigin: 'admin', adminToken: options.adminToken }),
    pid: options.pid,
    databasePid: undefined,
    notes: ['started by somebody else: not pinned by this run, clients of the bench remain in it'],
    stop: async () => {},
  }
}

function addressOf(url: string): Address {
  const { protocol, hostname, port, pathname } = new URL(url)
  if (protocol !== 'http:') throw new Error(`${url}: the load generator speaks plain http only`)
  if (pathname !== '/') throw new Error(`${url}: a path prefix is not supported`)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port) }
}
