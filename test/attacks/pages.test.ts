/** What other sites could do with the pages of this one: post to them, frame them, run scripts in them, and send people on through them. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/accounts.ts'
import { publicEndpoints } from '../../src/http/public/endpoints.ts'
import { uiEndpoints } from '../../src/ui/endpoints.ts'
import { authorizationUrl, createClient, type TestClient } from '../support/browser-flow.ts'
import { createDeviceClient, requestCodes } from '../support/device-flow.ts'
import { startServer, type TestBrowser, type TestServer } from '../support/server.ts'

const email = 'ada@example.com'
const password = 'correct horse battery'

/** A page with a form, as a browser has it open. */
interface OpenForm {
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
  readonly page: Response
  readonly text: string
}

let server: TestServer
let client: TestClient
let device: TestClient

beforeAll(async () => {
  server = await startServer('memory', {
    config: {
      account: { enabled: true },
      oidc: {
        session_management: { enabled: true },
        dynamic_client_registration: { enabled: true },
      },
    },
  })
  client = await createClient(server, {
    redirect_uris: ['https://app.example/callback'],
    post_logout_redirect_uris: ['https://app.example/'],
    frontchannel_logout_uri: 'https://app.example/front',
    response_types: ['code', 'token'],
    grant_types: ['authorization_code', 'implicit', 'refresh_token'],
  })
  device = await createDeviceClient(server)
  await createAccount(server.firebrand.services, { email, name: 'Ada', password })
})
afterAll(() => server.close())

async function openForm(path: string, page: Response): Promise<OpenForm> {
  const text = await page.clone().text()
  const fields = [...text.matchAll(/<input[^>]*type="hidden"[^>]*>/gu)].map(([tag]) => [
    /name="([^"]*)"/u.exec(tag)?.[1] ?? '',
    /value="([^"]*)"/u.exec(tag)?.[1] ?? '',
  ])
  const found = Object.fromEntries(fields) as Record<string, string>
  if (found['_csrf'] === undefined) throw new Error(`no form at ${path}: ${page.status}`)
  return { path, fields: found, page, text }
}

/** Posts to a page as its own form would. */
function submit(
  browser: Pick<TestBrowser, 'fetch'>,
  { path, fields }: Pick<OpenForm, 'path' | 'fields'>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return browser.fetch(path, { method: 'POST', body: new URLSearchParams(fields), headers })
}

const loginOf = async (
  browser: TestBrowser,
  more: Record<string, string> = {},
): Promise<OpenForm> => {
  const form = await openForm('/ui/login', await browser.follow(authorizationUrl(client, more)))
  return { ...form, fields: { ...form.fields, email, password, remember: '1' } }
}

const consentOf = async (browser: TestBrowser) => {
  const next = await submit(browser, await loginOf(browser))
  const page = await browser.follow(next.headers.get('location') ?? '')
  const form = await openForm('/ui/consent', page)
  return { ...form, fields: { ...form.fields, grant_scope: 'openid' } }
}

async function signedIn(browser: TestBrowser): Promise<void> {
  const next = await submit(browser, await consentOf(browser))
  await browser.follow(next.headers.get('location') ?? '')
}

/** Every page with a form, with what it takes for an answer to have an effect. */
const forms: Readonly<Record<string, (browser: TestBrowser) => Promise<OpenForm>>> = {
  'sign in': loginOf,
  consent: consentOf,
  'sign out': async (browser) => {
    await signedIn(browser)
    return openForm('/ui/logout', await browser.follow('/oauth2/sessions/logout'))
  },
  device: async (browser) => {
    const { user_code } = await requestCodes(server, device)
    const form = await openForm('/ui/device', await browser.follow('/oauth2/device/verify'))
    return { ...form, fields: { ...form.fields, user_code } }
  },
}

const isOn = ({ status }: Response) => status === 303

