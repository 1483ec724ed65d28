import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccount, setDisabled } from '../../src/accounts/accounts.ts'
import { startServer, type TestBrowser, type TestServer } from '../support/server.ts'

const email = 'ada@example.com'
const password = 'correct horse battery'
const redirectUri = 'https://app.example/callback'

let server: TestServer

beforeAll(async () => {
  server = await startServer('memory', { config: { account: { enabled: true } } })
  await createAccount(server.firebrand.services, { email, name: 'Ada', password })
  await registerClient('app', {})
})
afterAll(() => server.close())

async function registerClient(id: string, more: object): Promise<void> {
  const response = await server.adminFetch('/admin/clients', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_id: id,
      client_secret: 'the secret of the client',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code'],
      scope: 'openid profile email photos.read',
      ...more,
    }),
  })
  expect(response.status).toBe(201)
}

function authorizationPath(more: Record<string, string> = {}): string {
  const params = new URLSearchParams({
    client_id: 'app',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid email',
    state: '0123456789abcdef',
    ...more,
  })
  return `/oauth2/auth?${params.toString()}`
}

/** What a page's form would post. */
async function formOf(response: Response): Promise<Record<string, string>> {
  const text = await response.text()
  const fields = [...text.matchAll(/<input[^>]*type="hidden"[^>]*>/gu)].map(([tag]) => [
    /name="([^"]*)"/u.exec(tag)?.[1] ?? '',
    /value="([^"]*)"/u.exec(tag)?.[1] ?? '',
  ])
  return Object.fromEntries(fields) as Record<string, string>
}

function post(fields: Record<string, string>, headers: Record<string, string> = {}) {
  return { method: 'POST', body: new URLSearchParams(fields), headers }
}

const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }

async function loginForm(browser: TestBrowser, more: Record<string, string> = {}) {
  return formOf(await browser.follow(authorizationPath(more)))
}

/** Signs in; ends with the consent page, or wherever the flow leads. */
async function signIn(
  browser: TestBrowser,
  more: Record<string, string> = {},
  fields: Record<string, string> = {},
): Promise<Response> {
  const form = await loginForm(browser, more)
  return browser.follow('/ui/login', post({ ...form, email, password, ...fields }))
}

function locationOf(response: Response): URL {
  return new URL(response.headers.get('location') ?? 'none:')
}

describe('GET /ui/login', () => {
  it('shows a form under a strict policy that no cache keeps', async () => {
    const page = await server.browser().follow(authorizationPath())
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ]),
    )
    expect(policy).not.toContain('script-src')
    expect(policy).not.toContain('unsafe')
  })

  it('has the field names and ids of the reference', async () => {
    const text = await (await server.browser().follow(authorizationPath())).text()
    for (const id of ['email', 'password', 'remember', 'accept', 'reject'])
      expect(text).toMatch(new RegExp(`id="${id}"`, 'u'))
    for (const name of ['challenge', '_csrf', 'email', 'password', 'remember'])
      expect(text).toMatch(new RegExp(`name="${name}"`, 'u'))
  })

  it('fills in the login hint', async () => {
    const page = await server.browser().follow(authorizationPath({ login_hint: 'x"y@example.com' }))
    expect(await page.text()).toContain('value="x&#34;y@example.com"')
  })

  it('explains a missing and an unknown challenge', async () => {
    const missing = await server.publicFetch('/ui/login')
    expect([missing.status, await missing.text()]).toEqual([
      400,
      expect.stringContaining('Start from'),
    ])
    for (const path of [
      '/ui/login?login_challenge=garbage',
      '/ui/consent?consent_challenge=garbage',
      '/ui/logout?logout_challenge=garbage',
    ]) {
      const page = await server.publicFetch(path)
      expect([page.status, await page.text()]).toEqual([
        404,
        expect.stringContaining('This address does not work'),
      ])
    }
  })

  it('offers a new start when the flow ran out', async () => {
    const browser = server.browser()
    const start = await browser.fetch(authorizationPath())
    const form = await formOf(await browser.follow(locationOf(start).href))
    server.clock.advance(31 * 60_000)
    for (const page of [
      await browser.fetch(locationOf(start).href),
      await browser.fetch('/ui/login', post({ ...form, email, password })),
    ]) {
      expect(page.status).toBe(401)
      const text = await page.text()
      expect(text).toContain('took too long')
      const restart = /class="button" href="([^"]+)"/u.exec(text)?.[1]?.replaceAll('&amp;', '&')
      expect((await browser.follow(restart ?? '')).status).toBe(200)
    }
  })
})

