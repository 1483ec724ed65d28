/** `acr_values`, essential `acr`, `max_age` and their defaults. @see OpenID Connect Core §5.5.1.1, RFC 9470 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizationUrl,
  Browser,
  claimsOf,
  createClient,
  exchangeCode,
  getRequest,
  introspect,
  type TestClient,
} from '../support/browser-flow.ts'
import { ownPages } from '../support/code-flow.ts'
import { describeEachEngine, type Engine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const essential = (...values: readonly string[]) =>
  JSON.stringify({ id_token: { acr: { essential: true, values } } })

async function idToken(server: TestServer, client: TestClient, callback: URL) {
  const { body } = await exchangeCode(server, client, callback)
  return claimsOf(body['id_token'])
}

describeEachEngine('step-up authentication', (engine) => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer(engine, { config: ownPages })
    client = await createClient(server)
  })
  afterAll(() => server.close())

  it('oidcc-ensure-request-with-acr-values-succeeds: voluntary values may stay unmet', async () => {
    const url = authorizationUrl(client, { acr_values: '1 2' })
    const unmet = await new Browser(server).authorize(url)
    expect(await idToken(server, client, unmet)).toMatchObject({ acr: '0' })
    const met = await new Browser(server).authorize(url, { login: { acr: '2', amr: ['otp'] } })
    expect(await idToken(server, client, met)).toMatchObject({ acr: '2', amr: ['otp'] })
  })

  it('Core §5.5.1.1: an essential acr that is met comes back in the ID token', async () => {
    const url = authorizationUrl(client, { claims: essential('urn:a', 'urn:b') })
    const callback = await new Browser(server).authorize(url, { login: { acr: 'urn:b' } })
    expect(await idToken(server, client, callback)).toMatchObject({ acr: 'urn:b' })
  })

  for (const acr of ['urn:c', undefined])
    it(`Core §5.5.1.1: refuses ${acr ?? 'no acr'} where others are essential`, async () => {
      const url = authorizationUrl(client, { claims: essential('urn:a', 'urn:b') })
      const callback = await new Browser(server).authorize(url, { login: { acr } })
      expect(callback.searchParams.get('error')).toBe('unmet_authentication_requirements')
      expect(callback.searchParams.get('state')).toBe('some-random-state')
      expect(callback.searchParams.has('code')).toBe(false)
    })

  it('RFC 9470 §5: a remembered end user can step up in the login app', async () => {
    const browser = new Browser(server)
    await browser.authorize(authorizationUrl(client), { login: { remember: true, acr: 'urn:low' } })
    const url = authorizationUrl(client, { claims: essential('urn:high') })
    const challenge = await browser.loginChallenge(url)
    expect(await getRequest(server, 'login', challenge)).toMatchObject({
      skip: true,
      oidc_context: { acr_values: ['urn:high'] },
    })
    const callback = await browser.authorize(url, { login: { acr: 'urn:high' } })
    expect(await idToken(server, client, callback)).toMatchObject({ acr: 'urn:high' })
  })

  it('RFC 9470 §5: max_age asks for a fresh login, and auth_time tells of it', async () => {
    const browser = new Browser(server)
    const first = await browser.authorize(authorizationUrl(client), { login: { remember: true } })
    const before = await idToken(server, client, first)
    server.clock.advance(10_000)
    const url = authorizationUrl(client, { max_age: '5' })
    expect(await getRequest(server, 'login', await browser.loginChallenge(url))).toMatchObject({
      skip: false,
    })
    const after = await idToken(server, client, await browser.authorize(url))
    expect(Number(after['auth_time'])).toBe(Number(before['auth_time']) + 10)
  })

  describe('what a client decides beforehand (Registration §2)', () => {
    let careful: TestClient
    const metadata = {
      default_max_age: 60,
      require_auth_time: true,
      default_acr_values: ['urn:high', 'urn:low'],
      initiate_login_uri: 'https://app.example/login',
    }
    beforeAll(async () => {
      careful = await createClient(server, metadata)
    })

    it('is stored and shown', async () => {
      const response = await server.adminFetch(`/admin/clients/${careful.client_id}`)
      expect(await response.json()).toMatchObject(metadata)
    })

    it('is not shown of a client that has none', async () => {
      const response = await server.adminFetch(`/admin/clients/${client.client_id}`)
      const shown = Object.keys((await response.json()) as object)
      expect(shown.filter((name) => name in metadata)).toEqual([])
    })

    it('default_acr_values stand for absent acr_values only', async () => {
      const context = async (params: Record<string, string>) => {
        const challenge = await new Browser(server).loginChallenge(
          authorizationUrl(careful, params),
        )
        return (await getRequest(server, 'login', challenge))['oidc_context']
      }
      expect(await context({})).toEqual({ acr_values: ['urn:high', 'urn:low'] })
      expect(await context({ acr_values: 'urn:mine' })).toEqual({ acr_values: ['urn:mine'] })
      const callback = await new Browser(server).authorize(authorizationUrl(careful))
      expect(await idToken(server, careful, callback)).toMatchObject({ acr: '0' })
    })

    it('default_max_age stands for an absent max_age only', async () => {
      const browser = new Browser(server)
      await browser.authorize(authorizationUrl(careful), { login: { remember: true } })
      server.clock.advance(61_000)
      const silent = await browser.location(authorizationUrl(careful, { prompt: 'none' }))
      expect(silent.searchParams.get('error')).toBe('login_required')
      const patient = authorizationUrl(careful, { prompt: 'none', max_age: '3600' })
      expect((await browser.location(patient)).searchParams.has('login_challenge')).toBe(true)
      const plain = await browser.loginChallenge(authorizationUrl(careful))
      expect(await getRequest(server, 'login', plain)).toMatchObject({ skip: false })
    })

    for (const [what, wrong] of [
      ['a negative default_max_age', { default_max_age: -1 }],
      [
        'oidcc-3rd_party-init-login-nohttps: an http initiate_login_uri',
        { initiate_login_uri: 'http://app.example/login' },
      ],
      ['an initiate_login_uri that is no URL', { initiate_login_uri: 'login' }],
    ] as const)
      it(`refuses ${what} with invalid_client_metadata`, async () => {
        const response = await server.adminFetch('/admin/clients', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(wrong),
        })
        expect(response.status).toBe(400)
        expect(await response.json()).toMatchObject({ error: 'invalid_client_metadata' })
      })
  })
})

/** Runs the code flow of a login that names its acr, with access tokens of a form. */
async function tokenFor(server: TestServer, strategy: string): Promise<string> {
  const client = await createClient(server, { access_token_strategy: strategy })
  const callback = await new Browser(server).authorize(authorizationUrl(client), {
    login: { acr: 'urn:high', amr: ['hwk'] },
  })
  const { body } = await exchangeCode(server, client, callback)
  return String(body['access_token'])
}

