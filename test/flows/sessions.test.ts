import { beforeAll, expect, it } from 'vitest'
import {
  accept,
  authorizationUrl,
  Browser,
  challengeOf,
  claimsOf,
  createClient,
  exchangeCode,
  getRequest,
  refresh,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const remembered = { login: { remember: true }, consent: { remember: true } }

describeEachEngine('remembered sessions', (engine) => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer(engine)
    client = await createClient(server)
    return () => server.close()
  })

  async function signedIn(): Promise<Browser> {
    const browser = new Browser(server)
    await browser.authorize(authorizationUrl(client), remembered)
    return browser
  }

  it('ST12 and CY56 skip login and consent in follow-up flows of the same browser', async () => {
    const browser = new Browser(server)
    const first = await browser.loginChallenge(authorizationUrl(client))
    const { session_id } = await getRequest(server, 'login', first)
    const asked = await browser.consentChallenge(first, { subject: 'st12', remember: true })
    await browser.location(
      await accept(server, 'consent', asked, {
        remember: true,
        grant_scope: ['openid', 'offline_access', 'foo'],
      }),
    )
    for (let round = 0; round < 3; round++) {
      const login = await browser.loginChallenge(authorizationUrl(client))
      expect(await getRequest(server, 'login', login)).toMatchObject({
        skip: true,
        subject: 'st12',
        session_id,
      })
      const consent = await browser.consentChallenge(login, {
        subject: 'st12',
        context: { xyz: 'abc' },
      })
      expect(await getRequest(server, 'consent', consent)).toMatchObject({
        skip: true,
        login_session_id: session_id,
        context: { xyz: 'abc' },
      })
      const callback = await browser.location(
        await accept(server, 'consent', consent, { grant_scope: ['openid'] }),
      )
      expect(callback.searchParams.has('code')).toBe(true)
    }
  })

  it('2.7 sets the session cookie with remember and deletes it without', async () => {
    const browser = new Browser(server)
    await browser.authorize(authorizationUrl(client), {
      login: { remember: true, remember_for: 60 },
    })
    const set = browser.jar.received.find((line) => line.startsWith('ory_hydra_session_dev='))
    expect(set).toMatch(/; Path=\/; Expires=[^;]+GMT; Max-Age=60; HttpOnly; SameSite=Lax$/u)
    const forget = new Browser(server)
    await forget.authorize(authorizationUrl(client))
    expect(forget.jar.received.find((line) => line.startsWith('ory_hydra_session_dev='))).toMatch(
      /^ory_hydra_session_dev=; .*Max-Age=0/u,
    )
  })

  it('SC3 asks again after a login that was not to be remembered', async () => {
    const browser = new Browser(server)
    await browser.authorize(authorizationUrl(client), { login: { remember: false } })
    const challenge = await browser.loginChallenge(authorizationUrl(client))
    expect(await getRequest(server, 'login', challenge)).toMatchObject({ skip: false, subject: '' })
  })

  it('2.7 keeps a session for ttl.authentication_session when remember_for is 0', async () => {
    const browser = await signedIn()
    expect(
      browser.jar.received.find((line) => line.startsWith('ory_hydra_session_dev=')),
    ).toContain('; Max-Age=2592000;')
  })

  it('W12 ends a session on the server when its time is over', async () => {
    const browser = new Browser(server)
    await browser.authorize(authorizationUrl(client), {
      login: { remember: true, remember_for: 60 },
    })
    server.clock.advance(61_000)
    const request = await getRequest(
      server,
      'login',
      await browser.loginChallenge(authorizationUrl(client)),
    )
    expect(request).toMatchObject({ skip: false, subject: '' })
  })

  it('ST14 and ST15 extend the session only when asked', async () => {
    const browser = await signedIn()
    const before = browser.jar.received.length
    await browser.consentChallenge(await browser.loginChallenge(authorizationUrl(client)), {
      subject: 'user-1',
      remember_for: 12_345,
    })
    expect(
      browser.jar.received.slice(before).some((line) => line.startsWith('ory_hydra_session_dev=')),
    ).toBe(false)
    await browser.consentChallenge(await browser.loginChallenge(authorizationUrl(client)), {
      subject: 'user-1',
      remember_for: 12_345,
      extend_session_lifespan: true,
    })
    expect(
      browser.jar.received.findLast((line) => line.startsWith('ory_hydra_session_dev=')),
    ).toContain('; Max-Age=12345;')
  })

  it('ST21 sends a skip with another subject back to a fresh login', async () => {
    const browser = await signedIn()
    const login = await browser.loginChallenge(authorizationUrl(client))
    const redirectTo = new URL(await accept(server, 'login', login, { subject: 'somebody-else' }))
    expect(redirectTo.searchParams.get('prompt')).toBe('login')
    expect(redirectTo.searchParams.has('login_verifier')).toBe(false)
    const again = await getRequest(server, 'login', await browser.loginChallenge(redirectTo.href))
    expect(again).toMatchObject({ skip: false })
  })

  const forced = [
    { id: 'ST23, S030, S048 and CY57 prompt=login', params: { prompt: 'login' } },
    { id: 'ST25 max_age=0', params: { max_age: '0' } },
    { id: 'ST26 prompt=select_account', params: { prompt: 'select_account' } },
    { id: 'ST30 and CY58 prompt="login consent"', params: { prompt: 'login consent' } },
  ]
  for (const { id, params } of forced) {
    it(`${id} asks for a new login in a new session`, async () => {
      const browser = await signedIn()
      const login = await browser.loginChallenge(authorizationUrl(client, params))
      expect(await getRequest(server, 'login', login)).toMatchObject({ skip: false, subject: '' })
      const consent = await browser.consentChallenge(login, { subject: 'user-1', remember: true })
      expect((await getRequest(server, 'consent', consent))['skip']).toBe(
        !params.prompt?.includes('consent'),
      )
      const callback = await browser.location(await accept(server, 'consent', consent, {}))
      expect(callback.searchParams.has('code')).toBe(true)
    })
  }

  it('ST24, ST27, S029 and S044 ask again after max_age, and refuse with prompt=none', async () => {
    const browser = await signedIn()
    server.clock.advance(2000)
    const login = await browser.loginChallenge(authorizationUrl(client, { max_age: '1' }))
    expect(await getRequest(server, 'login', login)).toMatchObject({ skip: false })
    const silent = await browser.location(
      authorizationUrl(client, { max_age: '1', prompt: 'none' }),
    )
    expect(silent.searchParams.get('error')).toBe('login_required')
  })

  it('S028 and S045 answer prompt=none from the session and keeps auth_time', async () => {
    const browser = await signedIn()
    const times = new Set<unknown>()
    for (let round = 0; round < 3; round++) {
      server.clock.advance(5000)
      const callback = await browser.authorize(
        authorizationUrl(client, { prompt: 'none', max_age: '60' }),
        { login: { subject: 'user-1' } },
      )
      const { body } = await exchangeCode(server, client, callback)
      times.add(claimsOf(body['id_token'])['auth_time'])
    }
    expect(times.size).toBe(1)
  })

  it('ST29 answers consent_required when no remembered consent covers the scopes', async () => {
    const browser = new Browser(server)
    const fresh = await createClient(server)
    await browser.authorize(authorizationUrl(fresh, { scope: 'foo' }), remembered)
    const callback = await browser.authorize(
      authorizationUrl(fresh, { prompt: 'none', scope: 'openid foo' }),
    )
    expect(callback.searchParams.get('error')).toBe('consent_required')
  })

  it('W11 lets prompt=none pass for a client with skip_consent', async () => {
    const trusted = await createClient(server, { skip_consent: true })
    const browser = await signedIn()
    const callback = await browser.authorize(authorizationUrl(trusted, { prompt: 'none' }))
    expect(callback.searchParams.has('code')).toBe(true)
  })

  it('ST19 never answers prompt=none silently for a public client with a custom scheme', async () => {
    const native = await createClient(server, {
      token_endpoint_auth_method: 'none',
      redirect_uris: ['custom://redirection-scheme/path'],
    })
    const browser = new Browser(server)
    await browser.authorize(authorizationUrl(native), remembered)
    const callback = await browser.authorize(authorizationUrl(native, { prompt: 'none' }))
    expect(callback.protocol).toBe('custom:')
    expect(callback.searchParams.get('error')).toBe('consent_required')
  })

  it('ST18 answers prompt=none for a public client on this machine', async () => {
    const native = await createClient(server, {
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://localhost:1234/cb'],
    })
    const browser = new Browser(server)
    await browser.authorize(authorizationUrl(native), remembered)
    const callback = await browser.authorize(authorizationUrl(native, { prompt: 'none' }))
    expect(callback.searchParams.has('code')).toBe(true)
  })

  it('ST39 refuses prompt=none when the cookie names no session', async () => {
    const browser = await signedIn()
    const { session_id } = await getRequest(
      server,
      'login',
      await browser.loginChallenge(authorizationUrl(client)),
    )
    await server.storage.loginSessions.delete(session_id as never)
    const callback = await browser.location(authorizationUrl(client, { prompt: 'none' }))
    expect(callback.searchParams.get('error')).toBe('login_required')
  })

  it('ST31–ST34 and attack 36: judge the id_token_hint', async () => {
    const browser = await signedIn()
    const own = await exchangeCode(
      server,
      client,
      await browser.authorize(authorizationUrl(client)),
    )
    const other = new Browser(server)
    const theirs = await exchangeCode(
      server,
      client,
      await other.authorize(authorizationUrl(client), { login: { subject: 'user-b' } }),
    )
    const mine = String(own.body['id_token'])
    const foreign = String(theirs.body['id_token'])

    for (const prompt of ['none', undefined]) {
      const refused = await browser.location(
        authorizationUrl(client, { id_token_hint: foreign, prompt }),
      )
      expect(refused.searchParams.get('error')).toBe('login_required')
    }
    const fresh = new Browser(server)
    const login = await fresh.loginChallenge(authorizationUrl(client, { id_token_hint: foreign }))
    const { oidc_context } = await getRequest(server, 'login', login)
    expect(oidc_context).toMatchObject({ id_token_hint_claims: { sub: 'user-b' } })
    const wrong = await fresh.location(await accept(server, 'login', login, { subject: 'user-1' }))
    expect(wrong.searchParams.get('error')).toBe('login_required')

    server.clock.advance(2 * 3_600_000)
    const expired = await new Browser(server).authorize(
      authorizationUrl(client, { id_token_hint: mine }),
    )
    expect(expired.searchParams.has('code')).toBe(true)
  })

  it('1.9 ends challenges and verifiers with the flow', async () => {
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(client))
    const redirectTo = await accept(server, 'login', login, { subject: 'u' })
    server.clock.advance(30 * 60_000 + 1000)
    const late = await server.adminFetch(
      `/admin/oauth2/auth/requests/login?login_challenge=${encodeURIComponent(login)}`,
    )
    expect(late.status).toBe(401)
    expect(await late.json()).toMatchObject({ error: 'request_unauthorized' })
    expect((await browser.location(redirectTo)).searchParams.get('error')).toBe(
      'request_unauthorized',
    )
  })

  it('S010 refreshes after the login session was deleted, sid unchanged', async () => {
    const browser = await signedIn()
    const { body } = await exchangeCode(
      server,
      client,
      await browser.authorize(authorizationUrl(client)),
    )
    const sid = claimsOf(body['id_token'])['sid']
    await server.storage.loginSessions.delete(sid as never)
    const refreshed = await refresh(server, client, body['refresh_token'])
    expect(refreshed.status).toBe(200)
    expect(claimsOf(refreshed.body['id_token'])['sid']).toBe(sid)
  })

  it('2.1 parks a request that would not fit into a URL and finishes it all the same', async () => {
    const state = Array.from({ length: 200 }, (_, n) => Math.sin(n).toString(36).slice(2)).join('')
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(client, { state }))
    expect(login.length).toBeLessThan(200)
    const consent = await browser.consentChallenge(login, { subject: 'u' })
    const callback = await browser.location(await accept(server, 'consent', consent, {}))
    expect(callback.searchParams.get('state')).toBe(state)
    expect(
      challengeOf(await browser.location(authorizationUrl(client)), 'login_challenge').length,
    ).toBeLessThan(800)
  })
})
