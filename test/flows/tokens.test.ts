import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accept,
  authorizationUrl,
  basic,
  Browser,
  claimsOf,
  createClient,
  exchangeCode,
  introspect,
  pkcePair,
  postToken,
  refresh,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

type Body = Record<string, unknown>

describeEachEngine('tokens', (engine) => {
  describe.each(['opaque', 'jwt'])('with %s access tokens', (strategy) => {
    let server: TestServer
    let client: TestClient
    const others: TestServer[] = []
    const open = async (config: object = {}) => {
      const started = await startServer(engine, {
        config: { strategies: { access_token: strategy }, ...config },
      })
      others.push(started)
      return started
    }
    beforeAll(async () => {
      server = await open()
      client = await createClient(server)
    })
    afterAll(async () => {
      for (const each of others) await each.close()
    })

    const issue = async (app = client, consent: object = {}, on = server): Promise<Body> => {
      const callback = await new Browser(on).authorize(authorizationUrl(app), { consent })
      const { status, body } = await exchangeCode(on, app, callback)
      expect(status).toBe(200)
      return body
    }
    const userinfo = (token: unknown, init: RequestInit = {}) =>
      server.publicFetch('/userinfo', {
        ...init,
        headers: { authorization: `Bearer ${String(token)}`, ...(init.headers as object) },
      })
    const clientToken = (form: Record<string, string> = {}, app = client, on = server) =>
      postToken(on, app, { grant_type: 'client_credentials', ...form })
    const lifetime = (claims: Body) => Number(claims['exp']) - Number(claims['iat'])

    it('S002 and S005 introspect what the code flow gave', async () => {
      const body = await issue(client, { session: { access_token: { hello: 'world' } } })
      expect(await introspect(server, body['access_token'])).toMatchObject({
        active: true,
        client_id: client.client_id,
        sub: 'user-1',
        ext: { hello: 'world' },
        scope: 'openid offline_access foo',
      })
      const ofRefresh = await introspect(server, body['refresh_token'])
      expect(ofRefresh).toMatchObject({ active: true, token_use: 'refresh_token' })
      expect(lifetime(ofRefresh)).toBe(30 * 86_400)
      expect(body).not.toHaveProperty('c_nonce_draft_00')
    })

    it('S004, S043 and S163 make access tokens of the strategy, JWTs that verify with the published keys', async () => {
      const token = String(
        (await issue(client, { session: { access_token: { hello: 'world' } } }))['access_token'],
      )
      if (strategy === 'opaque') {
        expect(token).toMatch(/^ory_at_[^.]+\.[^.]+$/u)
        return
      }
      const jwks = (await (
        await server.publicFetch('/.well-known/jwks.json')
      ).json()) as JSONWebKeySet
      const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), {
        issuer: server.issuer,
        currentDate: new Date(server.clock()),
      })
      expect(protectedHeader).toMatchObject({ typ: 'JWT', kid: expect.any(String) })
      expect(payload).toMatchObject({
        sub: 'user-1',
        client_id: client.client_id,
        scp: ['openid', 'offline_access', 'foo'],
        aud: [],
        ext: { hello: 'world' },
        nbf: payload.iat,
        jti: expect.stringMatching(
          /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u,
        ),
      })
    })

    it('S025, S026 and S027 follow the lifespans of the client, and the server again when they are unset', async () => {
      const app = await createClient(server, {
        authorization_code_grant_access_token_lifespan: '5m',
        authorization_code_grant_id_token_lifespan: '6m',
        authorization_code_grant_refresh_token_lifespan: '7m',
        refresh_token_grant_access_token_lifespan: '8m',
        refresh_token_grant_id_token_lifespan: '9m',
        refresh_token_grant_refresh_token_lifespan: '10m',
      })
      const lifetimes = async (body: Body) => [
        body['expires_in'],
        lifetime(await introspect(server, body['access_token'])),
        lifetime(claimsOf(body['id_token'])),
        lifetime(await introspect(server, body['refresh_token'])),
      ]
      const first = await issue(app)
      expect(await lifetimes(first)).toEqual([300, 300, 360, 420])
      const second = (await refresh(server, app, first['refresh_token'])).body
      expect(await lifetimes(second)).toEqual([480, 480, 540, 600])
      for (const dead of ['access_token', 'refresh_token'])
        expect(await introspect(server, first[dead])).toEqual({ active: false })
      await server.adminFetch(`/admin/clients/${app.client_id}/lifespans`, {
        method: 'PUT',
        body: '{}',
      })
      expect(await lifetimes(await issue(app))).toEqual([3600, 3600, 3600, 30 * 86_400])
    })

    it('S040 and S041 keep claims, acr and amr through a refresh', async () => {
      const callback = await new Browser(server).authorize(authorizationUrl(client), {
        login: { acr: '2', amr: ['pwd', 'otp'] },
        consent: { session: { access_token: { a: 1 }, id_token: { b: 2 } } },
      })
      const { body } = await exchangeCode(server, client, callback)
      const later = (await refresh(server, client, body['refresh_token'])).body
      for (const each of [body, later]) {
        expect(claimsOf(each['id_token'])).toMatchObject({ acr: '2', amr: ['pwd', 'otp'], b: 2 })
        expect((await introspect(server, each['access_token']))['active']).toBe(each === later)
      }
      expect(await introspect(server, later['access_token'])).toMatchObject({ ext: { a: 1 } })
      expect(await introspect(server, body['refresh_token'])).toEqual({ active: false })
    })

    it('S050, S051, S052, S053, S178 and CY61 answer userinfo by GET, by POST and by form, and refuse garbage', async () => {
      const token = (await issue())['access_token']
      const byForm = server.publicFetch('/userinfo', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `access_token=${String(token)}`,
      })
      for (const response of [
        await userinfo(token),
        await userinfo(token, { method: 'POST' }),
        await byForm,
      ]) {
        expect(response.status).toBe(200)
        expect(await response.json()).toMatchObject({ sub: 'user-1', aud: [client.client_id] })
      }
      expect((await userinfo('garbage')).status).toBe(401)
    })

    it('S054, S055 and S056 renew everything but the client, and again with the newest refresh token', async () => {
      const first = await issue()
      server.clock.advance(2000)
      const second = (await refresh(server, client, first['refresh_token'])).body
      const [before, after] = [
        await introspect(server, second['access_token']),
        (await refresh(server, client, second['refresh_token'])).body,
      ]
      expect(before['client_id']).toBe(client.client_id)
      expect((await userinfo(first['access_token'])).status).toBe(401)
      expect((await userinfo(after['access_token'])).status).toBe(200)
      if (strategy === 'jwt') {
        const [old, young] = [claimsOf(first['access_token']), claimsOf(second['access_token'])]
        for (const name of ['exp', 'iat', 'nbf', 'jti']) expect(young[name]).not.toBe(old[name])
      }
    })

    it('S063, S064, S068 and CY38 refuse the first refresh token of a chain, and then the newest', async () => {
      const app = await createClient(server, { token_endpoint_auth_method: 'none' })
      const { verifier, challenge } = pkcePair()
      const url = authorizationUrl(app, {
        code_challenge: challenge,
        code_challenge_method: 'S256',
      })
      const { body } = await exchangeCode(server, app, await new Browser(server).authorize(url), {
        code_verifier: verifier,
      })
      let newest = body
      for (let turn = 0; turn < 3; turn++)
        newest = (await refresh(server, app, newest['refresh_token'])).body
      for (const token of [body['refresh_token'], newest['refresh_token']]) {
        const refused = await refresh(server, app, token)
        expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_grant'])
      }
    })

    it('RFC 9700 §2.1.1, RFC 9700 §4.3.1, attack 28: S065 and S226 refuse a code for the second time, and end the tokens of the first', async () => {
      const callback = await new Browser(server).authorize(authorizationUrl(client))
      const { body } = await exchangeCode(server, client, callback)
      expect((await exchangeCode(server, client, callback)).body['error']).toBe('invalid_grant')
      expect((await userinfo(body['access_token'])).status).toBe(401)
    })

    it('S066 and CY36–CY37 give the tokens that the scopes say, and no other', async () => {
      const sets: readonly (readonly [string[], string[]])[] = [
        [
          ['openid', 'offline_access'],
          ['access_token', 'id_token', 'refresh_token'],
        ],
        [['offline'], ['access_token', 'refresh_token']],
        [['openid'], ['access_token', 'id_token']],
        [[], ['access_token']],
      ]
      for (const [grantScope, expected] of sets) {
        const app = await createClient(server)
        const body = await issue(app, { grant_scope: grantScope })
        expect(Object.keys(body).filter((name) => name.endsWith('_token'))).toEqual(expected)
        if (!expected.includes('refresh_token')) continue
        const later = (await refresh(server, app, body['refresh_token'])).body
        expect(Object.keys(later).filter((name) => name.endsWith('_token'))).toEqual(expected)
      }
    })

    it('2.1 gives no refresh token to a client without the grant type', async () => {
      const app = await createClient(server, { grant_types: ['authorization_code'] })
      expect(await issue(app)).not.toHaveProperty('refresh_token')
    })

    it('CY33, CY34, CY35, CY59 and CY60 tell token kinds apart and end both with either', async () => {
      for (const revoked of ['access_token', 'refresh_token']) {
        const body = await issue()
        expect(await introspect(server, body['access_token'])).toMatchObject({
          token_type: 'Bearer',
          token_use: 'access_token',
        })
        expect(await introspect(server, body['refresh_token'])).toMatchObject({
          token_type: 'Bearer',
          token_use: 'refresh_token',
        })
        expect(String(body['refresh_token']).split('.')).toHaveLength(2)
        const response = await server.publicFetch('/oauth2/revoke', {
          method: 'POST',
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            authorization: basic(client),
          },
          body: `token=${String(body[revoked])}`,
        })
        expect(response.status).toBe(200)
        const info = await userinfo(body['access_token'])
        expect([info.status, ((await info.json()) as Body)['error']]).toEqual([
          401,
          'request_unauthorized',
        ])
        expect((await refresh(server, client, body['refresh_token'])).status).toBe(400)
      }
    })

    describe('client_credentials', () => {
      it('RFC 9700 §2.3: S081 and S082 refuse audiences and scopes of others', async () => {
        expect((await clientToken({ audience: 'https://other.example' })).body['error']).toBe(
          'invalid_request',
        )
        expect((await clientToken({ scope: 'bar' })).body['error']).toBe('invalid_scope')
      })

      it('S083, S084, S085 and CY19 give what was asked for and nothing else', async () => {
        const app = await createClient(server, {
          audience: ['https://api.example'],
          grant_types: ['client_credentials'],
        })
        const { body } = await clientToken(
          { scope: 'foo', audience: 'https://api.example/v1' },
          app,
        )
        expect(body).toEqual({
          access_token: body['access_token'],
          expires_in: 3600,
          scope: 'foo',
          token_type: 'bearer',
        })
        expect(await introspect(server, body['access_token'])).toMatchObject({
          sub: app.client_id,
          aud: ['https://api.example/v1'],
          scope: 'foo',
        })
        const bare = (await clientToken({}, app)).body
        expect(bare['scope']).toBe('')
        const seen = await introspect(server, bare['access_token'])
        expect(seen).toMatchObject({ active: true, aud: [] })
        expect(seen).not.toHaveProperty('scope')
        if (strategy === 'jwt') {
          expect(claimsOf(body['access_token'])).toMatchObject({
            sub: app.client_id,
            aud: ['https://api.example/v1'],
            scp: ['foo'],
          })
        }
      })

      it('S086 grants all scopes of the client when the operator says so', async () => {
        const generous = await open({
          oauth2: { client_credentials: { default_grant_allowed_scope: true } },
        })
        expect((await clientToken({}, client, generous)).body['scope']).toBe(
          'openid offline offline_access foo',
        )
        expect((await clientToken({ scope: 'foo' }, client, generous)).body['scope']).toBe('foo')
      })

      it('S087 and S088 follow lifespans of client and server', async () => {
        const app = await createClient(server, {
          client_credentials_grant_access_token_lifespan: '90s',
        })
        const { body } = await clientToken({}, app)
        expect([
          body['expires_in'],
          lifetime(await introspect(server, body['access_token'])),
        ]).toEqual([90, 90])
        const long = await open({ ttl: { access_token: '168h' } })
        expect((await clientToken({}, client, long)).body['expires_in']).toBe(604_800)
      })

      it('S093 gives neither refresh nor ID token, whatever the scope', async () => {
        const { body } = await clientToken({ scope: 'openid offline offline_access' })
        expect(Object.keys(body)).toEqual(['access_token', 'expires_in', 'scope', 'token_type'])
      })

      it('2.2 refuses public clients and clients without the grant type', async () => {
        const open = await createClient(server, { token_endpoint_auth_method: 'none' })
        expect((await clientToken({}, open)).body['error']).toBe('invalid_grant')
        const limited = await createClient(server, { grant_types: ['authorization_code'] })
        expect((await clientToken({}, limited)).body['error']).toBe('unauthorized_client')
      })
    })

    describe('PKCE', () => {
      it('RFC 9700 §2.1.1: S220 demands a challenge of public clients, or of all, where it is enforced', async () => {
        const app = await createClient(server, { token_endpoint_auth_method: 'none' })
        const forPublic = await open({ oauth2: { pkce: { enforced_for_public_clients: true } } })
        const forAll = await open({ oauth2: { pkce: { enforced: true } } })
        const start = async (on: TestServer, who: TestClient, params = {}) =>
          (await new Browser(on).location(authorizationUrl(who, params))).searchParams
        expect((await start(forPublic, app)).get('error')).toBe('invalid_request')
        expect((await start(forPublic, client)).has('login_challenge')).toBe(true)
        expect((await start(forAll, client)).get('error')).toBe('invalid_request')
        const { verifier, challenge } = pkcePair()
        const url = authorizationUrl(app, {
          code_challenge: challenge,
          code_challenge_method: 'S256',
        })
        const callback = await new Browser(forAll).authorize(url)
        expect(
          (await exchangeCode(forAll, app, callback, { code_verifier: 'x'.repeat(43) })).body[
            'error'
          ],
        ).toBe('invalid_grant')
        expect(
          (await exchangeCode(forAll, app, callback, { code_verifier: verifier })).status,
        ).toBe(200)
      })

      it('RFC 9700 §4.8.2, attack 33: S221 and S222 refuse verifiers of a wrong form, and those nobody asked for', async () => {
        const { challenge } = pkcePair()
        const asked = await new Browser(server).authorize(
          authorizationUrl(client, { code_challenge: challenge, code_challenge_method: 'S256' }),
        )
        for (const code_verifier of ['x'.repeat(42), 'x'.repeat(129), `${'x'.repeat(43)}!`]) {
          expect((await exchangeCode(server, client, asked, { code_verifier })).body['error']).toBe(
            'invalid_grant',
          )
        }
        const unasked = await new Browser(server).authorize(authorizationUrl(client))
        expect(
          (await exchangeCode(server, client, unasked, { code_verifier: 'x'.repeat(43) })).body[
            'error'
          ],
        ).toBe('invalid_grant')
        expect((await exchangeCode(server, client, unasked)).status).toBe(200)
      })

      it('attack 28: S223 refuses plain challenges', async () => {
        for (const method of ['plain', undefined, 'S512']) {
          const url = authorizationUrl(client, {
            code_challenge: pkcePair().challenge,
            code_challenge_method: method,
          })
          expect((await new Browser(server).location(url)).searchParams.get('error')).toBe(
            'invalid_request',
          )
        }
      })

      it('S224 and S225 serve public and confidential clients without it', async () => {
        const app = await createClient(server, { token_endpoint_auth_method: 'none' })
        for (const who of [app, client]) expect(await issue(who)).toHaveProperty('access_token')
      })
    })

    describe('refresh', () => {
      it('S232 looks at what the client may ask for today', async () => {
        const patch = (app: TestClient, path: string, value: unknown) =>
          server.adminFetch(`/admin/clients/${app.client_id}`, {
            method: 'PATCH',
            body: JSON.stringify([{ op: 'replace', path, value }]),
          })
        const scoped = await createClient(server)
        const { refresh_token: first } = await issue(scoped)
        await patch(scoped, '/scope', 'openid offline_access')
        expect((await refresh(server, scoped, first)).body['error']).toBe('invalid_scope')
        await patch(scoped, '/scope', 'openid offline_access foo')
        expect((await refresh(server, scoped, first)).status).toBe(200)

        const addressed = await createClient(server, { audience: ['https://api.example'] })
        const callback = await new Browser(server).authorize(
          authorizationUrl(addressed, { audience: 'https://api.example' }),
          {
            consent: { grant_access_token_audience: ['https://api.example'] },
          },
        )
        const { body } = await exchangeCode(server, addressed, callback)
        await patch(addressed, '/audience', [])
        expect((await refresh(server, addressed, body['refresh_token'])).body['error']).toBe(
          'invalid_request',
        )
      })

      it('S232 and S070 refuse an expired refresh token', async () => {
        const app = await createClient(server, {
          authorization_code_grant_refresh_token_lifespan: '1m',
        })
        const { refresh_token: token } = await issue(app)
        server.clock.advance(60_000)
        expect((await refresh(server, app, token)).body['error']).toBe('invalid_grant')
      })

      it('attack 22: S233 refuses tokens of other clients, unknown ones, and those of other kinds', async () => {
        const other = await createClient(server)
        const body = await issue()
        expect((await refresh(server, other, body['refresh_token'])).body['error']).toBe(
          'invalid_grant',
        )
        for (const token of [
          'unknown',
          '',
          body['access_token'],
          `${String(body['refresh_token'])}x`,
        ]) {
          expect((await refresh(server, client, token)).body['error']).toBe('invalid_grant')
        }
        expect((await refresh(server, client, body['refresh_token'])).status).toBe(200)
      })

      it('W-13 revokes what another client replays', async () => {
        const other = await createClient(server)
        const first = await issue()
        const second = (await refresh(server, client, first['refresh_token'])).body
        expect((await refresh(server, other, first['refresh_token'])).body['error']).toBe(
          'invalid_grant',
        )
        expect((await refresh(server, client, second['refresh_token'])).body['error']).toBe(
          'invalid_grant',
        )
      })

      it('S247 keeps a refresh token that never expires, whatever is purged', async () => {
        const eternal = await open({ ttl: { refresh_token: '-1' } })
        const app = await createClient(eternal)
        const body = await issue(app, {}, eternal)
        eternal.clock.advance(10 * 365 * 86_400_000)
        await eternal.storage.purgeExpired(eternal.clock(), 1000)
        expect((await refresh(eternal, app, body['refresh_token'])).status).toBe(200)
      })
    })

    describe('the token endpoint', () => {
      const post = async (body: string, headers: Record<string, string> = {}) => {
        const response = await server.publicFetch('/oauth2/token', {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
          body,
        })
        return {
          status: response.status,
          headers: response.headers,
          error: ((await response.json()) as Body)['error'],
        }
      }

      it('S234 and S147 refuse requests that say nothing, and clients that prove nothing', async () => {
        const authorization = basic(client)
        expect(await post('')).toMatchObject({ status: 400, error: 'invalid_request' })
        expect(
          await post('{"grant_type":"client_credentials"}', {
            'content-type': 'application/json',
            authorization,
          }),
        ).toMatchObject({ status: 400, error: 'invalid_request' })
        expect(await post('grant_type=unknown', { authorization })).toMatchObject({
          status: 400,
          error: 'invalid_request',
        })
        expect(await post('grant_type=client_credentials')).toMatchObject({
          status: 400,
          error: 'invalid_request',
        })
        for (const wrong of [
          basic({ ...client, client_secret: 'wrong' }),
          basic({ client_id: 'nobody', client_secret: 'x' }),
        ]) {
          const refused = await post('grant_type=client_credentials', { authorization: wrong })
          expect(refused).toMatchObject({ status: 401, error: 'invalid_client' })
          expect(refused.headers.get('www-authenticate')).toContain('Basic')
          expect(refused.headers.get('cache-control')).toBe('no-store')
        }
      })

      it('RFC 9700 §2.5: S235 authenticates clients by their method and no other', async () => {
        const secret = 'p%ss+w&rd=é ~'
        const byBasic = await createClient(server, { client_secret: secret })
        const byPost = await createClient(server, {
          client_secret: secret,
          token_endpoint_auth_method: 'client_secret_post',
        })
        const body = (app: TestClient, extra: Record<string, string> = {}) =>
          new URLSearchParams({
            grant_type: 'client_credentials',
            client_id: app.client_id,
            ...extra,
          }).toString()
        expect(
          await post('grant_type=client_credentials', {
            authorization: basic({ ...byBasic, client_secret: secret }),
          }),
        ).toMatchObject({ status: 200 })
        expect(await post(body(byPost, { client_secret: secret }))).toMatchObject({ status: 200 })
        const refused = [
          await post(body(byBasic, { client_secret: secret })),
          await post('grant_type=client_credentials', {
            authorization: basic({ ...byPost, client_secret: secret }),
          }),
          await post(body(byBasic, { client_secret: secret }), {
            authorization: basic({ ...byBasic, client_secret: secret }),
          }),
          await post(body(byBasic)),
          await post('grant_type=client_credentials', {
            authorization: basic({ ...byBasic, client_secret: '' }),
          }),
        ]
        for (const each of refused)
          expect(each).toMatchObject({ status: 401, error: 'invalid_client' })
        expect(
          await post('grant_type=client_credentials', {
            authorization: `Basic ${btoa('%zz:secret')}`,
          }),
        ).toMatchObject({ status: 400, error: 'invalid_request' })
      })

      it('attack 15 and 1.1 refuse repeated parameters', async () => {
        const authorization = basic(client)
        for (const body of [
          'grant_type=client_credentials&scope=foo&scope=foo',
          'grant_type=client_credentials&grant_type=client_credentials',
        ]) {
          expect(await post(body, { authorization })).toMatchObject({
            status: 400,
            error: 'invalid_request',
          })
        }
        expect(
          await post('grant_type=client_credentials&audience=&audience=', { authorization }),
        ).toMatchObject({ status: 200 })
      })

      it('attack 23 refuses tokens and codes with a byte flipped, cut or added', async () => {
        const callback = await new Browser(server).authorize(authorizationUrl(client))
        const code = callback.searchParams.get('code') ?? ''
        const mangled = [
          code.slice(0, -1),
          `${code}A`,
          code.replace('ory_ac_', 'ory_at_'),
          code.slice(0, 20) + (code[20] === 'A' ? 'B' : 'A') + code.slice(21),
        ]
        for (const each of mangled) {
          const url = new URL(callback)
          url.searchParams.set('code', each)
          expect((await exchangeCode(server, client, url)).body['error']).toBe('invalid_grant')
        }
        expect((await exchangeCode(server, client, callback)).status).toBe(200)
      })
    })

    it('S021 and OA7 refuse a scope that was swapped after the consent', async () => {
      const browser = new Browser(server)
      const consent = await browser.consentChallenge(
        await browser.loginChallenge(authorizationUrl(client)),
        { subject: 'u' },
      )
      const redirectTo = await accept(server, 'consent', consent, {})
      const swapped = await browser.location(redirectTo.replace('scope=openid', 'scope=bar'))
      expect(swapped.searchParams.get('error')).toBe('invalid_scope')
    })
  })
})