describe('oauth2.access_token_authentication_claims', () => {
  const start = (engine: Engine | string, on: boolean) =>
    startServer(engine, {
      config: { ...ownPages, oauth2: { access_token_authentication_claims: on } },
    })

  it('RFC 9470 §6.1 and §6.2: tells resource servers of acr and auth_time', async () => {
    const server = await start('memory', true)
    try {
      const authTime = Math.floor(server.clock() / 1000)
      expect(claimsOf(await tokenFor(server, 'jwt'))).toMatchObject({
        acr: 'urn:high',
        amr: ['hwk'],
        auth_time: authTime,
      })
      for (const strategy of ['opaque', 'jwt'])
        expect(await introspect(server, await tokenFor(server, strategy))).toMatchObject({
          active: true,
          acr: 'urn:high',
          auth_time: authTime,
        })
    } finally {
      await server.close()
    }
  })

  it('off, as it is unless it is asked for, changes nothing of the Ory API', async () => {
    const server = await start('memory', false)
    try {
      const token = await tokenFor(server, 'jwt')
      for (const claims of [claimsOf(token), await introspect(server, token)])
        expect(Object.keys(claims).filter((name) => /acr|amr|auth_time/u.test(name))).toEqual([])
    } finally {
      await server.close()
    }
  })
})
