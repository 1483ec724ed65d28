import { beforeAll, describe, expect, it } from 'vitest'
import {
  accept,
  Browser,
  challengeOf,
  claimsOf,
  getRequest,
  postToken,
  refresh,
  reject,
  type TestClient,
} from '../support/browser-flow.ts'
import {
  approve,
  createDeviceClient,
  deviceChallenge,
  deviceGrant,
  enterCode,
  poll,
  postDeviceAuth,
  requestCodes,
  toConsentVerifier,
  toVerifier,
} from '../support/device-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

async function errorOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { error: unknown }).error
}

describeEachEngine('the device authorization grant', (engine) => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer(engine)
    client = await createDeviceClient(server)
    return () => server.close()
  })

  async function introspect(token: unknown): Promise<Record<string, unknown>> {
    const response = await server.adminFetch('/admin/oauth2/introspect', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token: String(token) }).toString(),
    })
    return (await response.json()) as Record<string, unknown>
  }

  describe('POST /oauth2/device/auth', () => {
    it('S132 answers with both codes, both addresses and the interval', async () => {
      const response = await postDeviceAuth(server, client, { scope: 'openid' })
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-control')).toBe('no-store')
      const codes = (await response.json()) as Record<string, unknown>
      expect(codes).toEqual({
        device_code: expect.stringMatching(/^ory_dc_/u),
        user_code: expect.stringMatching(/^[a-km-np-zAC-HJ-NP-RT-Y34679]{8}$/u),
        verification_uri: 'http://127.0.0.1/oauth2/device/verify',
        verification_uri_complete: `http://127.0.0.1/oauth2/device/verify?user_code=${String(codes['user_code'])}`,
        expires_in: 600,
        interval: 5,
      })
    })

    it('S133 refuses an audience that is not allowed', async () => {
      const response = await postDeviceAuth(server, client, { audience: 'https://other.example/' })
      expect(response.status).toBe(400)
      expect(await errorOf(response)).toBe('invalid_request')
    })

    it('S134 refuses a client without the grant type', async () => {
      const other = await createDeviceClient(server, { grant_types: ['client_credentials'] })
      const response = await postDeviceAuth(server, other)
      expect(response.status).toBe(400)
      expect(await errorOf(response)).toBe('invalid_grant')
    })

    it('S135 refuses a scope that is not allowed', async () => {
      const response = await postDeviceAuth(server, client, { scope: 'openid admin' })
      expect(response.status).toBe(400)
      expect(await errorOf(response)).toBe('invalid_scope')
    })

    it('S136 refuses an unknown client', async () => {
      const unknown = { client_id: 'nobody', client_secret: 'x', redirect_uri: '' }
      const response = await postDeviceAuth(server, unknown)
      expect(response.status).toBe(401)
      expect(await errorOf(response)).toBe('invalid_client')
    })

    it('S137 wants the client_id of the authenticated client in the form', async () => {
      for (const clientId of ['another', '']) {
        const response = await postDeviceAuth(server, client, { client_id: clientId })
        expect(response.status).toBe(400)
        expect(await errorOf(response)).toBe('invalid_request')
      }
    })

    it('7.1 refuses an empty body', async () => {
      const response = await server.publicFetch('/oauth2/device/auth', { method: 'POST' })
      expect(response.status).toBe(400)
      expect(await errorOf(response)).toBe('invalid_request')
    })

    it('serves a public client', async () => {
      const app = await createDeviceClient(server, { token_endpoint_auth_method: 'none' })
      const codes = await requestCodes(server, { ...app, client_secret: '' })
      await approve(new Browser(server), codes)
      const tokens = await poll(server, { ...app, client_secret: '' }, codes)
      expect(tokens.status).toBe(200)
    })
  })

  describe('tokens of an approved device', () => {
    const cases = [
      { it: 'CY14 and S141 all three', scope: ['hydra', 'offline', 'openid'], rt: true, idt: true },
      { it: 'CY15 and S140 no ID token', scope: ['offline_access'], rt: true, idt: false },
      { it: 'CY16 and S139 no refresh token', scope: ['openid'], rt: false, idt: true },
      { it: 'CY17 an access token for nothing granted', scope: [], rt: false, idt: false },
      { it: 'S138 an access token for another scope', scope: ['hydra'], rt: false, idt: false },
    ] as const
    for (const c of cases) {
      it(c.it, async () => {
        const codes = await requestCodes(server, client)
        const end = await approve(new Browser(server), codes, { consent: { grant_scope: c.scope } })
        expect(end.pathname).toBe('/ui/device/done')
        expect(end.searchParams.get('client_id')).toBe(client.client_id)
        const { status, body } = await poll(server, client, codes)
        expect(status).toBe(200)
        expect(body['scope']).toBe(c.scope.join(' '))
        expect('refresh_token' in body).toBe(c.rt)
        expect('id_token' in body).toBe(c.idt)
        expect(await introspect(body['access_token'])).toMatchObject({
          active: true,
          sub: 'aeneas',
          client_id: client.client_id,
        })
      })
    }

    it('S141 refreshes, ends the old access token, and revokes all on reuse', async () => {
      const codes = await requestCodes(server, client)
      await approve(new Browser(server), codes)
      const first = (await poll(server, client, codes)).body
      const second = await refresh(server, client, first['refresh_token'])
      expect(second.status).toBe(200)
      expect(second.body).toMatchObject({ scope: 'hydra offline openid' })
      expect(second.body).toHaveProperty('id_token')
      expect(await introspect(first['access_token'])).toEqual({ active: false })
      expect((await refresh(server, client, first['refresh_token'])).body).toMatchObject({
        error: 'invalid_grant',
      })
      expect(await introspect(second.body['access_token'])).toEqual({ active: false })
    })

    it('S142 puts the audience into the access token, not into the ID token', async () => {
      const codes = await requestCodes(server, client, { audience: 'https://api.example/' })
      await approve(new Browser(server), codes)
      const { body } = await poll(server, client, codes)
      expect((await introspect(body['access_token']))['aud']).toEqual(['https://api.example/'])
      expect(claimsOf(body['id_token'])['aud']).toEqual([client.client_id])
    })

    it('S143 follows the lifespans of the device grant, then those of the refresh grant', async () => {
      const tv = await createDeviceClient(server, {
        device_authorization_grant_access_token_lifespan: '11s',
        device_authorization_grant_id_token_lifespan: '12s',
        device_authorization_grant_refresh_token_lifespan: '13s',
        refresh_token_grant_access_token_lifespan: '21s',
      })
      const codes = await requestCodes(server, tv)
      await approve(new Browser(server), codes)
      const { body } = await poll(server, tv, codes)
      expect(body['expires_in']).toBe(11)
      const { iat, exp } = claimsOf(body['id_token']) as { iat: number; exp: number }
      expect(exp - iat).toBe(12)
      const token = await introspect(body['refresh_token'])
      expect(Number(token['exp']) - Number(token['iat'])).toBe(13)
      expect((await refresh(server, tv, body['refresh_token'])).body['expires_in']).toBe(21)
    })

    it('S144 and OA17 refuse the user code once it was used', async () => {
      const codes = await requestCodes(server, client)
      await approve(new Browser(server), codes)
      const again = await enterCode(
        server,
        await deviceChallenge(new Browser(server)),
        codes.user_code,
      )
      expect(again.status).toBe(400)
      expect(await errorOf(again)).toBe('invalid_request')
    })

    it('ST45 gives tokens once', async () => {
      const codes = await requestCodes(server, client)
      await approve(new Browser(server), codes)
      const { body } = await poll(server, client, codes)
      server.clock.advance(6_000)
      const again = await poll(server, client, codes)
      expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
      expect(await introspect(body['access_token'])).toMatchObject({ active: true })
    })

    it('gives exactly one of a hundred parallel polls tokens', async () => {
      const codes = await requestCodes(server, client)
      await approve(new Browser(server), codes)
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => poll(server, client, codes)),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      const errors = new Set(answers.map(({ body }) => body['error']))
      expect(
        [...errors].every((error) =>
          [undefined, 'slow_down', 'invalid_grant'].includes(error as string),
        ),
      ).toBe(true)
    })
  })

  describe('polling', () => {
    it('S146 answers authorization_pending before the user decided', async () => {
      const codes = await requestCodes(server, client)
      expect(await poll(server, client, codes)).toMatchObject({
        status: 400,
        body: { error: 'authorization_pending' },
      })
    })

    it('W23 answers slow_down to polls that come too fast, and wants five more seconds', async () => {
      const codes = await requestCodes(server, client)
      const errors: unknown[] = []
      for (const pause of [0, 1_000, 9_500, 5_000, 15_000]) {
        server.clock.advance(pause)
        errors.push((await poll(server, client, codes)).body['error'])
      }
      expect(errors).toEqual([
        'authorization_pending',
        'slow_down',
        'authorization_pending',
        'slow_down',
        'authorization_pending',
      ])
    })

    it('S147 refuses an unknown grant type', async () => {
      const codes = await requestCodes(server, client)
      const answer = await postToken(server, client, {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_codes',
        device_code: codes.device_code,
      })
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    })

    it('S148 refuses a client that lost the grant type', async () => {
      const tv = await createDeviceClient(server)
      const codes = await requestCodes(server, tv)
      await server.adminFetch(`/admin/clients/${tv.client_id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ op: 'replace', path: '/grant_types', value: ['refresh_token'] }]),
      })
      expect(await poll(server, tv, codes)).toMatchObject({
        status: 400,
        body: { error: 'unauthorized_client' },
      })
    })

    it('S149 refuses unknown device codes', async () => {
      for (const code of ['', 'ory_dc_x', 'ory_dc_AAAA.BBBB'])
        expect(await poll(server, client, { device_code: code })).toMatchObject({
          status: 400,
          body: { error: 'invalid_grant' },
        })
    })

    it('S150 refuses an unknown client', async () => {
      const codes = await requestCodes(server, client)
      const unknown = { client_id: 'nobody', client_secret: 'x', redirect_uri: '' }
      expect(await poll(server, unknown, codes)).toMatchObject({
        status: 401,
        body: { error: 'invalid_client' },
      })
    })

    it('S151 answers expired_token when an approved code has expired', async () => {
      const codes = await requestCodes(server, client)
      await approve(new Browser(server), codes)
      server.clock.advance(601_000)
      expect(await poll(server, client, codes)).toMatchObject({
        status: 400,
        body: { error: 'expired_token' },
      })
    })

    it('S152 and attack 19 refuse the code of another client, approved or not', async () => {
      const other = await createDeviceClient(server)
      const codes = await requestCodes(server, client)
      const refused = { status: 400, body: { error: 'invalid_grant' } }
      expect(await poll(server, other, codes)).toMatchObject(refused)
      await approve(new Browser(server), codes)
      expect(await poll(server, other, codes)).toMatchObject(refused)
      expect((await poll(server, client, codes)).status).toBe(200)
    })

    it('S249 answers expired_token when nobody decided in time', async () => {
      const codes = await requestCodes(server, client)
      server.clock.advance(601_000)
      expect(await poll(server, client, codes)).toMatchObject({
        status: 400,
        body: { error: 'expired_token' },
      })
    })

    it('S249 and W23 answer access_denied when the user refused to sign in', async () => {
      const codes = await requestCodes(server, client)
      const browser = new Browser(server)
      const login = await browser.loginChallenge(await toVerifier(browser, codes))
      const url = await reject(server, 'login', login, { error: 'access_denied' })
      const stop = await browser.visit(url)
      expect(stop.status).toBe(400)
      expect(await errorOf(stop.response)).toBe('access_denied')
      expect(await poll(server, client, codes)).toMatchObject({
        status: 403,
        body: { error: 'access_denied' },
      })
    })

    it('S249 and W23 answer access_denied when the user refused to consent', async () => {
      const codes = await requestCodes(server, client)
      const browser = new Browser(server)
      const login = await browser.loginChallenge(await toVerifier(browser, codes))
      const consent = await browser.consentChallenge(login, { subject: 'aeneas' })
      const url = await reject(server, 'consent', consent, {
        error: 'not_today',
        error_description: 'No.',
        status_code: 418,
      })
      // A refusal counts in the browser that the flow belongs to only.
      await new Browser(server).visit(url)
      expect((await poll(server, client, codes)).body['error']).toBe('authorization_pending')
      const stop = await browser.visit(url)
      expect(stop.status).toBe(418)
      expect(await stop.response.json()).toMatchObject({ error: 'not_today' })
      server.clock.advance(6_000)
      expect(await poll(server, client, codes)).toMatchObject({
        status: 403,
        body: { error: 'access_denied' },
      })
    })
  })

  describe('GET /oauth2/device/verify', () => {
    it('HE5 leads to the page with the code, and seals a URL without it', async () => {
      const codes = await requestCodes(server, client)
      const browser = new Browser(server)
      const page = await browser.location(`${codes.verification_uri_complete}&USER_CODE=x&lang=en`)
      expect(page.pathname).toBe('/ui/device')
      expect(page.searchParams.get('user_code')).toBe(codes.user_code)
      expect(browser.jar.names).toContain('ory_hydra_device_csrf_dev')
      const challenge = challengeOf(page, 'device_challenge')
      const next = new URL(
        await accept(server, 'device', challenge, { user_code: codes.user_code }),
      )
      expect(next.pathname).toBe('/oauth2/device/verify')
      expect(next.searchParams.get('client_id')).toBe(client.client_id)
      expect(next.searchParams.get('user_code')).toBe('****')
      expect(next.searchParams.get('USER_CODE')).toBe('****')
      expect(next.searchParams.get('lang')).toBe('en')
      const login = await browser.loginChallenge(next.href)
      const asked = await getRequest(server, 'login', login)
      expect(asked).toMatchObject({
        requested_scope: ['hydra', 'offline', 'openid'],
        requested_access_token_audience: [],
        oidc_context: null,
        skip: false,
      })
      const requestUrl = new URL(String(asked['request_url']))
      expect(requestUrl.pathname).toBe('/oauth2/device/verify')
      expect(requestUrl.searchParams.get('client_id')).toBe(client.client_id)
      expect(requestUrl.search).not.toContain(codes.user_code)
    })

    const garbage = [
      { it: 'ST46 refuses a made up device verifier', name: 'device_verifier' },
      { it: 'ST47 refuses a made up login verifier', name: 'login_verifier' },
      { it: 'ST48 refuses a made up consent verifier', name: 'consent_verifier' },
    ]
    for (const c of garbage) {
      it(c.it, async () => {
        const query = new URLSearchParams({ client_id: client.client_id, [c.name]: 'garbage' })
        const { status, response } = await new Browser(server).visit(
          `/oauth2/device/verify?${query.toString()}`,
        )
        expect(status).toBe(403)
        expect(await errorOf(response)).toBe('access_denied')
      })
    }

    it('7.2 refuses a missing and an unknown client', async () => {
      for (const query of ['device_verifier=x', 'device_verifier=x&client_id=nobody']) {
        const { status, response } = await new Browser(server).visit(
          `/oauth2/device/verify?${query}`,
        )
        expect(status).toBe(401)
        expect(await errorOf(response)).toBe('invalid_client')
      }
    })

    it('attack 25 refuses a browser other than the one that opened the page', async () => {
      const codes = await requestCodes(server, client)
      const url = await toVerifier(new Browser(server), codes)
      const { status, response } = await new Browser(server).visit(url)
      expect(status).toBe(403)
      expect(await errorOf(response)).toBe('request_forbidden')
      expect((await poll(server, client, codes)).body['error']).toBe('authorization_pending')
    })

    it('7.2 answers 401 once the visit took too long', async () => {
      const codes = await requestCodes(server, client)
      const browser = new Browser(server)
      const url = await toVerifier(browser, codes)
      server.clock.advance(31 * 60_000)
      const { status, response } = await browser.visit(url)
      expect(status).toBe(401)
      expect(await errorOf(response)).toBe('request_unauthorized')
    })

    it('7.2 answers 404 once the device request is gone', async () => {
      const tv = await createDeviceClient(server, {
        client_id: 'tv',
        client_secret: 'secret-of-tv',
      })
      const codes = await requestCodes(server, tv)
      const browser = new Browser(server)
      const first = await toVerifier(browser, codes)
      const last = await toConsentVerifier(browser, first)
      await server.adminFetch('/admin/clients/tv', { method: 'DELETE' })
      await createDeviceClient(server, { client_id: 'tv', client_secret: 'secret-of-tv' })
      expect((await browser.visit(first)).status).toBe(404)
      expect((await browser.visit(last)).status).toBe(404)
    })

    it('7.2 refuses a consent that came after the code had expired', async () => {
      const codes = await requestCodes(server, client)
      const browser = new Browser(server)
      const url = await toConsentVerifier(browser, await toVerifier(browser, codes))
      server.clock.advance(20 * 60_000)
      expect((await browser.visit(url)).status).toBe(403)
      expect((await poll(server, client, codes)).body['error']).toBe('expired_token')
    })

    it('keeps the verifiers of devices and of clients apart', async () => {
      const app = await createDeviceClient(server, {
        redirect_uris: ['http://127.0.0.1:5555/callback'],
        grant_types: [deviceGrant, 'authorization_code'],
        response_types: ['code'],
      })
      const query = new URLSearchParams({
        client_id: app.client_id,
        redirect_uri: 'http://127.0.0.1:5555/callback',
        response_type: 'code',
        scope: 'openid',
        state: 'some-random-state',
      })
      const codes = await requestCodes(server, app)
      const browser = new Browser(server)
      const challenge = await deviceChallenge(browser, `/oauth2/device/verify?${query.toString()}`)
      const url = await accept(server, 'device', challenge, { user_code: codes.user_code })
      const next = new URL(await toConsentVerifier(browser, url))
      const back = await browser.location(`/oauth2/auth${next.search}`)
      expect(back.searchParams.get('error')).toBe('access_denied')
      const login = await browser.loginChallenge(`/oauth2/auth?${query.toString()}`)
      const verifier = new URL(await accept(server, 'login', login, { subject: 'aeneas' }))
      const stop = await browser.visit(`/oauth2/device/verify${verifier.search}`)
      expect(stop.status).toBe(403)
    })

    it('W24 lets one of two browsers that verify one code win', async () => {
      const codes = await requestCodes(server, client)
      const browsers = Array.from({ length: 2 }, () => new Browser(server))
      const urls = await Promise.all(
        browsers.map(async (browser, index) =>
          toConsentVerifier(browser, await toVerifier(browser, codes), {
            login: { subject: `user-${index}` },
          }),
        ),
      )
      const stops = await Promise.all(
        browsers.map((browser, index) => browser.visit(urls[index] ?? '')),
      )
      expect(stops.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([302, 403])
      const winner = stops.findIndex(({ status }) => status === 302)
      const { body } = await poll(server, client, codes)
      expect((await introspect(body['access_token']))['sub']).toBe(`user-${winner}`)
    })

    it('attack 8 keeps two users apart whose flows cross', async () => {
      const [first, second] = [
        await requestCodes(server, client),
        await requestCodes(server, client),
      ]
      const [a, b] = [new Browser(server), new Browser(server)]
      const [urlA, urlB] = [await toVerifier(a, first), await toVerifier(b, second)]
      const answersOf = (name: string) => ({
        login: { subject: name },
        consent: { session: { id_token: { nick: name }, access_token: { nick: name } } },
      })
      const consentB = await toConsentVerifier(b, urlB, answersOf('bob'))
      const consentA = await toConsentVerifier(a, urlA, answersOf('alice'))
      await b.location(consentB)
      await a.location(consentA)
      for (const [codes, name] of [
        [second, 'bob'],
        [first, 'alice'],
      ] as const) {
        const { body } = await poll(server, client, codes)
        expect(claimsOf(body['id_token'])).toMatchObject({ sub: name, nick: name })
        expect(await introspect(body['access_token'])).toMatchObject({
          sub: name,
          ext: { nick: name },
        })
      }
    })

    it('S145 and OA17 let one visit connect one device', async () => {
      const [first, second] = [
        await requestCodes(server, client),
        await requestCodes(server, client),
      ]
      const browser = new Browser(server)
      const challenge = await deviceChallenge(browser)
      const end = async (userCode: string) =>
        browser.visit(
          await toConsentVerifier(
            browser,
            await accept(server, 'device', challenge, { user_code: userCode }),
          ),
        )
      expect((await end(first.user_code)).status).toBe(302)
      const refused = await end(second.user_code)
      expect(refused.status).toBe(403)
      expect(await errorOf(refused.response)).toBe('access_denied')
    })
  })

  describe('remembered sessions', () => {
    const session = { access_token: { foo: 'bar' }, id_token: { bar: 'baz' } }
    const remembered = {
      login: { remember: true },
      consent: { remember: true, session },
    }

    it('ST43 and ST44 complete with the whole address, then skip login and consent', async () => {
      const browser = new Browser(server)
      const codes = await requestCodes(server, client)
      const page = await browser.location(codes.verification_uri_complete)
      const url = await accept(server, 'device', challengeOf(page, 'device_challenge'), {
        user_code: page.searchParams.get('user_code'),
      })
      const end = await browser.location(await toConsentVerifier(browser, url, remembered))
      expect(end.searchParams.get('client_id')).toBe(client.client_id)
      const { body } = await poll(server, client, codes)
      expect(await introspect(body['access_token'])).toMatchObject({ ext: { foo: 'bar' } })
      const { sid, bar } = claimsOf(body['id_token'])
      expect(bar).toBe('baz')
      for (let round = 0; round < 3; round++) {
        const next = await requestCodes(server, client)
        const login = await browser.loginChallenge(await toVerifier(browser, next))
        expect(await getRequest(server, 'login', login)).toMatchObject({
          skip: true,
          subject: 'aeneas',
          session_id: sid,
        })
        const consent = await browser.consentChallenge(login, {
          subject: 'aeneas',
          context: { xyz: 'abc' },
        })
        expect(await getRequest(server, 'consent', consent)).toMatchObject({
          skip: true,
          login_session_id: sid,
          context: { xyz: 'abc' },
          oidc_context: null,
        })
        await browser.location(
          await accept(server, 'consent', consent, { grant_scope: ['openid'] }),
        )
        const tokens = await poll(server, client, next)
        expect(claimsOf(tokens.body['id_token'])['sid']).toBe(sid)
      }
    })

    it('W24 asks for consent when the remembered one does not cover the scopes', async () => {
      const browser = new Browser(server)
      const first = await requestCodes(server, client, { scope: 'openid' })
      await approve(browser, first, {
        login: { subject: 'w24', remember: true },
        consent: { remember: true },
      })
      const more = await requestCodes(server, client, { scope: 'openid hydra' })
      const login = await browser.loginChallenge(await toVerifier(browser, more))
      const consent = await browser.consentChallenge(login, { subject: 'w24' })
      expect(await getRequest(server, 'consent', consent)).toMatchObject({
        skip: false,
        requested_scope: ['openid', 'hydra'],
      })
    })

    it('asks for another account and begins again with the code', async () => {
      const browser = new Browser(server)
      await approve(browser, await requestCodes(server, client), {
        login: { subject: 'first', remember: true },
      })
      const codes = await requestCodes(server, client)
      const login = await browser.loginChallenge(await toVerifier(browser, codes))
      const again = await accept(server, 'login', login, { subject: 'second' })
      const page = await browser.location(again)
      expect(page.pathname).toBe('/ui/device')
      expect(page.searchParams.has('user_code')).toBe(false)
      const url = await accept(server, 'device', challengeOf(page, 'device_challenge'), {
        user_code: codes.user_code,
      })
      const fresh = await browser.loginChallenge(url)
      expect(await getRequest(server, 'login', fresh)).toMatchObject({ skip: false, subject: '' })
    })

    it('CY18 shows skip_consent to the consent app', async () => {
      const tv = await createDeviceClient(server, { skip_consent: true })
      const codes = await requestCodes(server, tv)
      const browser = new Browser(server)
      const login = await browser.loginChallenge(await toVerifier(browser, codes))
      const consent = await browser.consentChallenge(login, { subject: 'aeneas' })
      const asked = await getRequest(server, 'consent', consent)
      expect(asked).toMatchObject({ client: { skip_consent: true } })
      await browser.location(
        await accept(server, 'consent', consent, { grant_scope: asked['requested_scope'] }),
      )
      const { body } = await poll(server, tv, codes)
      expect(body).toMatchObject({
        access_token: expect.any(String),
        id_token: expect.any(String),
        refresh_token: expect.any(String),
      })
    })
  })

  describe('PUT /admin/oauth2/auth/requests/device/accept', () => {
    it('HA11, HA12 and HA20 accept a code twice, and pass over unknown members', async () => {
      const codes = await requestCodes(server, client)
      const challenge = await deviceChallenge(new Browser(server))
      for (let round = 0; round < 2; round++) {
        const url = new URL(
          await accept(server, 'device', challenge, { user_code: codes.user_code, extra: true }),
        )
        expect(`${url.origin}${url.pathname}`).toBe('http://127.0.0.1/oauth2/device/verify')
        expect(url.searchParams.get('device_verifier')).not.toBe(null)
      }
    })

    it('HA13 and HA14 refuse an unknown, an empty and a malformed code', async () => {
      const challenge = await deviceChallenge(new Browser(server))
      for (const code of ['AAAAAAAA', '', ' - ', undefined, 7]) {
        const response = await enterCode(server, challenge, code)
        expect(response.status).toBe(400)
        expect(await errorOf(response)).toBe('invalid_request')
      }
    })

    it('HA15 wants a challenge, by its own name', async () => {
      for (const query of ['', '?challenge=x', '?device_challenge=']) {
        const response = await server.adminFetch(
          `/admin/oauth2/auth/requests/device/accept${query}`,
          { method: 'PUT', body: '{"user_code":"AAAAAAAA"}' },
        )
        expect(response.status).toBe(400)
      }
    })

    it('HA16 answers 404 to a made up challenge', async () => {
      expect((await enterCode(server, 'garbage', 'AAAAAAAA')).status).toBe(404)
    })

    it('HA17 refuses an expired code', async () => {
      const codes = await requestCodes(server, client)
      server.clock.advance(600_000)
      const challenge = await deviceChallenge(new Browser(server))
      expect((await enterCode(server, challenge, codes.user_code)).status).toBe(400)
    })

    it('HA18 and HA19 refuse an accepted and a rejected code', async () => {
      const accepted = await requestCodes(server, client)
      await approve(new Browser(server), accepted)
      const rejected = await requestCodes(server, client)
      const browser = new Browser(server)
      const login = await browser.loginChallenge(await toVerifier(browser, rejected))
      await browser.visit(await reject(server, 'login', login, {}))
      const challenge = await deviceChallenge(new Browser(server))
      for (const { user_code } of [accepted, rejected])
        expect((await enterCode(server, challenge, user_code)).status).toBe(400)
    })

    it('answers 401 to a challenge that ran out', async () => {
      const codes = await requestCodes(server, client)
      const challenge = await deviceChallenge(new Browser(server))
      server.clock.advance(31 * 60_000)
      expect((await enterCode(server, challenge, codes.user_code)).status).toBe(401)
    })

    it('takes a code however it was typed', async () => {
      const { user_code: code } = await requestCodes(server, client)
      const challenge = await deviceChallenge(new Browser(server))
      const typed = [
        code.toLowerCase(),
        code.toUpperCase(),
        `${code.slice(0, 4)}-${code.slice(4)}`,
        ` ${code.slice(0, 3)} ${code.slice(3)} `,
      ]
      for (const each of typed) expect((await enterCode(server, challenge, each)).status).toBe(200)
    })

    it('attack 25 refuses to look at codes after ten wrong ones of a visit', async () => {
      const codes = await requestCodes(server, client)
      const challenge = await deviceChallenge(new Browser(server))
      for (let round = 0; round < 10; round++)
        expect((await enterCode(server, challenge, `WRONG-${round}`)).status).toBe(400)
      expect((await enterCode(server, challenge, codes.user_code)).status).toBe(429)
      const next = await deviceChallenge(new Browser(server))
      expect((await enterCode(server, next, codes.user_code)).status).toBe(200)
    })
  })

  it('follows the configured form of user codes, interval and lifetime', async () => {
    const other = await startServer('memory', {
      config: {
        ttl: { device_user_code: '2m' },
        oauth2: {
          device_authorization: {
            token_polling_interval: '0s',
            user_code: { length: 6, character_set: 'BCDFGHJK' },
          },
        },
        urls: { device: { verification: 'https://app.example/device', success: '/all-done' } },
      },
    })
    try {
      const tv = await createDeviceClient(other)
      const codes = await requestCodes(other, tv)
      expect(codes.user_code).toMatch(/^[BCDFGHJK]{6}$/u)
      expect(codes.expires_in).toBe(120)
      expect(codes).not.toHaveProperty('interval')
      for (let round = 0; round < 3; round++)
        expect((await poll(other, tv, codes)).body['error']).toBe('authorization_pending')
      const browser = new Browser(other)
      const page = await browser.location('/oauth2/device/verify')
      expect(page.origin + page.pathname).toBe('https://app.example/device')
      expect((await approve(browser, codes)).pathname).toBe('/all-done')
    } finally {
      await other.close()
    }
  })
})
