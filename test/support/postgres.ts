import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'

/** An empty database of its own on the PostgreSQL that all test files of the run share. */
export interface FreshDatabase {
  /** `postgres://user:password@127.0.0.1:port/name` */
  readonly dsn: string
  /** Ends every connection to the database and deletes it. */
  drop(): Promise<void>
}

/** Creates a database; some 50 ms, and a second more for the first of a run. Throws when PostgreSQL does not start. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const response = await fetch(inject('postgresLender'))
  const answer = await response.text()
  if (!response.ok) throw new Error(answer)
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(answer, `CREATE DATABASE ${name}`)
  const dsn = new URL(answer)
  dsn.pathname = `/${name}`
  return {
    dsn: dsn.href,
    drop: () => administer(answer, `DROP DATABASE ${name} WITH (FORCE)`),
  }
}

async function administer(dsn: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: dsn })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
