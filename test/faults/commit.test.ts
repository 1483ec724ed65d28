import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setTimeout as delay } from 'node:timers/promises'
import {
  authorizationUrl,
  Browser,
  createClient,
  exchangeCode,
  introspect,
  refresh,
  type TestClient,
  type TokenAnswer,
} from '../support/browser-flow.ts'
import { ownPages } from '../support/code-flow.ts'
import { cutProxy, type CutProxy } from '../support/cut-proxy.ts'
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts'
import { testScale } from '../support/scale.ts'
import { startServer, type TestServer } from '../support/server.ts'

const redemption = 'update "grants" set "code_redeemed_at"'
const rotation = 'update "chains" set "generation"'

describe('a connection that is cut between a commit and its answer', () => {
  let database: FreshDatabase
  let proxy: CutProxy
  let server: TestServer
  let client: TestClient

  beforeAll(async () => {
    database = await freshDatabase()
    proxy = await cutProxy(database.dsn)
    server = await startServer(proxy.dsn, { config: ownPages })
    client = await createClient(server)
  })
  afterAll(async () => {
    proxy.open()
    await server.close()
    await proxy.close()
    await database.drop()
  })
  beforeEach(() => proxy.open())

  /** Cuts while `send` is answered. With `away` the database then stays away until the request has given up. */
  async function cutDuring(
    text: string,
    away: boolean,
    send: () => Promise<TokenAnswer>,
  ): Promise<TokenAnswer> {
    const before = proxy.cuts()
    proxy.cutAfter(text)
    // The pool has to notice that its connections are gone.
    await delay(100)
    const answer = send()
    for (let waits = 0; waits < 3000 && proxy.cuts() === before; waits += 1) await delay(1)
    expect(proxy.cuts()).toBeGreaterThan(before)
    if (away) proxy.refuse()
    else proxy.open()
    const { status, headers, body } = await answer
    proxy.open()
    return { status, headers, body }
  }

  for (const scope of ['openid offline_access', 'openid']) {
    it(`redeems the code all the same, once (${scope})`, async () => {
      const callback = await new Browser(server).authorize(authorizationUrl(client, { scope }))
      const first = await cutDuring(redemption, false, () => exchangeCode(server, client, callback))
      expect(first.status).toBe(200)
      expect((await introspect(server, first.body['access_token']))['active']).toBe(true)
      expect((await exchangeCode(server, client, callback)).status).toBe(400)
    })

    it(`lets a client that was answered 503 redeem its code again, once (${scope})`, async () => {
      const callback = await new Browser(server).authorize(authorizationUrl(client, { scope }))
      const first = await cutDuring(redemption, true, () => exchangeCode(server, client, callback))
      expect(first.status).toBe(503)
      expect(first.headers.get('retry-after')).toBe('1')
      const second = await exchangeCode(server, client, callback)
      expect(second.status).toBe(200)
      expect((await introspect(server, second.body['access_token']))['active']).toBe(true)
      if (scope.includes('offline')) {
        expect((await refresh(server, client, second.body['refresh_token'])).status).toBe(200)
      }
      const third = await exchangeCode(server, client, callback)
      expect(third.body).toMatchObject({ error: 'invalid_grant' })
      expect((await introspect(server, second.body['access_token']))['active']).toBe(false)
    })
  }

  async function line(): Promise<unknown> {
    const callback = await new Browser(server).authorize(authorizationUrl(client))
    return (await exchangeCode(server, client, callback)).body['refresh_token']
  }

  it('rotates a refresh token all the same, once', async () => {
    const token = await line()
    const first = await cutDuring(rotation, false, () => refresh(server, client, token))
    expect(first.status).toBe(200)
    expect((await refresh(server, client, first.body['refresh_token'])).status).toBe(200)
    expect((await refresh(server, client, token)).status).toBe(400)
  })

  it('lets a client that was answered 503 refresh again, once', async () => {
    const token = await line()
    expect((await cutDuring(rotation, true, () => refresh(server, client, token))).status).toBe(503)
    const second = await refresh(server, client, token)
    expect(second.status).toBe(200)
    expect((await refresh(server, client, second.body['refresh_token'])).status).toBe(200)
    expect((await refresh(server, client, token)).body).toMatchObject({ error: 'invalid_grant' })
  })

  describe('and a retry that another process gets', () => {
    let other: TestServer
    beforeAll(async () => {
      other = await startServer(database.dsn, { config: ownPages })
    })
    afterAll(() => other.close())

    /** What `Retry-After` asks of a client, and more for a machine under load. */
    const asTold = () => delay(1500)

    for (const scope of ['openid offline_access', 'openid'])
      it(`redeems the code there, once (${scope})`, async () => {
        const callback = await new Browser(server).authorize(authorizationUrl(client, { scope }))
        const first = await cutDuring(redemption, true, () =>
          exchangeCode(server, client, callback),
        )
        expect(first.status).toBe(503)
        await asTold()
        const second = await exchangeCode(other, client, callback)
        expect(second.status).toBe(200)
        expect((await introspect(server, second.body['access_token']))['active']).toBe(true)
        if (scope.includes('offline')) {
          expect((await refresh(server, client, second.body['refresh_token'])).status).toBe(200)
        }
        for (const each of [server, other]) {
          const again = await exchangeCode(each, client, callback)
          expect(again.body).toMatchObject({ error: 'invalid_grant' })
        }
        expect((await introspect(other, second.body['access_token']))['active']).toBe(false)
      })

    it('refreshes there, once', async () => {
      const token = await line()
      const first = await cutDuring(rotation, true, () => refresh(server, client, token))
      expect(first.status).toBe(503)
      await asTold()
      const second = await refresh(other, client, token)
      expect(second.status).toBe(200)
      expect((await refresh(server, client, second.body['refresh_token'])).status).toBe(200)
      expect((await refresh(other, client, token)).body).toMatchObject({ error: 'invalid_grant' })
    })

    it(
      'gives one of many that come to both at the moment of the undoing the tokens, at most',
      async () => {
        for (let round = 0; round < testScale; round += 1) {
          const callback = await new Browser(server).authorize(authorizationUrl(client))
          const first = await cutDuring(redemption, true, () =>
            exchangeCode(server, client, callback),
          )
          expect(first.status).toBe(503)
          const answers: number[] = []
          await Promise.all(
            Array.from({ length: 20 }, async (_none, n) => {
              await delay(n * 20)
              const { status } = await exchangeCode(n % 2 === 0 ? server : other, client, callback)
              answers.push(status)
            }),
          )
          expect(answers.filter((status) => status === 200).length).toBeLessThanOrEqual(1)
          expect(answers.every((status) => status === 200 || status === 400)).toBe(true)
        }
      },
      20_000 * testScale,
    )
  })

  it('gives one of two that refresh again at the same time the tokens', async () => {
    const token = await line()
    expect((await cutDuring(rotation, true, () => refresh(server, client, token))).status).toBe(503)
    const both = await Promise.all([1, 2].map(() => refresh(server, client, token)))
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400])
  })
})
