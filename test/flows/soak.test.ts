import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { beforeAll, expect, it } from 'vitest'
import {
  authorizationUrl,
  Browser,
  createClient,
  exchangeCode,
  postToken,
  refresh,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine, type Engine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const growing = [
  'grants',
  'chains',
  'login_sessions',
  'spent_verifiers',
  'parked_flows',
  'revoked_tokens',
  'jtis',
  'rates',
]

/** Rows of every table that traffic could fill. */
async function rowCount({ name, dsn }: Engine): Promise<number> {
  const sql = `select ${growing.map((table) => `(select count(*) from ${table})`).join(' + ')} as n`
  if (name === 'sqlite') {
    const database = new DatabaseSync(dsn.replace('sqlite://', ''), { readOnly: true })
    const row = database.prepare(sql).get()
    database.close()
    return Number(row?.['n'])
  }
  const connection = new Client(dsn)
  await connection.connect()
  const { rows } = await connection.query<{ n: string }>(sql)
  await connection.end()
  return Number(rows[0]?.n)
}

describeEachEngine('a soak of issue, refresh, expire', (engine) => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer(engine)
    client = await createClient(server)
    return () => server.close()
  })

  it('4 adds no row for client credentials tokens', async () => {
    const before = await rowCount(engine)
    for (let n = 0; n < 200; n++) {
      expect(
        (await postToken(server, client, { grant_type: 'client_credentials', scope: 'foo' }))
          .status,
      ).toBe(200)
    }
    expect(await rowCount(engine)).toBe(before)
  })

  it('12.5 ends with as few rows as it began with', async () => {
    const before = await rowCount(engine)
    let highest = 0
    for (let day = 0; day < 12; day++) {
      for (let n = 0; n < 10; n++) {
        const callback = await new Browser(server).authorize(authorizationUrl(client), {
          login: { subject: `user-${n}` },
        })
        let { body } = await exchangeCode(server, client, callback)
        for (let turn = 0; turn < 3; turn++)
          ({ body } = await refresh(server, client, body['refresh_token']))
        expect(body).toHaveProperty('refresh_token')
      }
      server.clock.advance(10 * 86_400_000)
      while ((await server.storage.purgeExpired(server.clock(), 100)) > 0);
      highest = Math.max(highest, await rowCount(engine))
    }
    // Refresh tokens live for 30 days: three of the twelve rounds are alive at a time, three rows each.
    expect(highest).toBeLessThanOrEqual(before + 4 * 10 * 3)
    server.clock.advance(60 * 86_400_000)
    while ((await server.storage.purgeExpired(server.clock(), 100)) > 0);
    expect(await rowCount(engine)).toBe(before)
  })
})
