/** Every parameter of a request that goes on, altered on the way: between the login app and the consent app, and on the way back. */

import { createHash, generateKeyPairSync } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accept,
  authorizationUrl,
  Browser,
  challengeOf,
  claimsOf,
  createClient,
  exchangeCode,
  introspect,
  type TestClient,
} from '../support/browser-flow.ts'
import { createDeviceClient, requestCodes } from '../support/device-flow.ts'
import { startServer, type TestServer } from '../support/server.ts'

const audience = 'https://api.example'
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })

let server: TestServer
let client: TestClient
/** Another client that has registered the same addresses and may ask for the same. */
let twin: TestClient

beforeAll(async () => {
  server = await startServer('memory', {
    config: { urls: { login: 'http://app.example/login', consent: 'http://app.example/consent' } },
  })
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }
  const able = {
    redirect_uris: ['http://127.0.0.1:5555/callback', 'http://127.0.0.1:5555/other'],
    response_types: ['code', 'token', 'id_token', 'code id_token', 'code token', 'id_token token'],
    grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    audience: [audience, 'https://other.example'],
    jwks: { keys: [jwk] },
  }
  client = await createClient(server, able)
  twin = await createClient(server, able)
})
afterAll(() => server.close())

const verifier = 'v'.repeat(43)
const challenge = (text: string) => createHash('sha256').update(text).digest('base64url')

const object = (claims: Record<string, unknown>) =>
  new SignJWT({ client_id: client.client_id, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .sign(keys.privateKey)

/** A request with a value for every parameter, and another value that a request could begin with as well. */
async function parametersOf(): Promise<
  Readonly<Record<string, readonly [sent: string, other: string]>>
> {
  const claims = (name: string) => JSON.stringify({ userinfo: { [name]: { essential: true } } })
  return {
    client_id: [client.client_id, twin.client_id],
    redirect_uri: ['http://127.0.0.1:5555/callback', 'http://127.0.0.1:5555/other'],
    response_type: ['code', 'code id_token'],
    response_mode: ['query', 'form_post'],
    scope: ['openid', 'openid foo'],
    state: ['state-that-was-sent', 'state-of-an-attacker'],
    nonce: ['nonce-that-was-sent', 'nonce-of-an-attacker'],
    code_challenge: [challenge(verifier), challenge('w'.repeat(43))],
    code_challenge_method: ['S256', 'plain'],
    audience: [audience, 'https://other.example'],
    resource: [audience, 'https://other.example'],
    max_age: ['3600', '7200'],
    prompt: ['consent', 'login consent'],
    claims: [claims('email'), claims('phone_number')],
    acr_values: ['urn:a', 'urn:b'],
    login_hint: ['ada', 'eve'],
    ui_locales: ['de', 'fr'],
    display: ['page', 'popup'],
    tenant: ['a', 'b'],
    request: [await object({ ui_locales: 'de' }), await object({ scope: 'openid foo' })],
  }
}

type Alterations = Readonly<Record<string, (query: URLSearchParams) => void>>

/** Each parameter once with another value, left out, empty, longer, and sent twice. */
function alterations(
  parameters: Readonly<Record<string, readonly [sent: string, other: string]>>,
  sent: URLSearchParams,
): Alterations {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, [value, other]]) =>
      sent.has(name)
        ? [
            [`${name} changed`, (query: URLSearchParams) => query.set(name, other)],
            [`${name} empty`, (query: URLSearchParams) => query.set(name, '')],
            [`${name} left out`, (query: URLSearchParams) => query.delete(name)],
            [`${name} twice`, (query: URLSearchParams) => query.append(name, other)],
            [`${name} with more`, (query: URLSearchParams) => query.set(name, `${value} X`)],
          ]
        : [[`${name} added`, (query: URLSearchParams) => query.set(name, other)]],
    ),
  )
}

function altered(url: string, alter: (query: URLSearchParams) => void): string {
  const at = new URL(url)
  alter(at.searchParams)
  return at.href
}