describe('POST /ui/login', () => {
  it('refuses a form without the browser’s cookie, and shows it again as it was', async () => {
    const form = await loginForm(server.browser())
    const page = await server.browser().fetch('/ui/login', post({ ...form, email, password }))
    expect(page.status).toBe(403)
    const text = await page.text()
    expect(text).toContain('Please try once more')
    expect(text).toContain(`value="${email}"`)
    expect(text).not.toContain(password)
  })

  it('refuses a form of another flow of the same browser', async () => {
    const browser = server.browser()
    const first = await loginForm(browser)
    const second = await loginForm(browser)
    const mixed = { ...first, _csrf: second['_csrf'] ?? '', email, password }
    expect((await browser.fetch('/ui/login', post(mixed))).status).toBe(403)
    expect((await browser.fetch('/ui/login', post({ ...first, email, password }))).status).toBe(303)
  })

  it('refuses what a browser says comes from another site', async () => {
    const browser = server.browser()
    const form = { ...(await loginForm(browser)), email, password }
    const page = await browser.fetch('/ui/login', post(form, { 'sec-fetch-site': 'cross-site' }))
    expect(page.status).toBe(403)
  })

  it('takes no cookie for a form, and no form for a cookie', async () => {
    const browser = server.browser()
    const form = await loginForm(browser)
    const [cookie = ''] = /firebrand_form_[^=]+=([^;]+)/u.exec(browser.cookies.header) ?? []
    const value = cookie.slice(cookie.indexOf('=') + 1)
    const forged = { ...form, _csrf: value, email, password }
    expect((await browser.fetch('/ui/login', post(forged))).status).toBe(403)
  })

  it('says the same for every wrong combination', async () => {
    const browser = server.browser()
    const form = await loginForm(browser)
    const texts = new Set<string>()
    for (const fields of [
      { email, password: 'wrong' },
      { email: 'no@example.com', password },
    ]) {
      const page = await browser.fetch('/ui/login', post({ ...form, ...fields }))
      expect(page.status).toBe(422)
      const text = await page.text()
      texts.add(/role="alert">[^]*?<\/div>/u.exec(text)?.[0] ?? '')
    }
    expect(texts.size).toBe(1)
  })

  it('asks for what is missing without counting a guess', async () => {
    const browser = server.browser()
    const form = await loginForm(browser)
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const page = await browser.fetch('/ui/login', post({ ...form, email, password: '' }))
      expect(page.status).toBe(422)
    }
    const page = await browser.fetch('/ui/login', post({ ...form, email, password }))
    expect(page.status).toBe(303)
  })

  it('pauses after too many guesses, says for how long, and ignores forwarded addresses', async () => {
    const browser = server.browser()
    const form = { ...(await loginForm(browser)), email: 'guessed@example.com', password: 'x' }
    let page = await browser.fetch('/ui/login', post(form))
    for (let guess = 1; guess <= 10; guess += 1) {
      const spoofed = { 'x-forwarded-for': `192.0.2.${guess}` }
      page = await browser.fetch('/ui/login', post(form, spoofed))
    }
    expect(page.status).toBe(429)
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await page.text()).toMatch(/Try again in \d+ (?:minute|second)s?\./u)
  })

  it('turns a crowd away at once rather than let it wait, and takes everybody later', async () => {
    const browser = server.browser()
    const form = await loginForm(browser)
    const crowd = Array.from({ length: 120 }, (_, index) =>
      browser.fetch('/ui/login', post({ ...form, email: `${index}@crowd.example`, password: 'x' })),
    )
    const pages = await Promise.all(crowd)
    const [busy] = pages.filter(({ status }) => status === 503)
    expect(busy?.headers.get('retry-after')).toBe('3')
    expect(await busy?.text()).toContain('Very many people are signing in')
    expect(pages.filter(({ status }) => status === 422).length).toBeGreaterThan(100)
    const page = await browser.fetch('/ui/login', post({ ...form, email, password }))
    expect(page.status).toBe(303)
  })

  it('understands the buttons of the reference', async () => {
    const browser = server.browser()
    const form = await loginForm(browser)
    const end = await browser.follow('/ui/login', post({ ...form, submit: 'Deny access' }))
    expect(locationOf(end).searchParams.get('error')).toBe('access_denied')
  })

  it('survives anything that is not a form', async () => {
    for (const init of [
      { method: 'POST' },
      { method: 'POST', body: '{"challenge":1}', headers: { 'content-type': 'application/json' } },
      { method: 'POST', body: 'challenge=a&challenge=b', headers: urlencoded },
      { method: 'POST', body: 'challenge=%ff;x', headers: urlencoded },
      {
        method: 'POST',
        body: 'x',
        headers: { 'content-type': 'multipart/form-data; boundary=y' },
      },
    ]) {
      const status = (await server.publicFetch('/ui/login', init)).status
      expect([400, 404]).toContain(status)
    }
  })
})

describe('a remembered session', () => {
  it('ends with its account', async () => {
    const { services } = server.firebrand
    const other = 'leaver@example.com'
    await createAccount(services, { email: other, name: '', password })
    const browser = server.browser()
    await signIn(browser, {}, { email: other, remember: '1' })
    expect(await (await browser.follow(authorizationPath())).text()).toContain('asks for access')
    // Behind the back of setDisabled, which would end the session too.
    const account = await services.storage.accounts.findByEmail(other)
    if (account === undefined) throw new Error('no account')
    await services.storage.accounts.replace({ ...account, disabledAt: services.clock() })
    expect(await (await browser.follow(authorizationPath())).text()).toContain('id="password"')
    const silent = await browser.follow(authorizationPath({ prompt: 'none' }))
    expect(locationOf(silent).searchParams.get('error')).toBe('login_required')
    await setDisabled(services, other, false)
  })
})

