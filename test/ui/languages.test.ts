/** Hints for the built-in pages. @see OpenID Connect Core §3.1.2.1 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccount } from '../../src/accounts/demo-account.ts'
import { seedDemo } from '../../src/ui/demo/seed.ts'
import { authorizationUrl, createClient, type TestClient } from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

describeEachEngine('hints for the built-in pages', (engine) => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer(engine)
    await seedDemo(server.firebrand.services)
    client = await createClient(server, {
      client_name: 'Tidepool',
      logo_uri: 'https://app.example/logo.png',
      policy_uri: 'https://app.example/privacy',
      tos_uri: 'https://app.example/terms',
    })
  })
  afterAll(() => server.close())

  async function signInPage(params: Record<string, string>, acceptLanguage = '') {
    const browser = server.browser()
    const headers: Record<string, string> =
      acceptLanguage === '' ? {} : { 'accept-language': acceptLanguage }
    const first = await browser.fetch(authorizationUrl(client, params), { headers })
    const response = await browser.fetch(first.headers.get('location') ?? '', { headers })
    return { browser, status: response.status, html: await response.text() }
  }

  const titles = { en: 'Sign in', de: 'Anmelden', fr: 'Se connecter', es: 'Iniciar sesión' }
  for (const [language, title] of Object.entries(titles))
    it(`ui_locales=se ${language} shows the page in ${language}`, async () => {
      const { html } = await signInPage({ ui_locales: `se ${language}` }, 'en')
      expect(html).toContain(`<html lang="${language}">`)
      expect(html).toContain(`<h1>${title}</h1>`)
    })

  it('oidcc-ui-locales: a locale without texts is no error; the browser decides', async () => {
    const { status, html } = await signInPage({ ui_locales: 'se' }, 'es-MX, en;q=0.5')
    expect(status).toBe(200)
    expect(html).toContain('<html lang="es">')
    expect((await signInPage({ ui_locales: 'x;"><script>' })).html).toContain('<html lang="en">')
  })

  it('keeps to the language on an error and on the consent page', async () => {
    const { browser, html } = await signInPage({ ui_locales: 'de', scope: 'openid foo' })
    const hidden = [...html.matchAll(/name="(challenge|_csrf)"\s+value="([^"]*)"/gu)]
    const post = (password: string) =>
      browser.fetch('/ui/login', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams([
          ...hidden.map(([, name = '', value = '']) => [name, value]),
          ['email', demoAccount.email],
          ['password', password],
          ['submit', 'accept'],
        ]).toString(),
      })
    const wrong = await post('wrong password')
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).toContain('E-Mail-Adresse oder Passwort stimmt nicht')
    const right = await post(demoAccount.password)
    const consent = await (await browser.follow(right.headers.get('location') ?? '')).text()
    expect(consent).toContain('<html lang="de">')
    expect(consent).toContain('möchte auf Ihr Konto zugreifen')
  })

  for (const display of ['page', 'popup', 'touch', 'wap', 'hologram'])
    it(`oidcc-display-page, oidcc-display-popup: takes display=${display}`, async () => {
      const { status, html } = await signInPage({ display })
      expect(status).toBe(200)
      expect(html.includes('shell-popup')).toBe(display === 'popup')
    })

  it('oidcc-claims-locales: takes claims_locales', async () => {
    expect((await signInPage({ claims_locales: 'se' })).status).toBe(200)
  })

  it('oidcc-login-hint: fills in the email, escaped', async () => {
    const { html } = await signInPage({ login_hint: 'ada@example.org' })
    expect(html).toMatch(/id="email"[^>]*value="ada@example\.org"/u)
    const evil = await signInPage({ login_hint: '"><script>alert(1)</script>' })
    expect(evil.status).toBe(200)
    expect(evil.html).not.toContain('<script>')
  })

  it('oidcc-registration-logo-uri, oidcc-registration-policy-uri, oidcc-registration-tos-uri: shows them', async () => {
    const { html } = await signInPage({})
    expect(html).toMatch(/<img[^>]*src="https:\/\/app\.example\/logo\.png"/u)
    expect(html).toContain('href="https://app.example/privacy"')
    expect(html).toContain('href="https://app.example/terms"')
  })
})

describe('discovery about the pages', () => {
  it('promises nothing for the pages of an operator', async () => {
    const server = await startServer('memory', {
      config: { urls: { login: 'http://app.example/login' } },
    })
    try {
      const response = await server.publicFetch('/.well-known/openid-configuration')
      const members = Object.keys((await response.json()) as object)
      expect(members.filter((name) => /^(?:ui_locales|display|acr)/u.test(name))).toEqual([])
    } finally {
      await server.close()
    }
  })
})