/** What a visit led to, as far as an attacker would be glad of it. */
async function gains(browser: Browser, url: string): Promise<readonly string[]> {
  const { response } = await browser.visit(url)
  const location = response.headers.get('location') ?? ''
  const text = await response.text()
  return [
    'login_challenge=',
    'consent_challenge=',
    'code=',
    'access_token=',
    'id_token=',
    'name="code"',
    'name="access_token"',
    'name="id_token"',
  ].filter((sign) => new RegExp(`(?:[?&#]|^|<input[^>]*)${sign}`, 'u').test(location + text))
}

const requests: Readonly<Record<string, readonly string[]>> = {
  'with every parameter but request': ['request'],
  'with the least': [
    'response_mode',
    'code_challenge',
    'code_challenge_method',
    'audience',
    'resource',
    'max_age',
    'prompt',
    'claims',
    'acr_values',
    'login_hint',
    'ui_locales',
    'display',
    'tenant',
    'request',
  ],
  'with a request object': ['claims', 'resource', 'tenant'],
}

describe('a request that goes on', () => {
  for (const [what, without] of Object.entries(requests))
    it(`attack 14: ${what}, is refused on both passes with any parameter altered, and goes on unaltered`, async () => {
      const parameters = await parametersOf()
      const sent = new URLSearchParams(
        Object.entries(parameters)
          .filter(([name]) => !without.includes(name))
          .map(([name, [value]]) => [name, value]),
      )
      const ways = alterations(parameters, sent)
      expect(Object.keys(ways).length).toBeGreaterThan(30)
      const browser = new Browser(server)
      const login = await browser.loginChallenge(`/oauth2/auth?${sent.toString()}`)
      const passB = await accept(server, 'login', login, { subject: 'ada' })
      for (const [name, alter] of Object.entries(ways))
        expect([name, await gains(browser, altered(passB, alter))]).toEqual([name, []])
      const consent = challengeOf(await browser.location(passB), 'consent_challenge')
      const passC = await accept(server, 'consent', consent, { grant_scope: ['openid'] })
      for (const [name, alter] of Object.entries(ways))
        expect([name, await gains(browser, altered(passC, alter))]).toEqual([name, []])
      // Of all that, nothing was spent: the request that was sent is the one that is answered.
      const callback = await browser.location(passC)
      expect(callback.href.startsWith(`${client.redirect_uri}?`)).toBe(true)
      expect(callback.searchParams.get('state')).toBe('state-that-was-sent')
      const { status, body } = await exchangeCode(
        server,
        client,
        callback,
        sent.has('code_challenge') ? { code_verifier: verifier } : {},
      )
      expect(status).toBe(200)
      expect(claimsOf(body['id_token'])).toMatchObject({ nonce: 'nonce-that-was-sent' })
      expect(await introspect(server, body['access_token'])).toMatchObject({
        scope: 'openid',
        client_id: client.client_id,
      })
    })

  it('attack 14: takes no response type, mode or client from a body that comes along with the verifier', async () => {
    const browser = new Browser(server)
    const url = authorizationUrl(client, { scope: 'openid' })
    const passB = await accept(server, 'login', await browser.loginChallenge(url), {
      subject: 'ada',
    })
    const post = async (target: string, fields: Record<string, string>) => {
      const { response } = await browser.visit(target, {
        method: 'POST',
        body: new URLSearchParams(fields),
      })
      return `${response.headers.get('location') ?? ''}${await response.text()}`
    }
    const bodies = [
      { response_type: 'token' },
      { response_type: 'code token' },
      { response_mode: 'fragment' },
      { client_id: twin.client_id },
      { redirect_uri: 'http://127.0.0.1:5555/other' },
      { state: 'state-of-an-attacker' },
      { prompt: 'none' },
      { code_challenge: challenge(verifier), code_challenge_method: 'S256' },
    ]
    for (const body of bodies)
      expect([body, (await post(passB, body)).includes('consent_challenge')]).toEqual([body, false])
    const consent = challengeOf(await browser.location(passB), 'consent_challenge')
    const passC = await accept(server, 'consent', consent, { grant_scope: ['openid'] })
    for (const body of bodies)
      expect([body, /[?&#"](?:code|access_token)[="]/u.test(await post(passC, body))]).toEqual([
        body,
        false,
      ])
    expect((await browser.location(passC)).searchParams.has('code')).toBe(true)
  })

  it('attack 14: does not become the implicit flow of a client that has none', async () => {
    const plain = await createClient(server)
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(plain))
    const passB = await accept(server, 'login', login, { subject: 'ada' })
    const consent = challengeOf(await browser.location(passB), 'consent_challenge')
    const passC = await accept(server, 'consent', consent, { grant_scope: ['openid'] })
    for (const url of [passB, passC])
      for (const type of ['token', 'id_token', 'id_token token', 'code token', 'none'])
        expect([
          type,
          await gains(
            browser,
            altered(url, (query) => query.set('response_type', type)),
          ),
        ]).toEqual([type, []])
  })
})

