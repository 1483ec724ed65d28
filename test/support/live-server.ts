/** A server on real ports of this machine, for clients that bring their own HTTP. */

import { listen } from '../../src/node/listen.ts'
import type { Engine } from './engines.ts'
import { freePorts } from './free-port.ts'
import { startServer, type ServerOverrides, type TestServer } from './server.ts'

export interface LiveServer {
  readonly server: TestServer
  /** Base URL of the public API, which is the issuer too. */
  readonly publicUrl: string
  readonly adminUrl: string
  close(): Promise<void>
}

/** Starts a server whose clock runs, on free ports. */
export async function startLiveServer(
  where: Engine | string,
  overrides: ServerOverrides = {},
): Promise<LiveServer> {
  const [publicPort = 0, adminPort = 0] = await freePorts(2)
  const publicUrl = `http://127.0.0.1:${publicPort}`
  const server = await startServer(where, {
    ...overrides,
    config: { ...overrides.config, urls: { ...urlsOf(overrides), self: { issuer: publicUrl } } },
    options: { clock: () => Date.now() as never, ...overrides.options },
  })
  const listeners = [
    await listen(server.firebrand.public, { host: '127.0.0.1', port: publicPort }),
    await listen(server.firebrand.admin, { host: '127.0.0.1', port: adminPort }),
  ]
  return {
    server,
    publicUrl,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    async close() {
      await Promise.all(listeners.map((each) => each.close(0)))
      await server.close()
    },
  }
}

function urlsOf({ config }: ServerOverrides): object {
  return config?.['urls'] ?? {}
}
