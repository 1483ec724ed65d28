import { bareDialect } from '../flows/bare.ts'
import { announcedPort, spawnNode } from './child.ts'
import type { ServerUnderTest, StartOptions } from './server.ts'

/** Starts the bare `node:http` server. */
export async function startBare({ cores }: StartOptions): Promise<ServerUnderTest> {
  const child = spawnNode([`${import.meta.dirname}/bare-process.ts`], { cores })
  const port = await announcedPort(child)
  return {
    name: 'bare node:http',
    kind: 'bare',
    engine: undefined,
    addresses: { public: { host: '127.0.0.1', port }, admin: undefined },
    dialect: bareDialect,
    pid: child.pid,
    eventLoop: child.eventLoop,
    databasePid: undefined,
    lacks: {},
    notes: [],
    stop: () => child.stop(),
  }
}