describe('/ui/consent', () => {
  it('has one checkbox per scope, named as in the reference', async () => {
    const text = await (await signIn(server.browser(), { scope: 'openid photos.read' })).text()
    const boxes = text.match(/<input[^>]*class="grant_scope"[^>]*>/gu) ?? []
    expect(boxes.map((tag) => /value="([^"]*)"/u.exec(tag)?.[1])).toEqual(['openid', 'photos.read'])
    for (const tag of boxes) expect(tag).toMatch(/name="grant_scope"[^]*checked/u)
    expect(text).toContain('app.example')
  })

  it('grants no more than was requested', async () => {
    const browser = server.browser()
    const form = await formOf(await signIn(browser))
    const fields = new URLSearchParams([
      ...Object.entries(form),
      ['grant_scope', 'email'],
      ['grant_scope', 'photos.read'],
      ['grant_scope', 'email'],
    ])
    const end = await browser.follow('/ui/consent', { method: 'POST', body: fields })
    expect(locationOf(end).searchParams.get('scope')).toBe('email')
  })

  it('goes on at once for clients that may skip it', async () => {
    await registerClient('trusted', { skip_consent: true })
    const end = await signIn(server.browser(), { client_id: 'trusted' })
    expect(locationOf(end).origin).toBe('https://app.example')
    expect(locationOf(end).searchParams.get('scope')).toBe('openid email')
  })

  it('refuses when the account was disabled since the sign-in', async () => {
    const { services } = server.firebrand
    const other = 'suspect@example.com'
    await createAccount(services, { email: other, name: '', password })
    const browser = server.browser()
    const form = await formOf(await signIn(browser, {}, { email: other }))
    await setDisabled(services, other, true)
    const end = await browser.follow('/ui/consent', post({ ...form, grant_scope: 'email' }))
    expect(locationOf(end).searchParams.get('error')).toBe('access_denied')
  })
})

describe('GET /ui/error and the fallback pages', () => {
  const query =
    '?error=invalid_client&error_description=%3Cscript%3E%27x%27&error_hint=h&error_debug=d'

  it('show what they are told, escaped', async () => {
    for (const [path, status] of [
      ['/ui/error', 400],
      ['/oauth2/fallbacks/error', 500],
    ] as const) {
      const page = await server.publicFetch(path + query)
      expect(page.status).toBe(status)
      const text = await page.text()
      expect(text).toContain('&lt;script&gt;&#39;x&#39;')
      expect(text).not.toContain('<script')
      for (const label of ['Error', 'Description', 'Hint', 'Debug'])
        expect(text).toContain(`<b>${label}</b>`)
    }
  })

  it('show nothing that they are not told', async () => {
    const text = await (await server.publicFetch('/ui/error')).text()
    expect(text).not.toContain('Hint')
    expect(text).not.toContain('Debug')
  })

  const keys = [
    ['login', 'urls.login'],
    ['consent', 'urls.consent'],
    ['logout', 'urls.logout'],
    ['device', 'urls.device.verification'],
  ] as const
  for (const [path, key] of keys) {
    it(`name the missing key ${key}`, async () => {
      const page = await server.publicFetch(`/oauth2/fallbacks/${path}`)
      expect(page.status).toBe(200)
      expect(await page.text()).toContain(key)
    })
  }

  it('say that a logout succeeded', async () => {
    for (const path of ['/ui/signed-out', '/oauth2/fallbacks/logout/callback']) {
      const text = await (await server.publicFetch(path)).text()
      const h1 = /<h1[^>]*>([^]*?)<\/h1>/u.exec(text)?.[1]?.replaceAll(/\s+/gu, ' ')
      expect(h1).toContain('Your log out request however succeeded.')
    }
  })
})

describe('GET /ui/assets/{name}', () => {
  it('may be kept for ever, under an address that names the content', async () => {
    const text = await (await server.publicFetch('/ui/signed-out')).text()
    const path = /href="(\/ui\/assets\/firebrand\.[\da-f]{16}\.css)"/u.exec(text)?.[1] ?? ''
    const asset = await server.publicFetch(path)
    expect(asset.status).toBe(200)
    expect(asset.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const other = path.replace(/[\da-f]{16}/u, '0'.repeat(16))
    expect((await server.publicFetch(other)).status).toBe(404)
  })
})

describe('outside development mode', () => {
  it('there is no demo and nothing about the server on the first page', async () => {
    const production = await startServer('memory', {
      config: { dev: false, urls: { self: { issuer: 'https://accounts.example' } } },
    })
    const text = await (await production.publicFetch('/')).text()
    expect(text).toContain('This is a sign-in service')
    expect(text).not.toMatch(/sqlite|0\.1\.0|foo@bar/iu)
    for (const path of ['/ui/demo/start', '/ui/demo/callback', '/ui/demo/result'])
      expect((await production.publicFetch(path)).status).toBe(404)
    await production.close()
  })
})
