/** Hints for the built-in pages. @see OpenID Connect Core §3.1.2.1 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccount } from '../../src/accounts/demo-account.ts'
import { seedDemo } from '../../src/ui/demo/seed.ts'
import {
  accept,
  authorizationUrl,
  Browser,
  challengeOf,
  createClient,
  exchangeCode,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { createDeviceClient, requestCodes } from '../support/device-flow.ts'
import { startServer, type TestBrowser, type TestServer } from '../support/server.ts'

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

  /** Posts the form of a page. */
  function submit(
    browser: TestBrowser,
    { path, html }: { readonly path: string; readonly html: string },
    fields: Readonly<Record<string, string>>,
  ) {
    const hidden = [...html.matchAll(/name="(challenge|_csrf)"\s+value="([^"]*)"/gu)]
    return browser.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
        ...fields,
      }).toString(),
    })
  }

  const { email, password } = demoAccount

  /** Signs in, to be remembered; ends at the consent page. */
  async function signIn(params: Record<string, string> = {}) {
    const { browser, html } = await signInPage(params)
    const fields = { email, password, remember: '1', submit: 'accept' }
    const right = await submit(browser, { path: '/ui/login', html }, fields)
    const consent = await browser.follow(right.headers.get('location') ?? '')
    return { browser, consent: await consent.text() }
  }

  it('keeps to the language on an error and on the consent page', async () => {
    const { browser, html } = await signInPage({ ui_locales: 'de', scope: 'openid foo' })
    const post = (typed: string) =>
      submit(browser, { path: '/ui/login', html }, { email, password: typed, submit: 'accept' })
    const wrong = await post('wrong password')
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).toContain('E-Mail-Adresse oder Passwort stimmt nicht')
    const right = await post(password)
    const consent = await (await browser.follow(right.headers.get('location') ?? '')).text()
    expect(consent).toContain('<html lang="de">')
    expect(consent).toContain('möchte auf Ihr Konto zugreifen')
  })

  const signOut = {
    en: ['Sign out?', 'You are still signed in', 'You are signed out'],
    de: ['Abmelden?', 'Sie sind weiterhin angemeldet', 'Sie sind abgemeldet'],
    fr: ['Se déconnecter\u00A0?', 'Votre session reste ouverte', 'Votre session est fermée'],
    es: ['¿Cerrar sesión?', 'Su sesión sigue abierta', 'Su sesión está cerrada'],
  }
  for (const [language, [question = '', still = '', over = '']] of Object.entries(signOut))
    it(`a logout with ui_locales=${language} is in ${language} to its end`, async () => {
      const { browser } = await signIn()
      const path = '/ui/logout'
      const asked = await browser.follow(`/oauth2/sessions/logout?ui_locales=se%20${language}`)
      const html = await asked.text()
      const lost = await submit(browser, { path, html }, { _csrf: 'forged', submit: 'accept' })
      const no = await submit(browser, { path, html }, { submit: 'reject' })
      const yes = await submit(browser, { path, html }, { submit: 'accept' })
      const end = await browser.follow(yes.headers.get('location') ?? '')
      const texts = [html, await lost.text(), await no.text(), await end.text()]
      for (const text of texts) expect(text).toContain(`<html lang="${language}">`)
      const [, again = '', stayed = '', gone = ''] = texts
      expect(html).toContain(`<h1>${question}</h1>`)
      expect([lost.status, again]).toEqual([403, expect.stringContaining('role="alert"')])
      expect(stayed).toContain(`<h1>${still}</h1>`)
      expect(gone).toContain(over)
    })

  it('takes the language of a logout from the body of a POST too, and from the browser without one', async () => {
    const { browser } = await signIn()
    const posted = await browser.follow('/oauth2/sessions/logout', {
      method: 'POST',
      body: new URLSearchParams({ ui_locales: 'fr' }),
    })
    expect(await posted.text()).toContain('<html lang="fr">')
    const headers = { 'accept-language': 'es' }
    const asked = await browser.fetch('/oauth2/sessions/logout')
    const page = await browser.fetch(asked.headers.get('location') ?? '', { headers })
    expect(await page.text()).toContain('<html lang="es">')
  })

  it('tells a logout app nothing that the API does not have', async () => {
    const { browser } = await signIn()
    const asked = await browser.fetch('/oauth2/sessions/logout?ui_locales=de')
    const { search } = new URL(asked.headers.get('location') ?? '')
    const response = await server.adminFetch(`/admin/oauth2/auth/requests/logout${search}`)
    expect(Object.keys((await response.json()) as object).sort()).toEqual([
      'challenge',
      'client',
      'expires_at',
      'request_url',
      'requested_at',
      'rp_initiated',
      'sid',
      'subject',
    ])
  })

  it('connects a device in the language of the verification URL', async () => {
    const device = await createDeviceClient(server, { client_name: 'TV' })
    const codes = await requestCodes(server, device, { scope: 'openid' })
    const browser = server.browser()
    const moved = await browser.fetch('/ui/device?ui_locales=fr&user_code=x')
    expect(new URL(moved.headers.get('location') ?? '').search).toBe('?user_code=x&ui_locales=fr')
    const page = await browser.follow('/oauth2/device/verify?ui_locales=fr')
    let html = await page.text()
    expect(html).toContain('<h1>Connecter un appareil</h1>')
    const path = '/ui/device'
    const wrong = await submit(browser, { path, html }, { user_code: 'WRONG' })
    expect([wrong.status, await wrong.text()]).toEqual([
      422,
      expect.stringContaining('Ce code ne fonctionne pas'),
    ])
    const right = await submit(browser, { path, html }, { user_code: codes.user_code })
    html = await (await browser.follow(right.headers.get('location') ?? '')).text()
    expect(html).toContain('<h1>Se connecter</h1>')
    const login = await submit(
      browser,
      { path: '/ui/login', html },
      { email, password, submit: 'accept' },
    )
    html = await (await browser.follow(login.headers.get('location') ?? '')).text()
    expect(html).toContain('l’appareil qui a affiché le code')
    const consent = await submit(browser, { path: '/ui/consent', html }, { submit: 'accept' })
    html = await (await browser.follow(consent.headers.get('location') ?? '')).text()
    expect(html).toContain('<html lang="fr">')
    expect(html).toContain('<h1>Votre appareil est connecté</h1>')
    const limited = server.browser()
    html = await (await limited.follow('/oauth2/device/verify?ui_locales=es')).text()
    let last = wrong
    for (let round = 0; round < 11; round += 1)
      last = await submit(limited, { path, html }, { user_code: 'WRONG' })
    expect([last.status, await last.text()]).toEqual([
      429,
      expect.stringContaining('Demasiados códigos incorrectos'),
    ])
  })

  it('explains an error in the language of its request, and leaves the words for developers as they are', async () => {
    const browser = server.browser()
    const unknown = { client_id: 'unknown', ui_locales: 'es' }
    const html = await (await browser.follow(authorizationUrl(client, unknown))).text()
    expect(html).toContain('<html lang="es">')
    expect(html).toContain('<h1>Esta aplicación no se conoce aquí</h1>')
    expect(html).toContain('<b>Descripción</b>')
    expect(html).toMatch(/<span lang="en">Client authentication failed[^<]+<\/span>/u)
    const logout = '/oauth2/sessions/logout?state=x&ui_locales=de'
    expect(await (await browser.follow(logout)).text()).toContain(
      '<h1>Die Anmeldung konnte nicht fortgesetzt werden</h1>',
    )
  })

  it('explains a step that is done, or took too long, in the language of its flow', async () => {
    const browser = server.browser()
    const first = await browser.fetch(authorizationUrl(client, { ui_locales: 'de' }))
    const address = first.headers.get('location') ?? ''
    const html = await (await browser.fetch(address)).text()
    const fields = { email, password, submit: 'accept' }
    const right = await submit(browser, { path: '/ui/login', html }, fields)
    await browser.follow(right.headers.get('location') ?? '')
    const used = await browser.fetch(address)
    expect([used.status, await used.text()]).toEqual([
      410,
      expect.stringContaining('<h1>Dieser Schritt ist schon erledigt</h1>'),
    ])
    const second = await browser.fetch(
      authorizationUrl(client, { ui_locales: 'fr', display: 'popup' }),
    )
    server.clock.advance(31 * 60_000)
    const expired = await browser.fetch(second.headers.get('location') ?? '')
    const text = await expired.text()
    expect([expired.status, text]).toEqual([
      401,
      expect.stringContaining('<h1>Cette connexion a pris trop de temps</h1>'),
    ])
    expect(text).toContain('shell-popup')
  })

  it('says in the language of the browser what there is at an address', async () => {
    const headers = { 'accept-language': 'fr-CH, fr;q=0.9, en;q=0.8', accept: 'text/html' }
    const pages = [
      ['/nowhere', 'Il n’y a pas de page ici'],
      ['/ui/assets/none', 'Il n’y a pas de page ici'],
      ['/ui/login', 'Commencez depuis une application'],
      ['/ui/consent?consent_challenge=x', 'Cette adresse ne fonctionne pas'],
      ['/ui/signed-out', 'Votre session est fermée'],
      ['/ui/device/done', 'Votre appareil est connecté'],
      ['/oauth2/fallbacks/login', 'La page de connexion n’est pas configurée'],
      ['/oauth2/fallbacks/consent', 'La page d’autorisation n’est pas configurée'],
      ['/oauth2/fallbacks/logout', 'La page de déconnexion n’est pas configurée'],
      ['/oauth2/fallbacks/device', 'La page des appareils n’est pas configurée'],
      ['/oauth2/fallbacks/error?error=server_error', 'Un problème est survenu de notre côté'],
    ] as const
    for (const [path, heading] of pages) {
      const text = await (await server.publicFetch(path, { headers })).text()
      expect(text).toContain('<html lang="fr">')
      expect(text).toContain(heading)
    }
    const other = await server.publicFetch('/nowhere', { headers: { accept: 'text/html' } })
    expect(await other.text()).toContain('<h1>There is no page here</h1>')
    const unreadable = await server.publicFetch('/ui/login', { method: 'POST', headers })
    expect(await unreadable.text()).toContain('<html lang="fr">')
  })

  it('a popup is lean from sign-in to consent', async () => {
    const { consent } = await signIn({ display: 'popup', scope: 'openid foo' })
    expect(consent).toContain('shell-popup')
    expect(consent).toContain('asks for access to your account')
    expect((await signIn({ scope: 'openid foo' })).consent).not.toContain('shell-popup')
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

describe('pages of an operator', () => {
  it('get no parameter that the Ory API does not have', async () => {
    const server = await startServer('memory', {
      config: {
        urls: {
          error: 'http://app.example/error',
          post_logout_redirect: 'http://app.example/left',
        },
      },
    })
    try {
      const at = async (path: string) =>
        new URL((await server.publicFetch(path)).headers.get('location') ?? '')
      const failed = await at('/oauth2/auth?client_id=unknown&ui_locales=de')
      expect(failed.origin + failed.pathname).toBe('http://app.example/error')
      expect([...failed.searchParams.keys()]).toEqual(['error', 'error_description'])
      const left = await at('/oauth2/sessions/logout?ui_locales=de')
      expect(left.href).toBe('http://app.example/left')
    } finally {
      await server.close()
    }
  })
})

describe('the first page in production', () => {
  it('speaks the language of the browser', async () => {
    const server = await startServer('memory', {
      config: { dev: false, urls: { self: { issuer: 'https://accounts.example' } } },
    })
    try {
      const page = await server.publicFetch('/', { headers: { 'accept-language': 'es' } })
      expect(await page.text()).toContain('<h1>Este es un servicio de inicio de sesión</h1>')
    } finally {
      await server.close()
    }
  })
})

describe('the small pages that endpoints show by themselves', () => {
  const words = {
    en: { out: 'Continue now', on: '<button>Continue</button>', many: 'Too many requests' },
    de: { out: 'Jetzt weiter', on: '<button>Weiter</button>', many: 'Zu viele Anfragen' },
    fr: { out: 'Continuer maintenant', on: '<button>Continuer</button>', many: 'Trop de requêtes' },
    es: {
      out: 'Continuar ahora',
      on: '<button>Continuar</button>',
      many: 'Demasiadas solicitudes',
    },
  } as const
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer('memory', {
      config: {
        urls: {
          login: 'http://app.example/login',
          consent: 'http://app.example/consent',
          logout: 'http://app.example/logout',
        },
        limits: { rates: { per_address: { requests: 1, per: '10m' } } },
      },
    })
    client = await createClient(server, {
      frontchannel_logout_uri: 'http://127.0.0.1:5555/front',
      redirect_uris: ['http://127.0.0.1:5555/callback'],
    })
  })
  afterAll(() => server.close())

  /** The page in each language, as the request asks for it and as the browser does. */
  async function eachWay(
    show: (query: Record<string, string>, init: RequestInit) => Promise<Response>,
  ) {
    const found = await Promise.all(
      Object.keys(words).flatMap((lang) => [
        show({ ui_locales: `se ${lang}` }, { headers: { 'accept-language': 'fr' } }),
        show({}, { headers: { 'accept-language': `${lang}, en;q=0.5` } }),
      ]),
    )
    return Promise.all(
      found.map(async (page, index) => {
        const lang = Object.keys(words)[Math.floor(index / 2)] as keyof typeof words
        return { lang, html: await page.text() }
      }),
    )
  }

  it('form_post: the button for browsers without scripts', async () => {
    const pages = await eachWay((query, init) =>
      server.publicFetch(
        authorizationUrl(client, { response_mode: 'form_post', prompt: 'none', ...query }),
        init,
      ),
    )
    for (const { lang, html } of pages) {
      expect(html).toContain(`<html lang="${lang}">`)
      expect(html).toContain(words[lang].on)
    }
  })

  it('front-channel logout', async () => {
    const pages = await eachWay(async (query, init) => {
      const browser = new Browser(server)
      const callback = await browser.authorize(authorizationUrl(client), {
        login: { remember: true },
      })
      const { body } = await exchangeCode(server, client, callback)
      const asked = new URLSearchParams({ id_token_hint: String(body['id_token']), ...query })
      const start = await browser.location(`/oauth2/sessions/logout?${asked.toString()}`)
      const next = await accept(server, 'logout', challengeOf(start, 'logout_challenge'), {})
      return (await browser.visit(next, init)).response
    })
    for (const { lang, html } of pages) {
      expect(html).toContain(`<html lang="${lang}">`)
      expect(html).toContain(words[lang].out)
    }
  })

  it('too many requests', async () => {
    const visit = (query: Record<string, string>, init: RequestInit) =>
      server.firebrand.public(
        new Request(`http://127.0.0.1${authorizationUrl(client, query)}`, {
          headers: { ...(init.headers as Record<string, string>), accept: 'text/html' },
        }),
        { address: '8.8.4.4' },
      )
    await visit({}, {})
    for (const { lang, html } of await eachWay(visit)) {
      expect(html).toContain(`<html lang="${lang}">`)
      expect(html).toContain(`<h1>${words[lang].many}</h1>`)
    }
  })
})