describe('forms (CSRF)', () => {
  it('RFC 9700 §4.7: are all tried here', () => {
    const posted = uiEndpoints(server.firebrand.services.settings, server as never)
      .filter(({ method }) => method !== 'GET')
      .map(({ path }) => path)
    expect(posted.toSorted()).toEqual([
      '/ui/consent',
      '/ui/demo/refresh',
      '/ui/device',
      '/ui/login',
      '/ui/logout',
    ])
  })

  for (const [name, open] of Object.entries(forms))
    it(`RFC 9700 §4.7: ${name} takes the form of this browser, this flow and this site, and no other`, async () => {
      const browser = server.browser()
      const form = await open(browser)
      const stranger = server.browser()
      const foreign = await open(stranger)
      const others = await Promise.all(Object.values(forms).map((each) => each(server.browser())))
      const { _csrf: token = '', ...bare } = form.fields
      const cookie = /firebrand_form_[^=]+=([^;]+)/u.exec(browser.cookies.header)?.[1] ?? ''
      const attempts: Readonly<Record<string, Record<string, string>>> = {
        'no token': bare,
        'an empty token': { ...bare, _csrf: '' },
        'a made up token': { ...bare, _csrf: 'x'.repeat(token.length) },
        'a token with a character more': { ...bare, _csrf: `${token}A` },
        'a token with a character less': { ...bare, _csrf: token.slice(0, -1) },
        'the cookie for a token': { ...bare, _csrf: cookie },
        "another browser's token": { ...bare, _csrf: foreign.fields['_csrf'] ?? '' },
        ...Object.fromEntries(
          others.map(({ path, fields }) => [
            `a token of ${path}`,
            { ...bare, _csrf: fields['_csrf'] ?? '' },
          ]),
        ),
      }
      for (const [what, fields] of Object.entries(attempts)) {
        const answer = await submit(browser, { path: form.path, fields })
        expect([what, answer.status]).toEqual([what, 403])
        expect(answer.headers.get('location')).toBeNull()
      }
      // A victim's browser, led to the form of an attacker, token and all (login CSRF).
      expect((await submit(stranger, { path: form.path, fields: form.fields })).status).toBe(403)
      expect(
        (await submit(server.browser(), { path: form.path, fields: form.fields })).status,
      ).toBe(403)
      for (const headers of [
        { 'sec-fetch-site': 'cross-site' },
        { origin: 'https://evil.example' },
        { origin: 'https://127.0.0.1.evil.example' },
        { origin: 'http://127.0.0.1:8080' },
        { origin: 'garbage' },
      ]) {
        const answer = await submit(browser, form, headers)
        expect([headers, answer.status]).toEqual([headers, 403])
      }
      // The origin of our own forms, which tell no referrer; and of browsers that name it all the same.
      const sound: readonly Record<string, string>[] = [
        { origin: 'null', 'sec-fetch-site': 'same-origin' },
        { origin: 'http://127.0.0.1' },
        {},
      ]
      for (const headers of sound) {
        const own = server.browser()
        const answer = await submit(own, await open(own), headers)
        expect([headers, isOn(answer)]).toEqual([headers, true])
      }
      expect(isOn(await submit(browser, form))).toBe(true)
    })

  it('RFC 9700 §4.7: no GET does what only a form may do', async () => {
    for (const [name, open] of Object.entries(forms)) {
      const browser = server.browser()
      const form = await open(browser)
      const query = new URLSearchParams(form.fields).toString()
      const answer = await browser.fetch(`${form.path}?${query}`)
      expect([name, answer.status === 303]).toEqual([name, false])
      expect([name, isOn(await submit(browser, form))]).toEqual([name, true])
    }
  })

  it('RFC 9700 §4.7: the demo refreshes nothing for another site', async () => {
    const browser = server.browser()
    const answer = await submit(browser, {
      path: '/ui/demo/refresh',
      fields: { challenge: 'x', _csrf: 'y' },
    })
    expect(answer.headers.get('location')).toBe(`${server.issuer}/ui/demo/result`)
    expect(answer.headers.getSetCookie()).toEqual([])
  })
})

/** A page of each kind: those with forms, those without, and those for errors. */
async function pages(): Promise<ReadonlyMap<string, Response>> {
  const found = new Map<string, Response>()
  for (const [name, open] of Object.entries(forms)) {
    const browser = server.browser()
    const form = await open(browser)
    found.set(name, form.page)
    found.set(
      `${name}, refused`,
      await submit(browser, {
        path: form.path,
        fields: { challenge: form.fields['challenge'] ?? '' },
      }),
    )
    found.set(`${name}, unreadable`, await submit(browser, { path: form.path, fields: {} }))
  }
  const wrong = await loginOf(server.browser())
  const browser = server.browser()
  const form = await loginOf(browser)
  found.set(
    'a wrong password',
    await submit(browser, { path: wrong.path, fields: { ...form.fields, password: 'x' } }),
  )
  for (const { method, path } of [
    ...publicEndpoints,
    ...uiEndpoints(server.firebrand.services.settings, server as never),
  ]) {
    if (path.includes('{')) continue
    for (const query of [
      '',
      '?login_challenge=x&consent_challenge=x&logout_challenge=x&device_challenge=x&error=a',
    ])
      found.set(
        `${method} ${path}${query}`,
        await server.publicFetch(path + query, {
          method,
          headers: { accept: 'text/html' },
          ...(method === 'POST' ? { body: new URLSearchParams({ a: 'b' }) } : {}),
        }),
      )
  }
  found.set(
    'an unknown path',
    await server.publicFetch('/none', { headers: { accept: 'text/html' } }),
  )
  found.set(
    'a posted response',
    await server.publicFetch(
      authorizationUrl(client, { response_mode: 'form_post', prompt: 'none' }),
    ),
  )
  const leaving = server.browser()
  await signedIn(leaving)
  const question = await openForm('/ui/logout', await leaving.follow('/oauth2/sessions/logout'))
  const next = await submit(leaving, question)
  found.set('front-channel logout', await leaving.fetch(next.headers.get('location') ?? ''))
  return found
}

