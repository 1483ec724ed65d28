/** Claims of the built-in accounts, by scope and one by one. @see OpenID Connect Core §5.4 and §5.5 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeProfile, createAccount } from '../../src/accounts/accounts.ts'
import { demoAccount } from '../../src/accounts/demo-account.ts'
import { claimsOfScope } from '../../src/protocol/standard-claims.ts'
import { seedDemo } from '../../src/ui/demo/seed.ts'
import {
  authorizationUrl,
  claimsOf,
  createClient,
  exchangeCode,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestBrowser, type TestServer } from '../support/server.ts'

/** Values of the hidden fields of a page. */
function hiddenFields(html: string): Record<string, string> {
  const fields = [...html.matchAll(/name="(challenge|_csrf)"\s+value="([^"]*)"/gu)]
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]))
}

describeEachEngine('claims of built-in accounts', (engine) => {
  let server: TestServer
  let client: TestClient
  const everything = 'openid profile email address phone'
  beforeAll(async () => {
    server = await startServer(engine)
    await seedDemo(server.firebrand.services)
    client = await createClient(server, {
      scope: `${everything} offline_access`,
      response_types: ['code', 'id_token', 'token id_token'],
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    })
  })
  afterAll(() => server.close())

  const post = (
    browser: TestBrowser,
    path: string,
    fields: readonly (readonly [string, string])[],
  ) =>
    browser.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields.map(([name, value]) => [name, value])).toString(),
    })

  /** Signs in; gives the consent page. */
  async function consentPage(
    browser: TestBrowser,
    url: string,
    email: string = demoAccount.email,
    password: string = demoAccount.password,
  ): Promise<string> {
    const page = await (await browser.follow(url)).text()
    const answered = await post(browser, '/ui/login', [
      ...Object.entries(hiddenFields(page)),
      ['email', email],
      ['password', password],
      ['remember', '1'],
      ['submit', 'accept'],
    ])
    return (await browser.follow(answered.headers.get('location') ?? '')).text()
  }

  async function consent(
    browser: TestBrowser,
    page: string,
    scopes: string,
    more: readonly (readonly [string, string])[] = [],
  ): Promise<URL> {
    const answered = await post(browser, '/ui/consent', [
      ...Object.entries(hiddenFields(page)),
      ...scopes.split(' ').map((scope) => ['grant_scope', scope] as const),
      ['submit', 'accept'],
      ...more,
    ])
    const end = await browser.follow(answered.headers.get('location') ?? '')
    return new URL(end.headers.get('location') ?? '')
  }

  async function told(callback: URL) {
    const { body } = await exchangeCode(server, client, callback)
    const response = await server.publicFetch('/userinfo', {
      headers: { authorization: `Bearer ${String(body['access_token'])}` },
    })
    return {
      idToken: claimsOf(body['id_token']),
      userinfo: (await response.json()) as Record<string, unknown>,
    }
  }

  async function flow(params: Record<string, string>, granted?: string) {
    const browser = server.browser()
    const page = await consentPage(browser, authorizationUrl(client, params))
    const callback = await consent(browser, page, granted ?? params['scope'] ?? '')
    return { page, ...(await told(callback)) }
  }

  for (const [scope, names] of Object.entries(claimsOfScope))
    it(`oidcc-scope-${scope}: tells userinfo all of ${scope}, and the ID token nothing`, async () => {
      const { userinfo, idToken } = await flow({ scope: `openid ${scope}` })
      expect(Object.keys(userinfo)).toEqual(expect.arrayContaining([...names]))
      const others = Object.entries(claimsOfScope).flatMap(([each, claims]) =>
        each === scope ? [] : claims,
      )
      expect(Object.keys(userinfo).filter((name) => others.includes(name))).toEqual([])
      expect(Object.keys(idToken).filter((name) => names.includes(name))).toEqual([])
    })

  it('oidcc-scope-all: tells the types of Core §5.1', async () => {
    const { userinfo } = await flow({ scope: everything })
    const { address, email_verified, phone_number_verified, updated_at, ...texts } = userinfo
    expect([typeof email_verified, typeof phone_number_verified, typeof updated_at]).toEqual([
      'boolean',
      'boolean',
      'number',
    ])
    expect(Object.values(address as object).every((part) => typeof part === 'string')).toBe(true)
    expect(texts).toMatchObject({ email: demoAccount.email, name: demoAccount.name })
    expect(userinfo['birthdate']).toMatch(/^\d{4}-\d\d-\d\d$/u)
  })

  it('Core §5.4: puts claims of scopes into the ID token where there is no access token', async () => {
    const browser = server.browser()
    const params = { scope: 'openid email', response_type: 'id_token' }
    const page = await consentPage(browser, authorizationUrl(client, params))
    const callback = await consent(browser, page, 'openid email')
    const idToken = claimsOf(new URLSearchParams(callback.hash.slice(1)).get('id_token'))
    expect(idToken).toMatchObject({ email: demoAccount.email, email_verified: true })
    expect(idToken).not.toHaveProperty('name')
  })

  const asked = JSON.stringify({
    userinfo: { name: { essential: true }, unheard_of: { essential: true } },
    id_token: { phone_number: null },
  })

  it('oidcc-claims-essential: tells single claims where they were asked for, and names them at consent', async () => {
    const { page, userinfo, idToken } = await flow({ scope: 'openid', claims: asked })
    expect(page).toContain('<code>name</code>')
    expect(page).toContain('<code>phone_number</code>')
    expect(page).not.toContain('<code>unheard_of')
    expect(userinfo).toMatchObject({ name: demoAccount.name })
    // Userinfo repeats what the ID token says, as the Ory API has it.
    expect(userinfo).toMatchObject({ phone_number: expect.any(String) })
    expect(idToken).toMatchObject({ phone_number: expect.any(String) })
    expect(idToken).not.toHaveProperty('name')
  })

  it('refuses a single claim together with the scope that it stands behind', async () => {
    const claims = JSON.stringify({ id_token: { email: { essential: true } } })
    const denied = await flow({ scope: 'openid email', claims }, 'openid')
    expect(denied.idToken).not.toHaveProperty('email')
    const granted = await flow({ scope: 'openid email', claims })
    expect(granted.idToken).toMatchObject({ email: demoAccount.email })
  })

  it('asks again for single claims that a remembered consent does not cover, and tells none in silence', async () => {
    const browser = server.browser()
    const page = await consentPage(browser, authorizationUrl(client, { scope: 'openid' }))
    await consent(browser, page, 'openid', [['remember', '1']])
    const again = await browser.follow(authorizationUrl(client, { scope: 'openid', claims: asked }))
    expect(again.status).toBe(200)
    expect(await again.text()).toContain('<code>name</code>')
    const silent = await browser.follow(
      authorizationUrl(client, { scope: 'openid', claims: asked, prompt: 'none' }),
    )
    const { userinfo } = await told(new URL(silent.headers.get('location') ?? ''))
    expect(userinfo).not.toHaveProperty('name')
  })

  it('RFC 9470 §5: asks a remembered end user for the password when acr 1 is wanted', async () => {
    // The newest consent counts, and the test before has left one.
    server.clock.advance(1000)
    const browser = server.browser()
    const page = await consentPage(browser, authorizationUrl(client, { scope: 'openid email' }))
    await consent(browser, page, 'openid email', [['remember', '1']])
    const plain = await browser.follow(authorizationUrl(client, { scope: 'openid email' }))
    const first = await told(new URL(plain.headers.get('location') ?? ''))
    expect(first.idToken).toMatchObject({ acr: '0' })
    const stepUp = authorizationUrl(client, { scope: 'openid email', acr_values: '1' })
    const form = await browser.follow(stepUp)
    expect(await form.text()).toContain('type="password"')
    const end = await consentPage(browser, stepUp)
    expect(end).toBe('')
  })

  it('are told as the operator set them', async () => {
    const { services } = server.firebrand
    const email = `ada-${engine.name}@example.org`
    const password = 'correct horse battery'
    await createAccount(services, { email, name: 'Ada', password })
    const wrong = { name: undefined, removed: [], claims: { birthdate: 'yesterday' } }
    expect(await changeProfile(services, email, wrong)).toMatchObject({
      error: { reason: 'invalid_claim' },
    })
    const changed = await changeProfile(services, email, {
      name: undefined,
      removed: [],
      claims: { given_name: 'Ada', nickname: 'A' },
    })
    expect(changed.ok && changed.value.sealedProfile).not.toContain('Ada')
    await changeProfile(services, email, { name: 'Ada King', removed: ['nickname'], claims: {} })
    const browser = server.browser()
    const url = authorizationUrl(client, { scope: 'openid profile' })
    const page = await consentPage(browser, url, email, password)
    const { userinfo } = await told(await consent(browser, page, 'openid profile'))
    expect(userinfo).toMatchObject({ given_name: 'Ada', name: 'Ada King' })
    expect(userinfo).not.toHaveProperty('nickname')
  })
})

describe('discovery about claims', () => {
  it('says nothing of accounts where the consent app is another', async () => {
    const server = await startServer('memory', {
      config: { urls: { consent: 'http://app.example/consent' } },
    })
    try {
      const response = await server.publicFetch('/.well-known/openid-configuration')
      expect(await response.json()).toMatchObject({ claims_supported: ['sub'] })
    } finally {
      await server.close()
    }
  })
})
