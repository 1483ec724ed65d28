import { SignJWT } from 'jose'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { OutgoingRequest } from '../../src/context.ts'
import type { JsonObject } from '../../src/protocol/json.ts'
import { deliverLogoutTokens } from '../../src/sessions/back-channel-logout.ts'
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
  reject,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const logoutUrl = '/oauth2/sessions/logout'
const bye = 'http://127.0.0.1:5555/bye'

describeEachEngine('logout', (engine) => {
  let server: TestServer
  let client: TestClient
  const sent: OutgoingRequest[] = []
  let clientStatus = 200
  beforeAll(async () => {
    server = await startServer(engine, {
      config: {
        urls: { identity_provider: { url: 'http://kratos.test:4434', headers: { 'x-key': 'k' } } },
      },
      options: {
        outgoing: {
          async fetch(request) {
            sent.push(request)
            return { ok: true, value: { status: clientStatus, headers: {}, text: '' } }
          },
          mayConnect: async () => true,
        },
      },
    })
    client = await createClient(server, {
      post_logout_redirect_uris: [bye],
      backchannel_logout_uri: 'http://rp.test/back',
    })
    return () => server.close()
  })
  beforeEach(async () => {
    await settled()
    sent.length = 0
    clientStatus = 200
  })

  async function signedIn(app = client, login: object = {}) {
    const browser = new Browser(server)
    const callback = await browser.authorize(authorizationUrl(app), {
      login: { subject: 'ada', remember: true, identity_provider_session_id: 'kratos-1', ...login },
      consent: { remember: true },
    })
    const { body } = await exchangeCode(server, app, callback)
    const idToken = String(body['id_token'])
    return { browser, idToken, sid: String(claimsOf(idToken)['sid']) }
  }
  const rpLogout = (idToken: string, params: Record<string, string> = {}) =>
    `${logoutUrl}?${new URLSearchParams({ id_token_hint: idToken, ...params }).toString()}`
  const isSignedIn = async (browser: Browser) =>
    (await getRequest(server, 'login', await browser.loginChallenge(authorizationUrl(client))))[
      'skip'
    ]
  const backChannel = () => sent.filter(({ url }) => url === 'http://rp.test/back')
  const settled = () => new Promise((resolve) => setTimeout(resolve, 50))
  async function signHint(claims: JsonObject) {
    const key = await server.firebrand.services.keys.signingKey('hydra.openid.id-token')
    return key.sign(
      {
        iat: Math.floor(server.clock() / 1000),
        aud: [client.client_id],
        sub: 'ada',
        sid: 'x',
        ...claims,
      },
      'JWT',
    )
  }

  for (const method of ['GET', 'POST']) {
    const visit = (browser: Browser, params: Record<string, string> = {}) => {
      const query = new URLSearchParams(params).toString()
      return method === 'GET'
        ? browser.location(`${logoutUrl}?${query}`)
        : browser.location(logoutUrl, {
            method,
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: query,
          })
    }

    it(`LO1 ${method} without session and parameters goes to the default page`, async () => {
      expect((await visit(new Browser(server))).pathname).toBe('/ui/signed-out')
    })
    it(`LO2 and LO3 ${method} with parameters but no hint goes to the error page`, async () => {
      for (const name of ['state', 'post_logout_redirect_uri']) {
        const url = await visit(new Browser(server), { [name]: 'some-value' })
        expect(url.pathname).toBe('/ui/error')
        expect(url.searchParams.get('error')).toBe('invalid_request')
        expect(url.searchParams.get('error_description')).toMatch(
          new RegExp(`${name}.*id_token_hint`, 'u'),
        )
      }
    })
    it(`LO5, LO6, CY48, CY49 and CY50 ${method} asks once, ends the session, and asks no more`, async () => {
      const { browser, sid } = await signedIn()
      const asked = await visit(browser)
      expect(asked.pathname).toBe('/ui/logout')
      const challenge = challengeOf(asked, 'logout_challenge')
      expect(await getRequest(server, 'logout', challenge)).toMatchObject({
        subject: 'ada',
        sid,
        rp_initiated: false,
        client: null,
      })
      const end = await browser.location(await accept(server, 'logout', challenge, {}))
      expect(end.pathname).toBe('/ui/signed-out')
      expect((await visit(browser)).pathname).toBe('/ui/signed-out')
      expect(await isSignedIn(browser)).toBe(false)
    })
    it(`LO13 ${method} with a malformed hint goes to the error page`, async () => {
      const url = await visit(new Browser(server), {
        id_token_hint: 'a.b.c',
        state: '1234',
        post_logout_redirect_uri: bye,
      })
      expect(url.searchParams.get('error')).toBe('invalid_request')
    })
    it(`LO18 and LO19 ${method} with an expired hint ends at the registered address with its state`, async () => {
      const { browser, idToken } = await signedIn()
      server.clock.advance(2 * 3_600_000)
      const asked = await visit(browser, {
        id_token_hint: idToken,
        post_logout_redirect_uri: bye,
        state: '1234',
      })
      const end = await browser.location(
        await accept(server, 'logout', challengeOf(asked, 'logout_challenge'), {}),
      )
      expect(end.href).toBe(`${bye}?state=1234`)
    })
  }

  it('LO4 goes to the default page when the cookie names no session', async () => {
    const { browser, sid } = await signedIn()
    await server.storage.loginSessions.delete(sid as never)
    expect((await browser.location(logoutUrl)).pathname).toBe('/ui/signed-out')
  })

  it('5.2 shows the logout request of a client', async () => {
    const { browser, idToken, sid } = await signedIn()
    const path = rpLogout(idToken, { post_logout_redirect_uri: bye })
    const challenge = challengeOf(await browser.location(path), 'logout_challenge')
    const request = await getRequest(server, 'logout', challenge)
    expect(request).toMatchObject({
      challenge,
      subject: 'ada',
      sid,
      rp_initiated: true,
      request_url: path,
      client: { client_id: client.client_id },
    })
    expect(
      Date.parse(String(request['expires_at'])) - Date.parse(String(request['requested_at'])),
    ).toBe(30 * 60_000)
    expect(request).not.toHaveProperty('client.client_secret')
  })

  it('LO7 and SC13 let a challenge be answered twice', async () => {
    const { browser, idToken } = await signedIn()
    const challenge = challengeOf(await browser.location(rpLogout(idToken)), 'logout_challenge')
    const before = await getRequest(server, 'logout', challenge)
    await accept(server, 'logout', challenge, {})
    expect(await getRequest(server, 'logout', challenge)).toEqual(before)
    const again = await browser.location(await accept(server, 'logout', challenge, {}))
    expect(again.pathname).toBe('/ui/signed-out')
  })

  it('W22 keeps the session when the end user says no', async () => {
    const { browser, idToken } = await signedIn()
    const challenge = challengeOf(await browser.location(rpLogout(idToken)), 'logout_challenge')
    const response = await answer(server, { kind: 'logout', verdict: 'reject', challenge }, '')
    expect(response.status).toBe(204)
    expect(await isSignedIn(browser)).toBe(true)
    await expect(reject(server, 'logout', challenge, {})).rejects.toThrow('204')
  })

  it('LO8 does not log out a later session with an old verifier', async () => {
    const { browser } = await signedIn()
    const challenge = challengeOf(await browser.location(logoutUrl), 'logout_challenge')
    const redirectTo = await accept(server, 'logout', challenge, {})
    await browser.location(redirectTo)
    const later = await signedIn()
    await later.browser.location(redirectTo)
    expect(await isSignedIn(later.browser)).toBe(true)
  })

  it("LO9 does not log out a victim with an attacker's verifier", async () => {
    const attacker = await signedIn(client, { subject: 'mallory' })
    const challenge = challengeOf(await attacker.browser.location(logoutUrl), 'logout_challenge')
    const redirectTo = await accept(server, 'logout', challenge, {})
    const victim = await signedIn()
    expect((await victim.browser.location(redirectTo)).pathname).toBe('/ui/signed-out')
    expect(await isSignedIn(victim.browser)).toBe(true)
  })

  it('LO10 answers 404 for garbage, 401 for the UUIDs of former versions', async () => {
    for (const [challenge, status] of [
      ['garbage', 404],
      ['', 404],
      ['0b1c6c2e-5a2e-4f0e-9a3d-0a4a1b0c9d11', 401],
    ] as const) {
      const get = await server.adminFetch(
        `/admin/oauth2/auth/requests/logout?logout_challenge=${challenge}`,
      )
      expect(get.status).toBe(status)
      for (const verdict of ['accept', 'reject'] as const) {
        expect((await answer(server, { kind: 'logout', verdict, challenge }, '')).status).toBe(
          status,
        )
      }
    }
  })

  it('HA1 takes the legacy name of the challenge', async () => {
    const { browser } = await signedIn()
    const challenge = challengeOf(await browser.location(logoutUrl), 'logout_challenge')
    const response = await server.adminFetch(
      `/admin/oauth2/auth/requests/logout?challenge=${challenge}`,
    )
    expect(await response.json()).toMatchObject({ challenge, request_url: logoutUrl })
  })

  it('LO11 shows a garbage verifier on the error page', async () => {
    const url = await new Browser(server).location(`${logoutUrl}?logout_verifier=garbage`)
    expect(url.pathname).toBe('/ui/error')
    expect(url.searchParams.get('error')).toBe('Not Found')
  })

  const badHints = [
    { it: 'LO14 without iss', claims: {}, says: 'issuer' },
    { it: 'LO15 with another iss', claims: { iss: 'https://other.example' }, says: 'issuer' },
    {
      it: 'LO16 issued in the future',
      claims: { iss: 'http://127.0.0.1', iat: 4_102_444_800 },
      says: 'before it was issued',
    },
    { it: '5.1 without sid', claims: { iss: 'http://127.0.0.1', sid: '' }, says: 'sid' },
    {
      it: '5.1 for an unknown client',
      claims: { iss: 'http://127.0.0.1', aud: ['nobody'] },
      says: 'audience',
    },
  ]
  for (const bad of badHints) {
    it(`${bad.it} refuses the hint`, async () => {
      const url = await new Browser(server).location(rpLogout(await signHint(bad.claims)))
      expect(url.pathname).toBe('/ui/error')
      expect(url.searchParams.get('error')).toBe('invalid_request')
      expect(url.searchParams.get('error_description')).toContain(bad.says)
    })
  }

  it('2.6 refuses a hint that somebody else signed', async () => {
    const forged = await new SignJWT({
      iss: 'http://127.0.0.1',
      sub: 'ada',
      sid: 'x',
      aud: client.client_id,
    })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .sign(new TextEncoder().encode('a'.repeat(32)))
    const url = await new Browser(server).location(rpLogout(forged))
    expect(url.searchParams.get('error')).toBe('invalid_request')
  })

  it('LO17 refuses an unregistered post_logout_redirect_uri', async () => {
    const { browser, idToken } = await signedIn()
    const url = await browser.location(
      rpLogout(idToken, { post_logout_redirect_uri: 'https://evil.example' }),
    )
    expect(url.pathname).toBe('/ui/error')
  })

  it('LO20 and LO21 go straight on when the session is unknown, with the state if there was one', async () => {
    const { browser, idToken, sid } = await signedIn()
    await server.storage.loginSessions.delete(sid as never)
    const params = { post_logout_redirect_uri: bye }
    expect((await browser.location(rpLogout(idToken, { ...params, state: 'xyz' }))).href).toBe(
      `${bye}?state=xyz`,
    )
    expect((await browser.location(rpLogout(idToken, params))).href).toBe(bye)
  })

  it('LO12, LO22, CY51 and CY52 tell the client once, end the session at the identity provider, and replay nothing', async () => {
    const { browser, idToken, sid } = await signedIn()
    const other = new Browser(server)
    const challenge = challengeOf(await other.location(rpLogout(idToken)), 'logout_challenge')
    const redirectTo = await accept(server, 'logout', challenge, {})
    expect((await other.location(redirectTo)).pathname).toBe('/ui/signed-out')
    await settled()
    expect(backChannel()).toHaveLength(1)
    const [request] = backChannel()
    expect(request).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    const token = new URLSearchParams(request?.body).get('logout_token') ?? ''
    const claims = await server.firebrand.services.keys.verify('hydra.openid.id-token', token)
    expect(claims).toEqual({
      iss: 'http://127.0.0.1',
      aud: [client.client_id],
      iat: Math.floor(server.clock() / 1000),
      jti: expect.stringMatching(/^[\da-f-]{36}$/u),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      sid,
    })
    expect(sent.find(({ url }) => url.startsWith('http://kratos.test'))).toMatchObject({
      url: 'http://kratos.test:4434/admin/sessions/kratos-1',
      method: 'DELETE',
      headers: { 'x-key': 'k' },
    })
    expect(await isSignedIn(browser)).toBe(false)
    for (const replay of [browser, other])
      expect((await replay.location(redirectTo)).pathname).toBe('/ui/signed-out')
    await settled()
    expect(backChannel()).toHaveLength(1)
    expect(await server.storage.logoutNotifications.list(10)).toEqual([])
  })

  it('LO23 tells the client when an operator ends the session', async () => {
    const { sid } = await signedIn()
    const response = await server.adminFetch(`/admin/oauth2/auth/sessions/login?sid=${sid}`, {
      method: 'DELETE',
    })
    expect(response.status).toBe(204)
    await settled()
    expect(backChannel()).toHaveLength(1)
    expect(sent.some(({ url }) => url.startsWith('http://kratos.test'))).toBe(true)
  })

  it('5.5 tries a failed delivery again, longer and longer apart, and keeps what was given up for operators', async () => {
    clientStatus = 500
    const { sid } = await signedIn()
    await server.adminFetch(`/admin/oauth2/auth/sessions/login?sid=${sid}`, { method: 'DELETE' })
    await settled()
    expect(backChannel()).toHaveLength(1)
    await deliverLogoutTokens(server.firebrand.services)
    expect(backChannel()).toHaveLength(1)
    for (const seconds of [5, 30, 120, 600, 1800, 7200, 21_600]) {
      server.clock.advance(seconds * 1000)
      await deliverLogoutTokens(server.firebrand.services)
    }
    expect(backChannel()).toHaveLength(8)
    server.clock.advance(86_400_000)
    await deliverLogoutTokens(server.firebrand.services)
    expect(backChannel()).toHaveLength(8)
    const [given] = await server.storage.logoutNotifications.list(10)
    expect(given).toMatchObject({
      clientId: client.client_id,
      sid,
      attempts: 8,
      nextAttemptAt: undefined,
      lastError: 'the client answered 500',
    })
    server.clock.advance(7 * 86_400_000)
    await server.storage.purgeExpired(server.clock(), 100)
    expect(await server.storage.logoutNotifications.list(10)).toEqual([])
  })

  it('5.5 delivers after a restart what was queued before', async () => {
    clientStatus = 503
    const { sid } = await signedIn()
    await server.adminFetch(`/admin/oauth2/auth/sessions/login?sid=${sid}`, { method: 'DELETE' })
    await settled()
    clientStatus = 204
    server.clock.advance(5000)
    const workers = Array.from({ length: 10 }, () => deliverLogoutTokens(server.firebrand.services))
    await Promise.all(workers)
    expect(backChannel()).toHaveLength(2)
    expect(await server.storage.logoutNotifications.list(10)).toEqual([])
  })

  it('CY53, CY54 and 5.4 load the logout URL of every front-channel client, with iss and sid, then goes on', async () => {
    const framed = await createClient(server, {
      frontchannel_logout_uri: 'http://rp.test/front?x=1',
      post_logout_redirect_uris: [bye],
    })
    const { browser, idToken, sid } = await signedIn(framed)
    const asked = await browser.location(
      rpLogout(idToken, { post_logout_redirect_uri: bye, state: 's&"' }),
    )
    const { response, status } = await browser.visit(
      await accept(server, 'logout', challengeOf(asked, 'logout_challenge'), {}),
    )
    expect(status).toBe(200)
    const page = await response.text()
    expect(page).toContain(
      `data-src="http://rp.test/front?x=1&amp;iss=http%3A%2F%2F127.0.0.1&amp;sid=${sid}"`,
    )
    expect(page).toContain(`content="7;url=${bye}?state=s%26%22"`)
    expect(response.headers.get('content-security-policy')).toContain('frame-src http://rp.test;')
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('W21 keeps the cookie of a browser that is signed in with another session', async () => {
    const { idToken } = await signedIn()
    const bystander = await signedIn(client, { subject: 'grace' })
    const challenge = challengeOf(
      await bystander.browser.location(rpLogout(idToken)),
      'logout_challenge',
    )
    await bystander.browser.location(await accept(server, 'logout', challenge, {}))
    expect(await isSignedIn(bystander.browser)).toBe(true)
  })

  it('5.3 gives exactly one of ten concurrent redemptions the channels', async () => {
    const { browser, idToken } = await signedIn()
    const challenge = challengeOf(await browser.location(rpLogout(idToken)), 'logout_challenge')
    const redirectTo = await accept(server, 'logout', challenge, {})
    await Promise.all(Array.from({ length: 10 }, () => browser.location(redirectTo)))
    await settled()
    expect(backChannel()).toHaveLength(1)
  })
})
