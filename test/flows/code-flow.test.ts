import { beforeAll, describe, expect, it } from 'vitest'
import {
  accept,
  answer,
  authorizationUrl,
  Browser,
  challengeOf,
  claimsOf,
  createClient,
  exchangeCode,
  getRequest,
  introspect,
  pkcePair,
  postToken,
  refresh,
  reject,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

describeEachEngine('code flow', (engine) => {
  describe.each(['opaque', 'jwt'])('with %s access tokens', (strategy) => {
    let server: TestServer
    let client: TestClient
    beforeAll(async () => {
      server = await startServer(engine, { config: { strategies: { access_token: strategy } } })
      client = await createClient(server)
      return () => server.close()
    })

    const grants = [
      {
        scope: ['openid', 'offline_access'],
        id: 'CY1 openid and offline_access',
        tokens: ['access_token', 'id_token', 'refresh_token'],
      },
      {
        scope: ['offline_access'],
        id: 'CY2 offline_access only',
        tokens: ['access_token', 'refresh_token'],
      },
      { scope: ['openid'], id: 'CY3 and CY39 openid only', tokens: ['access_token', 'id_token'] },
      { scope: [], id: 'CY4 nothing', tokens: ['access_token'] },
    ]
    for (const { scope, id, tokens } of grants) {
      it(`${id} granted gives ${tokens.join(', ')}`, async () => {
        const callback = await new Browser(server).authorize(authorizationUrl(client), {
          consent: { grant_scope: scope },
        })
        const { status, body } = await exchangeCode(server, client, callback)
        expect(status).toBe(200)
        expect(Object.keys(body).filter((name) => name.endsWith('_token'))).toEqual(tokens)
        expect(body['scope']).toBe(scope.join(' '))
        expect(body['token_type']).toBe('bearer')
        expect(body['expires_in']).toBe(3600)
      })
    }

    it('CY4 takes the null of a consent form without a ticked scope for nothing', async () => {
      const callback = await new Browser(server).authorize(authorizationUrl(client), {
        consent: { grant_scope: [null], grant_access_token_audience: [null] },
      })
      const { body } = await exchangeCode(server, client, callback)
      expect(Object.keys(body).filter((name) => name.endsWith('_token'))).toEqual(['access_token'])
      expect(body['scope']).toBe('')
    })

    it('4.1 answers with code, iss, scope and state in alphabetical order', async () => {
      const callback = await new Browser(server).authorize(authorizationUrl(client))
      expect(callback.href).toMatch(
        /^http:\/\/127\.0\.0\.1:5555\/callback\?code=ory_ac_[^&]+&iss=http%3A%2F%2F127\.0\.0\.1&scope=openid\+offline_access\+foo&state=some-random-state$/u,
      )
    })

    it('RFC 9700 §4.12: 1.3 sends the response with 303 and no-store', async () => {
      const browser = new Browser(server)
      const consent = await browser.consentChallenge(
        await browser.loginChallenge(authorizationUrl(client)),
        { subject: 'u' },
      )
      const { response, status } = await browser.visit(await accept(server, 'consent', consent, {}))
      expect(status).toBe(303)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('pragma')).toBe('no-cache')
    })

    it('2.1 and HE1 show the login request', async () => {
      const url = authorizationUrl(client)
      const challenge = await new Browser(server).loginChallenge(url)
      const request = await getRequest(server, 'login', challenge)
      expect(request).toMatchObject({
        challenge,
        requested_scope: ['openid', 'offline_access', 'foo'],
        requested_access_token_audience: [],
        skip: false,
        subject: '',
        oidc_context: {},
        request_url: `${server.issuer}${url}`,
      })
      expect(request['session_id']).toMatch(/^[\da-f-]{36}$/u)
      expect(request['client']).toMatchObject({ client_id: client.client_id, skip_consent: false })
      expect(request['client']).not.toHaveProperty('client_secret')
      expect(Object.keys(request).sort()).toEqual([
        'challenge',
        'client',
        'oidc_context',
        'request_url',
        'requested_access_token_audience',
        'requested_scope',
        'session_id',
        'skip',
        'subject',
      ])
    })

    it('2.1 passes hints of the request on in oidc_context', async () => {
      const url = authorizationUrl(client, {
        acr_values: 'a b',
        ui_locales: 'de en',
        display: 'page',
        login_hint: 'foo@bar',
      })
      const request = await getRequest(
        server,
        'login',
        await new Browser(server).loginChallenge(url),
      )
      expect(request['oidc_context']).toEqual({
        acr_values: ['a', 'b'],
        ui_locales: ['de', 'en'],
        display: 'page',
        login_hint: 'foo@bar',
      })
    })

    it('ST17 shows the consent request with what the login app said', async () => {
      const browser = new Browser(server)
      const login = await browser.loginChallenge(authorizationUrl(client))
      const { session_id } = await getRequest(server, 'login', login)
      const challenge = await browser.consentChallenge(login, {
        subject: 'user-2',
        acr: '1',
        amr: ['pwd'],
        context: { fooz: 'barz' },
      })
      const request = await getRequest(server, 'consent', challenge)
      expect(request).toMatchObject({
        challenge,
        skip: false,
        subject: 'user-2',
        acr: '1',
        amr: ['pwd'],
        context: { fooz: 'barz' },
        login_session_id: session_id,
        oidc_context: {},
      })
      expect(request['consent_request_id']).toMatch(/^[\da-f]{32}$/u)
      expect(request['login_challenge']).toMatch(/^[\da-f]{32}$/u)
    })

    it('ST11 carries session data into introspection and ID token, integers unchanged', async () => {
      const session = {
        access_token: { foo: 'bar', n: 12_345_678_901 },
        id_token: { bar: 'baz', m: 7 },
      }
      const callback = await new Browser(server).authorize(authorizationUrl(client), {
        consent: { session },
      })
      const { body } = await exchangeCode(server, client, callback)
      expect(String(body['access_token']).split('.')).toHaveLength(strategy === 'jwt' ? 3 : 2)
      expect(await introspect(server, body['access_token'])).toMatchObject({
        active: true,
        sub: 'user-1',
        ext: session.access_token,
      })
      expect(claimsOf(body['id_token'])).toMatchObject({
        bar: 'baz',
        m: 7,
        sub: 'user-1',
        nonce: 'some-random-nonce',
      })
      expect(claimsOf(body['id_token'])['sid']).toMatch(/^[\da-f-]{36}$/u)
    })

    it('FL keeps integers beyond 2^53 in session data', async () => {
      const browser = new Browser(server)
      const consent = await browser.consentChallenge(
        await browser.loginChallenge(authorizationUrl(client)),
        { subject: 'u' },
      )
      const body = '{"grant_scope":["openid"],"session":{"access_token":{"big":9007199254740993}}}'
      const response = await answer(
        server,
        { kind: 'consent', verdict: 'accept', challenge: consent },
        body,
      )
      const { redirect_to } = (await response.json()) as { redirect_to: string }
      const tokens = await exchangeCode(server, client, await browser.location(redirect_to))
      const introspection = await server.adminFetch('/admin/oauth2/introspect', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `token=${String(tokens.body['access_token'])}`,
      })
      expect(await introspection.text()).toContain('"big":9007199254740993')
    })

    it('S003 makes ID tokens with every claim', async () => {
      const callback = await new Browser(server).authorize(
        authorizationUrl(client, { acr_values: 'x' }),
        { login: { amr: ['pwd'] } },
      )
      const { body } = await exchangeCode(server, client, callback)
      const claims = claimsOf(body['id_token'])
      expect(claims).toMatchObject({
        iss: server.issuer,
        aud: [client.client_id],
        acr: '0',
        amr: ['pwd'],
      })
      expect(Number(claims['exp']) - Number(claims['iat'])).toBe(3600)
      for (const name of ['auth_time', 'rat', 'at_hash', 'jti']) expect(claims).toHaveProperty(name)
    })

    it('ST40–ST42 lets a challenge be answered twice; the second answer works', async () => {
      const browser = new Browser(server)
      const login = await browser.loginChallenge(authorizationUrl(client))
      await accept(server, 'login', login, { subject: 'u' })
      const consent = await browser.consentChallenge(login, {
        subject: 'u',
        context: { xyz: 'abc' },
      })
      expect((await getRequest(server, 'consent', consent))['context']).toEqual({ xyz: 'abc' })
      await accept(server, 'consent', consent, {})
      const callback = await browser.location(await accept(server, 'consent', consent, {}))
      expect(callback.searchParams.has('code')).toBe(true)
    })

    it('W6 redeems a login verifier once', async () => {
      const browser = new Browser(server)
      const redirectTo = await accept(
        server,
        'login',
        await browser.loginChallenge(authorizationUrl(client)),
        { subject: 'u' },
      )
      challengeOf(await browser.location(redirectTo), 'consent_challenge')
      const again = await browser.location(redirectTo)
      expect(again.searchParams.get('error')).toBe('access_denied')
      expect(again.searchParams.get('state')).toBe('some-random-state')
    })

    it('W6 gives exactly one of ten concurrent redemptions of a login verifier a consent', async () => {
      const browser = new Browser(server)
      const redirectTo = await accept(
        server,
        'login',
        await browser.loginChallenge(authorizationUrl(client)),
        { subject: 'u' },
      )
      const stops = await Promise.all(
        Array.from({ length: 10 }, () => browser.location(redirectTo)),
      )
      expect(stops.filter((url) => url.searchParams.has('consent_challenge'))).toHaveLength(1)
      expect(stops.filter((url) => url.searchParams.get('error') === 'access_denied')).toHaveLength(
        9,
      )
    })

    it('1.9 redeems a consent verifier once', async () => {
      const browser = new Browser(server)
      const consent = await browser.consentChallenge(
        await browser.loginChallenge(authorizationUrl(client)),
        { subject: 'u' },
      )
      const redirectTo = await accept(server, 'consent', consent, {})
      expect((await browser.location(redirectTo)).searchParams.has('code')).toBe(true)
      expect((await browser.location(redirectTo)).searchParams.get('error')).toBe('access_denied')
    })

    it('ST8 asks for a new consent after an old login challenge was accepted again, and gives no second code', async () => {
      const browser = new Browser(server)
      const login = await browser.loginChallenge(authorizationUrl(client))
      const first = await browser.consentChallenge(login, { subject: 'u' })
      await browser.location(await accept(server, 'consent', first, {}))
      const second = await browser.consentChallenge(login, { subject: 'u' })
      const callback = await browser.location(await accept(server, 'consent', second, {}))
      expect(callback.searchParams.get('error')).toBe('access_denied')
      expect(callback.searchParams.get('error_description')).toContain('already been used')
    })

    it('W5 answers 410 with the start of the flow after a verifier was redeemed, never before', async () => {
      const browser = new Browser(server)
      const url = authorizationUrl(client)
      const login = await browser.loginChallenge(url)
      await accept(server, 'login', login, { subject: 'u' })
      await getRequest(server, 'login', login)
      const consent = await browser.consentChallenge(login, { subject: 'u' })
      const used = await server.adminFetch(
        `/admin/oauth2/auth/requests/login?login_challenge=${encodeURIComponent(login)}`,
      )
      expect(used.status).toBe(410)
      expect(await used.json()).toEqual({ redirect_to: `${server.issuer}${url}` })
      await browser.location(await accept(server, 'consent', consent, {}))
      const done = await server.adminFetch(
        `/admin/oauth2/auth/requests/consent?consent_challenge=${encodeURIComponent(consent)}`,
      )
      expect(done.status).toBe(410)
    })

    it('RFC 9700 §4.7: ST6 refuses a browser that lost its CSRF cookies', async () => {
      const browser = new Browser(server)
      const login = await browser.loginChallenge(authorizationUrl(client))
      const redirectTo = await accept(server, 'login', login, { subject: 'u' })
      browser.jar.clear()
      const callback = await browser.location(redirectTo)
      expect(callback.searchParams.get('error')).toBe('request_forbidden')
      expect(callback.searchParams.get('error_description')).toContain('No CSRF value')
    })

    it('W7 checks the consent CSRF value before the consent is stored', async () => {
      const browser = new Browser(server)
      const consent = await browser.consentChallenge(
        await browser.loginChallenge(authorizationUrl(client)),
        { subject: 'u' },
      )
      const redirectTo = await accept(server, 'consent', consent, {})
      const thief = new Browser(server)
      expect((await thief.location(redirectTo)).searchParams.get('error')).toBe('request_forbidden')
      expect((await browser.location(redirectTo)).searchParams.has('code')).toBe(true)
    })

    it('W8 lets several tabs of one client run at once, started one after the other or together', async () => {
      const browser = new Browser(server)
      const urls = [1, 2, 3].map((n) => authorizationUrl(client, { state: `state-of-tab-${n}` }))
      const together = await Promise.all(urls.map((url) => browser.loginChallenge(url)))
      const later = await browser.loginChallenge(urls[0] ?? '')
      for (const challenge of [...together, later]) {
        const consent = await browser.consentChallenge(challenge, { subject: 'u' })
        const callback = await browser.location(await accept(server, 'consent', consent, {}))
        expect(callback.searchParams.has('code')).toBe(true)
      }
    })

    it('ST13 sets CSRF cookies named after the client, for as long as the flow lasts', async () => {
      await server.adminFetch('/admin/clients/my-client', { method: 'DELETE' })
      const named = await createClient(server, { client_id: 'my-client' })
      const browser = new Browser(server)
      await browser.consentChallenge(await browser.loginChallenge(authorizationUrl(named)), {
        subject: 'u',
      })
      for (const name of [
        'ory_hydra_login_csrf_dev_3709465940',
        'ory_hydra_consent_csrf_dev_3709465940',
      ]) {
        const line = browser.jar.received.find((cookie) => cookie.startsWith(`${name}=`))
        expect(line).toMatch(/; Path=\/; Expires=[^;]+GMT; Max-Age=1800; HttpOnly; SameSite=Lax$/u)
      }
    })

    const refusals = [
      {
        id: 'CY8 an unknown client',
        params: { client_id: 'nobody' },
        error: 'invalid_client',
        at: 'page',
      },
      {
        id: 'CY12 an unregistered redirect_uri',
        params: { redirect_uri: 'https://evil.example/cb' },
        error: 'invalid_request',
        at: 'page',
      },
      {
        id: 'CY9 a scope of others',
        params: { scope: 'bar' },
        error: 'invalid_scope',
        at: 'client',
      },
      {
        id: 'CY10 a response type of others',
        params: { response_type: 'token' },
        error: 'unsupported_response_type',
        at: 'fragment',
      },
      {
        id: 'CY55 prompt=none without a session',
        params: { prompt: 'none' },
        error: 'login_required',
        at: 'client',
      },
      {
        id: 'OA1 an audience of others',
        params: { audience: 'https://api.example' },
        error: 'invalid_request',
        at: 'client',
      },
      {
        id: 'W3 PKCE with plain',
        params: { code_challenge: 'x'.repeat(43) },
        error: 'invalid_request',
        at: 'client',
      },
      {
        id: 'W17 a bad max_age',
        params: { max_age: 'soon' },
        error: 'invalid_request',
        at: 'client',
      },
      {
        id: 'W19 an unknown prompt',
        params: { prompt: 'maybe' },
        error: 'invalid_request',
        at: 'client',
      },
      {
        id: 'W28 a short nonce',
        params: { nonce: 'x' },
        error: 'insufficient_entropy',
        at: 'client',
      },
      {
        id: 'OA21 a short state',
        params: { state: 'short' },
        error: 'invalid_state',
        at: 'client',
      },
      {
        id: 'OA21 an unknown response_mode',
        params: { response_mode: 'carrier-pigeon' },
        error: 'unsupported_response_mode',
        at: 'page',
      },
      {
        id: '2.6 a forged id_token_hint',
        params: { id_token_hint: 'a.b.c' },
        error: 'invalid_request',
        at: 'client',
      },
    ] as const
    for (const { id, params, error, at } of refusals) {
      it(`${id} is refused in pass A with ${error}`, async () => {
        const url = await new Browser(server).location(authorizationUrl(client, params))
        const answerParams =
          at === 'fragment' ? new URLSearchParams(url.hash.slice(1)) : url.searchParams
        expect(answerParams.get('error')).toBe(error)
        expect(answerParams.get('error_description')).not.toBe('')
        if (at === 'page') {
          expect(url.pathname).toBe('/ui/error')
          expect(answerParams.has('state')).toBe(false)
        } else {
          expect(url.origin + url.pathname).toBe(client.redirect_uri)
          expect(answerParams.has('state')).toBe(true)
        }
      })
    }

    it('1.3 answers errors in the mode of the request', async () => {
      const fragment = await new Browser(server).location(
        authorizationUrl(client, { prompt: 'none', response_mode: 'fragment' }),
      )
      expect(new URLSearchParams(fragment.hash.slice(1)).get('error')).toBe('login_required')
      const { response } = await new Browser(server).visit(
        authorizationUrl(client, { prompt: 'none', response_mode: 'form_post' }),
      )
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('name="error" value="login_required"')
    })

    it('ST1 and ST2 refuse garbage verifiers', async () => {
      for (const name of ['login_verifier', 'consent_verifier']) {
        const url = await new Browser(server).location(
          `${authorizationUrl(client)}&${name}=garbage`,
        )
        expect(url.searchParams.get('error')).toBe('access_denied')
      }
    })

    it('FL1 opens no verifier for another purpose', async () => {
      const browser = new Browser(server)
      const login = await browser.loginChallenge(authorizationUrl(client))
      const swapped = await browser.location(
        `${authorizationUrl(client)}&login_verifier=${encodeURIComponent(login)}`,
      )
      expect(swapped.searchParams.get('error')).toBe('access_denied')
      const asConsent = await server.adminFetch(
        `/admin/oauth2/auth/requests/consent?consent_challenge=${encodeURIComponent(login)}`,
      )
      expect(asConsent.status).toBe(404)
      expect(await asConsent.json()).toMatchObject({ error: 'Not Found' })
    })

    it('OA4, OA5, S018 and S019 refuse another client_id in passes B and C', async () => {
      const other = await createClient(server)
      const browser = new Browser(server)
      const login = await browser.loginChallenge(authorizationUrl(client))
      const passB = await accept(server, 'login', login, { subject: 'u' })
      const swap = (url: string) => url.replace(client.client_id, other.client_id)
      expect((await browser.location(swap(passB))).searchParams.get('error')).toBe('invalid_client')
      const consent = challengeOf(await browser.location(passB), 'consent_challenge')
      const passC = await accept(server, 'consent', consent, {})
      expect((await browser.location(swap(passC))).searchParams.get('error')).toBe('invalid_client')
    })

    it('attack 14: OA6, OA7, S020 and S021 refuse an invalid scope in passes B and C', async () => {
      const browser = new Browser(server)
      const passB = await accept(
        server,
        'login',
        await browser.loginChallenge(authorizationUrl(client)),
        { subject: 'u' },
      )
      const swap = (url: string) => url.replace('scope=openid', 'scope=bar')
      expect((await browser.location(swap(passB))).searchParams.get('error')).toBe('invalid_scope')
      const consent = challengeOf(await browser.location(passB), 'consent_challenge')
      const passC = await accept(server, 'consent', consent, {})
      expect((await browser.location(swap(passC))).searchParams.get('error')).toBe('invalid_scope')
    })

    it('W30 refuses a request that was changed between the passes', async () => {
      const browser = new Browser(server)
      const passB = await accept(
        server,
        'login',
        await browser.loginChallenge(authorizationUrl(client)),
        { subject: 'u' },
      )
      const changed = await browser.location(
        passB.replace('some-random-nonce', 'other-random-nonce'),
      )
      expect(changed.searchParams.get('error')).toBe('invalid_request')
    })

    it('W1 keeps the parameters of a POST through all passes', async () => {
      const browser = new Browser(server)
      const query = authorizationUrl(client).split('?')[1] ?? ''
      const first = await browser.location('/oauth2/auth', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: query,
      })
      const consent = await browser.consentChallenge(challengeOf(first, 'login_challenge'), {
        subject: 'u',
      })
      const callback = await browser.location(await accept(server, 'consent', consent, {}))
      expect(callback.searchParams.has('code')).toBe(true)
    })

    it('CY6, CY7 and S047 pass rejections on in the words of the app', async () => {
      const words = { error: 'access_denied', error_description: "That's enough." }
      const browser = new Browser(server)
      const login = await browser.loginChallenge(authorizationUrl(client))
      const refused = await browser.location(await reject(server, 'login', login, words))
      expect(refused.searchParams.get('error_description')).toBe(words.error_description)
      expect(refused.searchParams.get('state')).toBe('some-random-state')
      const consent = await browser.consentChallenge(
        await browser.loginChallenge(authorizationUrl(client)),
        { subject: 'u' },
      )
      const redirectTo = await reject(server, 'consent', consent, words)
      for (const visit of [1, 2]) {
        const callback = await browser.location(redirectTo)
        expect([visit, callback.searchParams.get('error')]).toEqual([visit, 'access_denied'])
        expect(callback.searchParams.get('error_description')).toBe(words.error_description)
      }
    })

    it('CY11 refuses the grant type at the token endpoint', async () => {
      const limited = await createClient(server, { grant_types: ['client_credentials'] })
      const callback = await new Browser(server).authorize(authorizationUrl(limited))
      const { status, body } = await exchangeCode(server, limited, callback)
      expect([status, body['error']]).toEqual([400, 'unauthorized_client'])
    })

    it('S241 gives exactly one of a hundred concurrent redemptions tokens, and revokes them', async () => {
      const callback = await new Browser(server).authorize(authorizationUrl(client))
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => exchangeCode(server, client, callback)),
      )
      const won = answers.filter(({ status }) => status === 200)
      expect(won).toHaveLength(1)
      expect(answers.filter(({ body }) => body['error'] === 'invalid_grant')).toHaveLength(99)
      expect(await introspect(server, won[0]?.body['access_token'])).toEqual({ active: false })
      const refreshed = await refresh(server, client, won[0]?.body['refresh_token'])
      expect(refreshed.status).toBe(400)
    })

    it('S242 gives exactly one of a hundred concurrent refreshes tokens', async () => {
      const callback = await new Browser(server).authorize(authorizationUrl(client))
      const { body } = await exchangeCode(server, client, callback)
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => refresh(server, client, body['refresh_token'])),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter((each) => each.body['error'] === 'invalid_grant')).toHaveLength(99)
    })

    it('RFC 9700 §2.2.2, RFC 9700 §4.14.2: S006–S009, S041 and OA2 rotate refresh tokens and kill the chain on reuse', async () => {
      const first = (
        await exchangeCode(
          server,
          client,
          await new Browser(server).authorize(authorizationUrl(client)),
        )
      ).body
      const second = (await refresh(server, client, first['refresh_token'])).body
      for (const name of ['access_token', 'refresh_token', 'id_token'])
        expect(second[name]).not.toBe(first[name])
      expect(await introspect(server, first['access_token'])).toEqual({ active: false })
      expect(await introspect(server, second['access_token'])).toMatchObject({ active: true })
      const claims = claimsOf(second['id_token'])
      expect(claims).toMatchObject({
        sub: 'user-1',
        nonce: 'some-random-nonce',
        sid: claimsOf(first['id_token'])['sid'],
      })
      const reuse = await refresh(server, client, first['refresh_token'])
      expect([reuse.status, reuse.body['error']]).toEqual([400, 'invalid_grant'])
      expect(await introspect(server, second['access_token'])).toEqual({ active: false })
      expect((await refresh(server, client, second['refresh_token'])).status).toBe(400)
    })

    it('RFC 9700 §2.1.1, RFC 9700 §4.5.3.1: S240 fails without the verifier after a wrong one, and succeeds with the right one', async () => {
      const { verifier, challenge } = pkcePair()
      const url = authorizationUrl(client, {
        code_challenge: challenge,
        code_challenge_method: 'S256',
      })
      const callback = await new Browser(server).authorize(url)
      const wrong = await exchangeCode(server, client, callback, { code_verifier: 'w'.repeat(43) })
      expect(wrong.body['error']).toBe('invalid_grant')
      expect((await exchangeCode(server, client, callback)).body['error']).toBe('invalid_grant')
      expect(
        (await exchangeCode(server, client, callback, { code_verifier: verifier })).status,
      ).toBe(200)
    })

    it('2.1 keeps the code usable after a wrong client, a wrong redirect_uri and a wrong secret', async () => {
      const other = await createClient(server)
      const callback = await new Browser(server).authorize(authorizationUrl(client))
      const code = callback.searchParams.get('code') ?? ''
      expect((await exchangeCode(server, other, callback)).body['error']).toBe('invalid_grant')
      const elsewhere = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: 'http://127.0.0.1:5555/other',
      }
      expect((await postToken(server, client, elsewhere)).body['error']).toBe('invalid_grant')
      const stranger = { ...client, client_secret: 'wrong-secret' }
      expect((await exchangeCode(server, stranger, callback)).status).toBe(401)
      expect((await exchangeCode(server, client, callback)).status).toBe(200)
    })
  })
})
