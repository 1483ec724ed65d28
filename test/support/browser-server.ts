/** A server on a real port, whose issuer is its address, for browsers; and a client's site for it to return to. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listen } from '../../src/node/listen.ts'
import { freePort } from './free-port.ts'
import { startServer, type ServerOverrides, type TestServer } from './server.ts'

export interface BrowserServer extends TestServer {
  /** Such as `http://127.0.0.1:40123`; the same as the issuer. */
  readonly origin: string
}

/** Starts a server in memory that browsers can reach. */
export async function startBrowserServer(overrides: ServerOverrides = {}): Promise<BrowserServer> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const urls = overrides.config?.['urls'] as object | undefined
  const config = { ...overrides.config, urls: { self: { issuer: origin }, ...urls } }
  const server = await startServer('memory', { ...overrides, config })
  const listener = await listen(server.firebrand.public, { host: '127.0.0.1', port })
  return {
    ...server,
    origin,
    async close() {
      await listener.close(0)
      await server.close()
    },
  }
}

/** A small website on a port of its own. */
export interface Site {
  readonly port: number
  close(): Promise<void>
}

export async function startSite(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Site> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
