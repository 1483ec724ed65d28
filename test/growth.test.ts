/** What traffic leaves in the database. `npm run test:long` sends a million requests to each engine. */

import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sqliteFile } from '../src/config/dsn.ts'
import {
  codeFlow,
  createClient,
  ownPages,
  postForm,
  refresh,
  requestTokens,
} from './support/code-flow.ts'
import { describeEachEngine, type Engine } from './support/engines.ts'
import { testScale } from './support/scale.ts'
import { startServer, type TestServer } from './support/server.ts'

/** How many rows each table has. */
async function countRows({ dsn }: Engine): Promise<Readonly<Record<string, number>>> {
  const file = sqliteFile(dsn)
  const counts: Record<string, number> = {}
  if (file !== undefined) {
    const database = new DatabaseSync(file, { readOnly: true })
    const tables = database
      .prepare(`select name from sqlite_schema where type = 'table' and name not like 'sqlite%'`)
      .all()
    for (const name of tables.map((table) => String(table['name'])))
      counts[name] = Number(database.prepare(`select count(*) n from ${name}`).get()?.['n'])
    database.close()
    return counts
  }
  const client = new Client({ connectionString: dsn })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = current_schema()`,
    )
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ n: string }>(`select count(*) n from ${name}`)
      counts[name] = Number(rows[0]?.n)
    }
    return counts
  } finally {
    await client.end()
  }
}

const tokens = 1_000 * testScale
const metadata = {
  scope: 'openid offline_access',
  grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
}

describeEachEngine('the database', (engine) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer(engine, { config: ownPages })
  })
  afterAll(() => server.close())

  it(`has not one row more after ${tokens} client-credentials tokens and their introspection`, async () => {
    const opaque = await createClient(server, metadata)
    const jwt = await createClient(server, { ...metadata, access_token_strategy: 'jwt' })
    // The first token makes the keys.
    await requestTokens(server, jwt, { grant_type: 'client_credentials' })
    const before = await countRows(engine)
    expect(before['clients']).toBe(2)
    let made = 0
    const work = async (): Promise<void> => {
      while (made < tokens) {
        made += 1
        // One in ten is a JWT.
        const client = made % 10 === 0 ? jwt : opaque
        const { access_token: token } = await requestTokens(server, client, {
          grant_type: 'client_credentials',
        })
        if (made % 50 < 2) await postForm(server.adminFetch, '/admin/oauth2/introspect', { token })
      }
    }
    await Promise.all(Array.from({ length: 16 }, work))
    expect(made).toBeGreaterThanOrEqual(tokens)
    expect(await countRows(engine)).toEqual(before)
  })

  it('has a session, a grant, a chain and a spent verifier more after a login, and no more after refreshes', async () => {
    const client = await createClient(server, metadata)
    // The first login makes the keys.
    await codeFlow(server, client, { scope: metadata.scope })
    const before = await countRows(engine)
    let { refresh_token: newest } = await codeFlow(server, client, { scope: metadata.scope })
    for (let n = 0; n < 20; n += 1) newest = (await refresh(server, client, newest)).refresh_token
    const after = await countRows(engine)
    const added = Object.entries(after).filter(([table, rows]) => rows !== before[table])
    expect(
      Object.fromEntries(added.map(([table, n]) => [table, n - (before[table] ?? 0)])),
    ).toEqual({
      grants: 1,
      chains: 1,
      login_sessions: 1,
      spent_verifiers: 1,
    })
  })
})
