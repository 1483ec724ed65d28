/** `session_state` and `check_session_iframe`, as OpenID Connect Session Management 1.0 has them. */

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  accept,
  authorizationUrl,
  Browser,
  challengeOf,
  createClient,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const cookieName = 'firebrand_browser_state_dev'

describeEachEngine('session management', (engine) => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer(engine, {
      config: { oidc: { session_management: { enabled: true } } },
    })
    client = await createClient(server, {
      response_types: ['code', 'id_token', 'code id_token'],
      grant_types: ['authorization_code', 'implicit'],
    })
  })
  afterAll(() => server.close())

  const login = { subject: 'alice', remember: true }
  const stateOf = (browser: Browser) => browser.jar.get(cookieName)

  /** As §3.2 describes it, made from what the iframe sees. */
  function expected(origin: string, browserState: string | undefined, sessionState: string) {
    const [, salt = ''] = sessionState.split('.')
    const text = `${client.client_id} ${origin} ${browserState ?? ''} ${salt}`
    return `${createHash('sha256').update(text).digest('hex')}.${salt}`
  }

  it('sends session_state with every successful response that has openid', async () => {
    for (const response_type of ['code', 'id_token', 'code id_token']) {
      const browser = new Browser(server)
      const callback = await browser.authorize(
        authorizationUrl(client, { response_type, scope: 'openid' }),
        { login },
      )
      const params = new URLSearchParams(callback.search || callback.hash.slice(1))
      const state = params.get('session_state') ?? ''
      expect(state).toMatch(/^[0-9a-f]{64}\.[0-9a-f]{32}$/u)
      expect(state).toBe(expected('http://127.0.0.1:5555', stateOf(browser), state))
    }
  })

  it('sends none without openid, and none with an error', async () => {
    const plain = await new Browser(server).authorize(authorizationUrl(client, { scope: 'foo' }))
    expect(plain.searchParams.has('code')).toBe(true)
    expect(plain.searchParams.has('session_state')).toBe(false)
    const refused = await new Browser(server).authorize(
      authorizationUrl(client, { scope: 'openid', prompt: 'none' }),
    )
    expect(refused.searchParams.get('error')).toBe('login_required')
    expect(refused.searchParams.has('session_state')).toBe(false)
  })

  it('sends none to a redirect URI without an origin', async () => {
    const app = await createClient(server, { redirect_uris: ['com.example.app:/callback'] })
    const callback = await new Browser(server).authorize(
      authorizationUrl(app, { scope: 'openid' }),
      { login },
    )
    expect(callback.searchParams.has('code')).toBe(true)
    expect(callback.searchParams.has('session_state')).toBe(false)
  })

  it('changes the state of the browser at login and logout, and not when a login is remembered', async () => {
    const browser = new Browser(server)
    const url = authorizationUrl(client, { scope: 'openid' })
    await browser.authorize(url, { login })
    const first = stateOf(browser)
    expect(first).toMatch(/^[\w-]{32}$/u)
    await browser.authorize(url, { login })
    expect(stateOf(browser)).toBe(first)
    await browser.authorize(authorizationUrl(client, { scope: 'openid', prompt: 'login' }), {
      login,
    })
    const second = stateOf(browser)
    expect(second).not.toBe(first)
    const logout = await browser.location('/oauth2/sessions/logout')
    await browser.visit(await accept(server, 'logout', challengeOf(logout, 'logout_challenge'), {}))
    expect(stateOf(browser)).toMatch(/^[\w-]{32}$/u)
    expect(stateOf(browser)).not.toBe(second)
  })

  it('lets scripts of its own read the cookie, over https in frames of other sites too', async () => {
    const secure = await startServer('memory', {
      config: {
        dev: false,
        admin: { access: 'open' },
        secrets: { system: ['a system secret of the tests'] },
        urls: { self: { issuer: 'https://op.example' } },
        oidc: { session_management: { enabled: true } },
      },
    })
    try {
      for (const [each, attributes] of [
        [secure, '; Secure; SameSite=None'],
        [server, '; SameSite=Lax'],
      ] as const) {
        const browser = new Browser(each)
        const app = await createClient(each)
        const challenge = await browser.loginChallenge(authorizationUrl(app, { scope: 'openid' }))
        const { response } = await browser.visit(await accept(each, 'login', challenge, login))
        const cookie = response.headers
          .getSetCookie()
          .find((header) => header.startsWith('firebrand_browser_state'))
        expect(cookie).toMatch(new RegExp(`${attributes}$`, 'u'))
        expect(cookie).not.toContain('HttpOnly')
      }
    } finally {
      await secure.close()
    }
  })

  it('serves a page that anybody may frame and that runs its own script only', async () => {
    const response = await server.publicFetch('/oauth2/sessions/check')
    expect(response.status).toBe(200)
    expect(response.headers.get('x-frame-options')).toBeNull()
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).not.toContain('frame-ancestors')
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/=]+'; connect-src 'self'/u)
    const [, script = ''] = /<script>([^]*)<\/script>/u.exec(await response.text()) ?? []
    expect(policy).toContain(createHash('sha256').update(script).digest('base64'))
  })

  it('attack 18: knows the origins of the redirect URIs of a client, and no others', async () => {
    const ask = async (client_id: string, origin: string) => {
      const query = new URLSearchParams({ client_id, origin })
      const response = await server.publicFetch(`/oauth2/sessions/check/origin?${query.toString()}`)
      return ((await response.json()) as { registered: boolean }).registered
    }
    expect(await ask(client.client_id, 'http://127.0.0.1:5555')).toBe(true)
    for (const origin of ['', 'null', 'http://127.0.0.1:5556', 'https://127.0.0.1:5555', '*'])
      expect(await ask(client.client_id, origin)).toBe(false)
    expect(await ask('nobody', 'http://127.0.0.1:5555')).toBe(false)
  })

  it('oidcc-session-management-discovery-endpoint-verification: lists the page', async () => {
    const response = await server.publicFetch('/.well-known/openid-configuration')
    expect(await response.json()).toMatchObject({
      check_session_iframe: `${server.issuer}/oauth2/sessions/check`,
      end_session_endpoint: `${server.issuer}/oauth2/sessions/logout`,
    })
  })

  it('is off unless it is turned on', async () => {
    const plain = await startServer('memory')
    try {
      const callback = await new Browser(plain).authorize(
        authorizationUrl(await createClient(plain), { scope: 'openid' }),
      )
      expect(callback.searchParams.has('code')).toBe(true)
      expect(callback.searchParams.has('session_state')).toBe(false)
      expect((await plain.publicFetch('/oauth2/sessions/check')).status).toBe(404)
      const response = await plain.publicFetch('/.well-known/openid-configuration')
      expect(await response.json()).not.toHaveProperty('check_session_iframe')
    } finally {
      await plain.close()
    }
  })
})
