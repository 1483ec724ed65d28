import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizationUrl,
  basic,
  Browser,
  createClient,
  exchangeCode,
  introspect,
  refresh,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

interface Pair {
  readonly access: unknown
  readonly refresh: unknown
}

const grace = (period: string, count?: number) => ({
  oauth2: {
    grant: {
      refresh_token: {
        rotation_grace_period: period,
        ...(count === undefined ? {} : { rotation_grace_reuse_count: count }),
      },
    },
  },
})

describeEachEngine('graceful refresh token rotation', (engine) => {
  for (const strategy of ['opaque', 'jwt']) {
    describe(strategy, () => {
      const servers: TestServer[] = []
      let inWindow: TestServer
      let counted: TestServer
      let client: TestClient
      beforeAll(async () => {
        const open = async (config: object) => {
          const server = await startServer(engine, {
            config: { ...config, strategies: { access_token: strategy } },
          })
          servers.push(server)
          return server
        }
        inWindow = await open(grace('2s'))
        counted = await open(grace('1h', 3))
        client = await createClient(inWindow)
      })
      afterAll(async () => {
        for (const server of servers) await server.close()
      })

      async function first(server: TestServer, subject = 'user-1'): Promise<Pair> {
        const callback = await new Browser(server).authorize(authorizationUrl(client), {
          login: { subject },
        })
        const { body } = await exchangeCode(server, client, callback)
        return { access: body['access_token'], refresh: body['refresh_token'] }
      }
      async function next(server: TestServer, pair: Pair): Promise<Pair> {
        const { status, body } = await refresh(server, client, pair.refresh)
        expect([status, body['error']]).toEqual([200, undefined])
        return { access: body['access_token'], refresh: body['refresh_token'] }
      }
      const isActive = async (server: TestServer, token: unknown) =>
        (await introspect(server, token))['active']
      async function expectDead(server: TestServer, pairs: readonly Pair[]): Promise<void> {
        for (const pair of pairs) {
          expect(await isActive(server, pair.access)).toBe(false)
          expect(await isActive(server, pair.refresh)).toBe(false)
          expect((await refresh(server, client, pair.refresh)).body['error']).toBe('invalid_grant')
        }
      }
      /** Each refresh token is used twice; gives the generations, the last one last. */
      async function generations(
        server: TestServer,
        count: number,
        pause: number,
      ): Promise<Pair[][]> {
        const all = [[await first(server)]]
        for (let generation = 0; generation < count; generation++) {
          const born: Pair[] = []
          for (const pair of all.at(-1) ?? [])
            born.push(await next(server, pair), await next(server, pair))
          all.push(born)
          server.clock.advance(pause)
        }
        return all
      }

      it('S069 gives two valid pairs for one refresh token, and kills its access token at the first use', async () => {
        const original = await first(inWindow)
        const one = await next(inWindow, original)
        expect(await isActive(inWindow, original.access)).toBe(false)
        expect(await isActive(inWindow, original.refresh)).toBe(true)
        const two = await next(inWindow, original)
        for (const pair of [one, two]) {
          expect(await isActive(inWindow, pair.access)).toBe(true)
          expect(await isActive(inWindow, pair.refresh)).toBe(true)
        }
      })

      it('S070 refuses an expired refresh token inside the window', async () => {
        const short = await createClient(inWindow, {
          authorization_code_grant_refresh_token_lifespan: '1s',
        })
        const callback = await new Browser(inWindow).authorize(authorizationUrl(short))
        const { body } = await exchangeCode(inWindow, short, callback)
        expect((await refresh(inWindow, short, body['refresh_token'])).status).toBe(200)
        inWindow.clock.advance(1001)
        const late = await refresh(inWindow, short, body['refresh_token'])
        expect(late.body['error']).toBe('invalid_grant')
      })

      it('S071 treats a use after the window as theft', async () => {
        const original = await first(inWindow)
        const refreshed = await next(inWindow, original)
        inWindow.clock.advance(2001)
        expect((await refresh(inWindow, client, original.refresh)).body['error']).toBe(
          'invalid_grant',
        )
        await expectDead(inWindow, [original, refreshed])
      })

      it('S072 and S077 kill every token of four generations when an old one is used after its window', async () => {
        const all = await generations(inWindow, 3, 2001)
        expect((await refresh(inWindow, client, all[1]?.[0]?.refresh)).body['error']).toBe(
          'invalid_grant',
        )
        await expectDead(inWindow, all.flat())
      })

      it('S074 and S075 keep only the access tokens of the last generation alive, with and without pauses', async () => {
        for (const pause of [0, 2001]) {
          const all = await generations(inWindow, 3, pause)
          const last = all.pop() ?? []
          for (const pair of all.flat()) expect(await isActive(inWindow, pair.access)).toBe(false)
          for (const pair of last) expect(await isActive(inWindow, pair.access)).toBe(true)
        }
      })

      it('S076 kills every token when the consents of the subject are revoked', async () => {
        const original = await first(inWindow, 's076')
        const pairs = [original, await next(inWindow, original), await next(inWindow, original)]
        await inWindow.adminFetch('/admin/oauth2/auth/sessions/consent?subject=s076&all=true', {
          method: 'DELETE',
        })
        await expectDead(inWindow, pairs)
      })

      it('S078 kills every token when one of the last generation is revoked', async () => {
        const all = await generations(inWindow, 2, 0)
        const response = await inWindow.publicFetch('/oauth2/revoke', {
          method: 'POST',
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            authorization: basic(client),
          },
          body: `token=${String(all.at(-1)?.[0]?.refresh)}`,
        })
        expect(response.status).toBe(200)
        await expectDead(inWindow, all.flat())
      })

      it('S079 gives five parallel refreshes five distinct living pairs', async () => {
        const original = await first(inWindow)
        const pairs = await Promise.all(Array.from({ length: 5 }, () => next(inWindow, original)))
        expect(new Set(pairs.map((pair) => pair.refresh)).size).toBe(5)
        for (const pair of pairs) {
          expect(await isActive(inWindow, pair.access)).toBe(true)
          expect(await isActive(inWindow, pair.refresh)).toBe(true)
        }
      })

      it('S080 and S073 count uses: with 3 the fourth is theft', async () => {
        const original = await first(counted)
        const pairs: Pair[] = []
        for (let use = 0; use < 3; use++) pairs.push(await next(counted, original))
        expect((await refresh(counted, client, original.refresh)).body['error']).toBe(
          'invalid_grant',
        )
        await expectDead(counted, [original, ...pairs])
      })

      it('S080 lets exactly three of twenty parallel uses through', async () => {
        const original = await first(counted)
        const answers = await Promise.all(
          Array.from({ length: 20 }, () => refresh(counted, client, original.refresh)),
        )
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
      })

      it('2.3 treats tokens used under strict rotation as used', async () => {
        const strict = await startServer(engine, {
          config: { strategies: { access_token: strategy } },
        })
        servers.push(strict)
        const original = await first(strict)
        const refreshed = await next(strict, original)
        expect((await refresh(inWindow, client, original.refresh)).body['error']).toBe(
          'invalid_grant',
        )
        await expectDead(inWindow, [refreshed])
      })

      it('S208 purges what the window left behind, and still tells theft', async () => {
        const original = await first(inWindow)
        const refreshed = await next(inWindow, original)
        inWindow.clock.advance(20 * 60_000)
        await inWindow.storage.purgeExpired(inWindow.clock(), 1000)
        expect((await refresh(inWindow, client, original.refresh)).body['error']).toBe(
          'invalid_grant',
        )
        await expectDead(inWindow, [refreshed])
      })
    })
  }
})
