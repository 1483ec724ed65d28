/** The `claims` parameter with a login and consent app of the operator. @see OpenID Connect Core §5.5 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UnsecuredJWT } from 'jose'
import {
  accept,
  authorizationUrl,
  Browser,
  claimsOf,
  createClient,
  exchangeCode,
  getRequest,
  type TestClient,
} from '../support/browser-flow.ts'
import { ownPages } from '../support/code-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const usual = {
  userinfo: { given_name: { essential: true }, email: { essential: true }, picture: null },
  id_token: { auth_time: { essential: true }, acr: { values: ['urn:example:silver'] } },
}

const withClaims = (claims: unknown, more: Record<string, string> = {}) => ({
  scope: 'openid',
  claims: typeof claims === 'string' ? claims : JSON.stringify(claims),
  ...more,
})

describeEachEngine('the claims parameter', (engine) => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer(engine, { config: ownPages })
    client = await createClient(server, {
      jwks: { keys: [] },
      response_types: ['code', 'id_token'],
      grant_types: ['authorization_code', 'implicit'],
    })
  })
  afterAll(() => server.close())

  const refusal = async (url: string, browser = new Browser(server)) =>
    Object.fromEntries((await browser.location(url)).searchParams)

  it('§5.5: is announced by the discovery document', async () => {
    const response = await server.publicFetch('/.well-known/openid-configuration')
    expect(await response.json()).toMatchObject({ claims_parameter_supported: true })
  })

  it('oidcc-claims-essential: does not fail for want of a claim', async () => {
    const claims = { userinfo: { name: { essential: true } } }
    const callback = await new Browser(server).authorize(
      authorizationUrl(client, withClaims(claims)),
    )
    expect(callback.searchParams.get('error')).toBeNull()
    const { body } = await exchangeCode(server, client, callback)
    expect(claimsOf(body['id_token'])).not.toHaveProperty('name')
  })

  it('leaves it to the consent app what is told: session.id_token goes to both places', async () => {
    const callback = await new Browser(server).authorize(
      authorizationUrl(client, withClaims(usual)),
      { consent: { session: { id_token: { given_name: 'Ada' } } } },
    )
    const { body } = await exchangeCode(server, client, callback)
    expect(claimsOf(body['id_token'])).toMatchObject({ given_name: 'Ada' })
    const userinfo = await server.publicFetch('/userinfo', {
      headers: { authorization: `Bearer ${String(body['access_token'])}` },
    })
    expect(await userinfo.json()).toMatchObject({ given_name: 'Ada' })
  })

  it('tells the login app of acr as it would of acr_values, and nothing that strict SDKs refuse', async () => {
    const browser = new Browser(server)
    const challenge = await browser.loginChallenge(
      authorizationUrl(client, withClaims(usual, { acr_values: 'urn:example:bronze' })),
    )
    const request = await getRequest(server, 'login', challenge)
    expect(request['oidc_context']).toEqual({
      acr_values: ['urn:example:silver', 'urn:example:bronze'],
    })
  })

  it('keeps challenges within 800 characters for a usual request', async () => {
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(client, withClaims(usual)))
    const consent = await browser.consentChallenge(login, { subject: 'user-1' })
    expect(login.length).toBeLessThanOrEqual(800)
    expect(consent.length).toBeLessThanOrEqual(800)
  })

  it('§6.1: counts inside a request object, too', async () => {
    const request = new UnsecuredJWT({
      claims: { id_token: { acr: { values: ['urn:example:gold'] } } },
    }).encode()
    const challenge = await new Browser(server).loginChallenge(
      authorizationUrl(client, { scope: 'openid', request }),
    )
    const { oidc_context: context } = await getRequest(server, 'login', challenge)
    expect(context).toEqual({ acr_values: ['urn:example:gold'] })
  })

  for (const [what, claims] of [
    ['no JSON', '{"userinfo"'],
    ['no object', '["name"]'],
    ['a place of another form', '{"userinfo":["name"]}'],
    ['far too long', JSON.stringify({ userinfo: { ['x'.repeat(4100)]: null } })],
  ] as const)
    it(`answers invalid_request with advice for a value that is ${what}`, async () => {
      const answer = await refusal(authorizationUrl(client, withClaims(claims)))
      expect(answer['error']).toBe('invalid_request')
      expect(answer['error_description']).toMatch(/claims/u)
    })

  it('means nothing without the scope openid', async () => {
    const url = authorizationUrl(client, withClaims('[', { scope: 'foo' }))
    const callback = await new Browser(server).authorize(url)
    expect(callback.searchParams.get('code')).not.toBeNull()
  })

  describe('sub', () => {
    const only = (...values: readonly string[]) => withClaims({ id_token: { sub: { values } } })

    it('§5.5.1: lets the end user pass who is asked for', async () => {
      const callback = await new Browser(server).authorize(
        authorizationUrl(client, only('user-2', 'user-1')),
      )
      expect(callback.searchParams.get('code')).not.toBeNull()
    })

    it('§5.5.1: is login_required for anybody else', async () => {
      const callback = await new Browser(server).authorize(authorizationUrl(client, only('user-2')))
      expect(callback.searchParams.get('error')).toBe('login_required')
      expect(callback.searchParams.get('code')).toBeNull()
    })

    it('§5.5.1: is login_required at once for another remembered end user', async () => {
      const browser = new Browser(server)
      await browser.authorize(authorizationUrl(client), { login: { remember: true } })
      const answer = await refusal(authorizationUrl(client, only('user-2')), browser)
      expect(answer['error']).toBe('login_required')
      const silent = await browser.location(
        authorizationUrl(client, { ...only('user-1'), prompt: 'none' }),
      )
      expect(silent.searchParams.has('login_challenge')).toBe(true)
    })
  })

  it('is the same in a flow that only has an ID token', async () => {
    const browser = new Browser(server)
    const challenge = await browser.consentChallenge(
      await browser.loginChallenge(
        authorizationUrl(client, withClaims(usual, { response_type: 'id_token' })),
      ),
      { subject: 'user-1', acr: 'urn:example:silver' },
    )
    const callback = await browser.location(
      await accept(server, 'consent', challenge, {
        grant_scope: ['openid'],
        session: { id_token: { email: 'ada@example.org' } },
      }),
    )
    expect(claimsOf(new URLSearchParams(callback.hash.slice(1)).get('id_token'))).toMatchObject({
      acr: 'urn:example:silver',
      email: 'ada@example.org',
      auth_time: expect.any(Number),
    })
  })
})