const isHtml = ({ headers }: Response) =>
  headers.get('content-type')?.startsWith('text/html') === true

describe('every page', () => {
  let all: ReadonlyMap<string, Response>
  beforeAll(async () => {
    all = new Map([...(await pages())].filter(([, page]) => isHtml(page)))
  })

  /** The only page that is made to be framed: it answers messages, shows nothing and takes nothing (Session Management §3.3). */
  const frame = '/oauth2/sessions/check'
  const isFrame = (name: string) => name.includes(frame)

  it('is here', () => {
    expect(all.size).toBeGreaterThan(30)
    expect([...all.keys()]).toEqual(
      expect.arrayContaining([
        'front-channel logout',
        'a posted response',
        'an unknown path',
        ...Object.keys(forms),
      ]),
    )
    expect([...all.keys()].some(isFrame)).toBe(true)
  })

  it('RFC 9700 §4.16: can be framed by nobody (clickjacking)', () => {
    for (const [name, { headers }] of all) {
      if (isFrame(name)) continue
      const policy = headers.get('content-security-policy') ?? ''
      expect([name, policy.split('; ').includes("frame-ancestors 'none'")]).toEqual([name, true])
      expect([name, headers.get('x-frame-options')]).toEqual([name, 'DENY'])
    }
  })

  it('RFC 9700 §4.2.4: runs no script but its own, sends no referrer, and is not sniffed', async () => {
    for (const [name, page] of all) {
      const policy = page.headers.get('content-security-policy') ?? ''
      expect([name, policy.startsWith("default-src 'none'")]).toEqual([name, true])
      expect([name, policy.includes('unsafe')]).toEqual([name, false])
      const scripts = /script-src ([^;]*)/u.exec(policy)?.[1] ?? ''
      expect([name, scripts.replaceAll(/'self'|'sha256-[\w+/=]+'/gu, '').trim()]).toEqual([
        name,
        '',
      ])
      expect([name, /style-src ([^;]*)/u.exec(policy)?.[1] ?? "'self'"]).toEqual([name, "'self'"])
      expect([name, page.headers.get('x-content-type-options')]).toEqual([name, 'nosniff'])
      expect([name, page.headers.get('referrer-policy')]).toEqual([name, 'no-referrer'])
      const text = await page.clone().text()
      expect([name, /\son\w+\s*=|href="\s*javascript:/iu.test(text)]).toEqual([name, false])
      if (!policy.includes('script-src'))
        expect([name, /<script/iu.test(text)]).toEqual([name, false])
      if (!isFrame(name)) expect([name, policy.includes("base-uri 'none'")]).toEqual([name, true])
    }
  })

  it('is kept by no cache when it holds something of a flow', () => {
    for (const [name, { headers }] of all)
      if (name in forms || name === 'a posted response' || name === 'front-channel logout')
        expect([name, headers.get('cache-control')]).toEqual([
          name,
          expect.stringContaining('no-store'),
        ])
  })
})

describe('other origins', () => {
  it('RFC 9700 §2.6: read no page and no authorization response, whatever CORS allows', async () => {
    const allowed = await startServer('memory', {
      config: {
        account: { enabled: true },
        serve: {
          public: {
            cors: {
              enabled: true,
              allowed_origins: ['https://spa.example'],
              allow_credentials: true,
            },
          },
        },
      },
    })
    try {
      const headers = { origin: 'https://spa.example' }
      const permission = async (path: string, method = 'GET') => {
        const init =
          method === 'OPTIONS'
            ? { method, headers: { ...headers, 'access-control-request-method': 'POST' } }
            : { method, headers }
        const response = await allowed.publicFetch(path, init)
        return response.headers.get('access-control-allow-origin')
      }
      expect(await permission('/.well-known/openid-configuration')).toBe('https://spa.example')
      expect(await permission('/oauth2/token', 'OPTIONS')).toBe('https://spa.example')
      expect(await permission('/oauth2/device/auth', 'OPTIONS')).toBe('https://spa.example')
      for (const path of [
        '/',
        '/oauth2/auth',
        '/oauth2/auth/',
        'http://127.0.0.1//oauth2/auth',
        '/oauth2/auth?client_id=x',
        '/oauth2/device/verify',
        '/oauth2/sessions/logout',
        '/oauth2/fallbacks/error',
        '/ui/login',
        '/ui/consent',
        '/ui/device',
        'http://127.0.0.1//ui/login',
      ])
        for (const method of ['GET', 'POST', 'OPTIONS'])
          expect([path, method, await permission(path, method)]).toEqual([path, method, null])
    } finally {
      await allowed.close()
    }
  })
})

describe('return addresses (open redirects)', () => {
  const places = [
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/%09/evil.example',
    '/%5cevil.example',
    'https:evil.example',
    'https:/evil.example',
    'https:\\\\evil.example',
    'http://127.0.0.1@evil.example',
    'http://127.0.0.1\\@evil.example',
    'javascript:alert(document.domain)//evil.example',
    'data:text/html,evil.example',
  ]
  const names = [
    'return_to',
    'return_url',
    'returnUrl',
    'redirect',
    'redirect_to',
    'redirect_uri',
    'redirect_url',
    'next',
    'url',
    'continue',
    'target',
    'goto',
    'RelayState',
    'post_logout_redirect_uri',
    'login_challenge',
    'consent_challenge',
    'logout_challenge',
    'device_challenge',
    'login_verifier',
    'consent_verifier',
    'logout_verifier',
    'device_verifier',
    'state',
    'user_code',
    'error',
    'error_description',
    'error_hint',
    'error_debug',
    'iss',
    'client_id',
    'request_uri',
    'id_token_hint',
    'code',
    'origin',
  ]

  /** Addresses that a browser follows from an answer, by itself or at a click. */
  async function addressesOf(response: Response): Promise<readonly string[]> {
    const location = response.headers.get('location')
    const refresh = /url=(.*)$/iu.exec(response.headers.get('refresh') ?? '')?.[1]
    const text = isHtml(response) ? await response.text() : ''
    const inPage = [...text.matchAll(/(?:href|src|action|formaction)\s*=\s*"([^"]*)"/giu)].map(
      ([, address = '']) => address.replaceAll('&amp;', '&').replaceAll('&#38;', '&'),
    )
    return [location, refresh, ...inPage].filter((each) => each !== null && each !== undefined)
  }

  function isEvil(address: string): boolean {
    const base = 'http://127.0.0.1/ui/x'
    if (!URL.canParse(address, base)) return true
    const { protocol, hostname } = new URL(address, base)
    return hostname.endsWith('evil.example') || /^(?:javascript|data):$/u.test(protocol)
  }

  it('knows an evil address when it sees one', () => {
    for (const place of places.filter((each) => !/%|1\\@/u.test(each)))
      expect([place, isEvil(place)]).toEqual([place, true])
    expect(isEvil('/ui/login?x=//evil.example')).toBe(false)
  })

  it('attack 36: RFC 9700 §4.11.2: no page and no endpoint leads where a parameter says', async () => {
    let looked = 0
    const endpoints = [
      ...publicEndpoints,
      ...uiEndpoints(server.firebrand.services.settings, server as never),
    ].filter(({ path }) => !path.includes('{'))
    for (const { method, path } of endpoints)
      for (const place of places) {
        const params = new URLSearchParams(names.map((name) => [name, place]))
        const single = names.filter(
          (name) => name.includes('red') || name.includes('url') || name === 'next',
        )
        const queries = [params, ...single.map((name) => new URLSearchParams({ [name]: place }))]
        for (const query of queries) {
          const response = await server.publicFetch(
            method === 'GET' ? `${path}?${query.toString()}` : path,
            { method, ...(method === 'GET' ? {} : { body: query }) },
          )
          for (const address of await addressesOf(response)) {
            looked += 1
            expect([method, path, query.toString(), address, isEvil(address)]).toEqual([
              method,
              path,
              query.toString(),
              address,
              false,
            ])
          }
        }
      }
    expect(looked).toBeGreaterThan(1000)
  })

  it('attack 36: RFC 9700 §4.11.2: no form leads where a field says', async () => {
    for (const [name, open] of Object.entries(forms))
      for (const place of places.slice(0, 8)) {
        const browser = server.browser()
        const form = await open(browser)
        const extra = Object.fromEntries(
          ['return_to', 'redirect_to', 'next', 'redirect_uri', 'action'].map((each) => [
            each,
            place,
          ]),
        )
        const answer = await submit(browser, {
          path: form.path,
          fields: { ...extra, ...form.fields },
        })
        for (const address of await addressesOf(answer))
          expect([name, place, address, isEvil(address)]).toEqual([name, place, address, false])
      }
  })

  it('attack 36: RFC 9700 §4.11.2: no page of a flow leads where its request says beside the redirect URI', async () => {
    let looked = 0
    const search = async (what: string, place: string, answer: Response) => {
      for (const address of await addressesOf(answer)) {
        looked += 1
        // The request goes along in the query of our own addresses; where they lead is what counts.
        expect([what, place, address, isEvil(address)]).toEqual([what, place, address, false])
      }
    }
    for (const place of places.slice(2, 5)) {
      const free = {
        state: `${place}-long-enough`,
        nonce: `${place}-long-enough`,
        login_hint: place,
        ui_locales: place,
        acr_values: place,
        return_to: place,
        next: place,
        post_logout_redirect_uri: place,
      }
      const browser = server.browser()
      const login = await loginOf(browser, free)
      await search('sign in', place, login.page)
      await search(
        'a wrong password',
        place,
        await submit(browser, { ...login, fields: { ...login.fields, password: 'x' } }),
      )
      await search(
        'a lost form',
        place,
        await submit(browser, { ...login, fields: { challenge: login.fields['challenge'] ?? '' } }),
      )
      const next = (await submit(browser, login)).headers.get('location') ?? ''
      const page = await browser.follow(next)
      await search('consent', place, page.clone())
      const form = await openForm('/ui/consent', page)
      await search(
        'an answered sign in',
        place,
        await browser.fetch(
          `/ui/login?login_challenge=${encodeURIComponent(login.fields['challenge'] ?? '')}`,
        ),
      )
      const done = await submit(browser, {
        ...form,
        fields: { ...form.fields, grant_scope: 'openid' },
      })
      await search('an answered consent', place, done)
      await search(
        'a consent again',
        place,
        await browser.fetch(
          `/ui/consent?consent_challenge=${encodeURIComponent(form.fields['challenge'] ?? '')}`,
        ),
      )
      const answer = await browser.fetch(done.headers.get('location') ?? '')
      expect(answer.headers.get('location')?.startsWith('https://app.example/callback?')).toBe(true)
      await search('the response', place, answer)
      const late = server.browser()
      const old = await loginOf(late, free)
      server.clock.advance(2 * 60 * 60 * 1000)
      await search('a sign in that ran out', place, await submit(late, old))
      await search(
        'a sign in that is opened late',
        place,
        await late.fetch(
          `/ui/login?login_challenge=${encodeURIComponent(old.fields['challenge'] ?? '')}`,
        ),
      )
    }
    expect(looked).toBeGreaterThan(60)
  })

  it('attack 36: RFC 9700 §4.11.2: a client is linked to by addresses of the web alone', async () => {
    const linked = ['client_uri', 'policy_uri', 'tos_uri', 'logo_uri'] as const
    for (const place of places) {
      if (/^https?:\/\/[^\\]/u.test(place)) continue
      for (const name of linked) {
        const answer = await server.adminFetch('/admin/clients', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ [name]: place }),
        })
        expect([name, place, answer.status]).toEqual([name, place, 400])
      }
    }
  })

  it('attack 36: RFC 9700 §4.11.2: no path is taken for a host', async () => {
    for (const path of [
      '//evil.example',
      '//evil.example/ui/login',
      '/\\evil.example',
      '//evil.example/%2e%2e',
      '///evil.example/oauth2/auth',
      '/ui/login//evil.example',
      '/.evil.example',
    ])
      for (const slash of ['', '/']) {
        const request = new Request('http://127.0.0.1/')
        Object.defineProperty(request, 'url', { value: `http://127.0.0.1${path}${slash}` })
        const response = await server.firebrand.public(request)
        for (const address of await addressesOf(response))
          expect([path, address, isEvil(address)]).toEqual([path, address, false])
      }
  })
})