describe('the visit of a device', () => {
  it('attack 14: is refused on every pass with any parameter altered, and goes on unaltered', async () => {
    const device = await createDeviceClient(server)
    const other = await createDeviceClient(server)
    const codes = await requestCodes(server, device)
    const browser = new Browser(server)
    const opened = await browser.location('/oauth2/device/verify?tenant=a')
    const connect = await server.adminFetch(
      `/admin/oauth2/auth/requests/device/accept?device_challenge=${encodeURIComponent(challengeOf(opened, 'device_challenge'))}`,
      {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_code: codes.user_code }),
      },
    )
    const { redirect_to: first } = (await connect.json()) as { redirect_to: string }
    const ways: Alterations = {
      'another client': (query) => query.set('client_id', other.client_id),
      'no client': (query) => query.delete('client_id'),
    }
    const later: Alterations = {
      ...ways,
      'another tenant': (query) => query.set('tenant', 'b'),
      'no tenant': (query) => query.delete('tenant'),
      'prompt=login added': (query) => query.set('prompt', 'login'),
    }
    for (const [name, alter] of Object.entries(ways))
      expect([name, await gains(browser, altered(first, alter))]).toEqual([name, []])
    const login = challengeOf(await browser.location(first), 'login_challenge')
    const second = await accept(server, 'login', login, { subject: 'ada' })
    for (const [name, alter] of Object.entries(later))
      expect([name, await gains(browser, altered(second, alter))]).toEqual([name, []])
    const consent = challengeOf(await browser.location(second), 'consent_challenge')
    const third = await accept(server, 'consent', consent, {})
    for (const [name, alter] of Object.entries(later)) {
      const { response } = await browser.visit(altered(third, alter))
      expect([name, response.status >= 400]).toEqual([name, true])
    }
    expect((await browser.visit(third)).status).toBe(302)
  })
})

describe('a logout that goes on', () => {
  it('attack 14: ends where the sealed request said, whatever stands beside the verifier', async () => {
    const app = await createClient(server, {
      post_logout_redirect_uris: ['http://127.0.0.1:5555/out', 'http://127.0.0.1:5555/other'],
    })
    const browser = new Browser(server)
    const callback = await browser.authorize(authorizationUrl(app, { scope: 'openid' }), {
      login: { remember: true },
    })
    const { body } = await exchangeCode(server, app, callback)
    const query = new URLSearchParams({
      id_token_hint: String(body['id_token']),
      post_logout_redirect_uri: 'http://127.0.0.1:5555/out',
      state: 'state-that-was-sent',
    })
    const asked = await browser.location(`/oauth2/sessions/logout?${query.toString()}`)
    const next = await accept(server, 'logout', challengeOf(asked, 'logout_challenge'), {})
    const url = altered(next, (params) => {
      params.set('post_logout_redirect_uri', 'http://127.0.0.1:5555/other')
      params.set('state', 'state-of-an-attacker')
      params.set('client_id', twin.client_id)
      params.set('id_token_hint', 'x')
    })
    expect((await browser.location(url)).href).toBe(
      'http://127.0.0.1:5555/out?state=state-that-was-sent',
    )
  })
})
