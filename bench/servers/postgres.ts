import { Client } from 'pg'
import { startPostgres as startServer } from '../../test/support/postgres-server.ts'

/** A PostgreSQL of this run's own, with its default durability. */
export interface Postgres {
  /** Its first process, whose children do the work. */
  readonly pid: number
  /** Creates an empty database that sorts by bytes, and returns its URL. */
  createDatabase(name: string): Promise<string>
  stop(): Promise<void>
}

/** Starts a real PostgreSQL with `fsync` and `synchronous_commit` on, and further `name=value` settings. */
export async function startPostgres(...settings: readonly string[]): Promise<Postgres> {
  const server = await startServer({ durable: true, settings })

  async function asAdministrator<T>(run: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: server.dsn })
    await client.connect()
    try {
      return await run(client)
    } finally {
      await client.end()
    }
  }

  const pidFile = await asAdministrator((client) =>
    client.query<{ text: string }>(`SELECT pg_read_file('postmaster.pid') AS text`),
  )
  return {
    pid: Number(pidFile.rows[0]?.text.split('\n', 1)[0]),
    createDatabase: async (name) => {
      const definition = `TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'`
      await asAdministrator((client) => client.query(`CREATE DATABASE ${name} ${definition}`))
      const url = new URL(server.dsn)
      url.pathname = `/${name}`
      return url.href
    },
    stop: () => server.stop(),
  }
}
