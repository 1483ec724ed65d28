import { oidcProviderDialect, peerLacks } from '../flows/oidc-provider.ts'
import { announcedPort, spawnNode } from './child.ts'
import { engineNames } from './server.ts'
import type { ServerUnderTest, StartOptions } from './server.ts'

/** Starts `oidc-provider` over the given database. */
export async function startOidcProvider(options: StartOptions): Promise<ServerUnderTest> {
  const { cores, database, directory } = options
  if (database === undefined) throw new Error('oidc-provider needs a database')
  const location = database.engine === 'sqlite' ? `${directory}/peer.sqlite` : database.url
  const script = `${import.meta.dirname}/oidc-provider-process.ts`
  const child = spawnNode([script, database.engine, location], { cores })
  const port = await announcedPort(child)
  return {
    name: `oidc-provider, ${engineNames[database.engine]}`,
    kind: 'oidc-provider',
    engine: database.engine,
    addresses: { public: { host: '127.0.0.1', port }, admin: undefined },
    dialect: oidcProviderDialect,
    pid: child.pid,
    eventLoop: child.eventLoop,
    databasePid: database.engine === 'postgres' ? database.pid : undefined,
    lacks: peerLacks,
    notes: [],
    stop: () => child.stop(),
  }
}
