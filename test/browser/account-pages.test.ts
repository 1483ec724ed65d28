import { createHash } from 'node:crypto'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/accounts.ts'
import { launchBrowser } from '../support/browser.ts'
import {
  startBrowserServer,
  startSite,
  type BrowserServer,
  type Site,
} from '../support/browser-server.ts'

const email = 'ada@example.com'
const password = 'correct horse battery'
const codeVerifier = 'v'.repeat(43)

let browser: Browser
let server: BrowserServer
let app: Site
let elsewhere: Site

/** The client's callback goes on to a third origin, as many applications do. */
beforeAll(async () => {
  ;[browser, server] = await Promise.all([launchBrowser(), startBrowserServer()])
  elsewhere = await startSite((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<title>App</title><h1>Welcome</h1>')
  })
  app = await startSite((request, response) => {
    const { search } = new URL(request.url ?? '/', 'http://app')
    response.writeHead(302, { location: `http://127.0.0.1:${elsewhere.port}/home${search}` }).end()
  })
  await createAccount(server.firebrand.services, { email, name: 'Ada', password })
  await registerClient('app', {})
})

afterAll(async () => {
  await browser.close()
  await Promise.all([server.close(), app.close(), elsewhere.close()])
})

function redirectUri(): string {
  return `http://localhost:${app.port}/callback`
}

async function registerClient(id: string, more: object): Promise<void> {
  const response = await server.adminFetch('/admin/clients', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_id: id,
      client_name: 'Tidepool Notes',
      redirect_uris: [redirectUri()],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid profile email offline_access',
      token_endpoint_auth_method: 'none',
      ...more,
    }),
  })
  expect(response.status).toBe(201)
}

function authorizationUrl(more: Record<string, string> = {}): string {
  const params = new URLSearchParams({
    client_id: 'app',
    response_type: 'code',
    redirect_uri: redirectUri(),
    scope: 'openid email offline_access',
    state: '0123456789abcdef',
    nonce: 'fedcba9876543210',
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  })
  return `${server.origin}/oauth2/auth?${params.toString()}`
}

/** Exchanges the code that the browser ended with. */
async function tokensOf(page: Page, clientId = 'app'): Promise<Record<string, string>> {
  const response = await server.publicFetch('/oauth2/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      code: new URL(page.url()).searchParams.get('code') ?? '',
      redirect_uri: redirectUri(),
      code_verifier: codeVerifier,
    }),
  })
  expect(response.status).toBe(200)
  return (await response.json()) as Record<string, string>
}

async function userinfo(tokens: Readonly<Record<string, string>>) {
  const response = await server.publicFetch('/userinfo', {
    headers: { authorization: `Bearer ${tokens['access_token'] ?? ''}` },
  })
  return (await response.json()) as Record<string, unknown>
}

function claimsOf(idToken: string | undefined): Record<string, unknown> {
  const [, payload = ''] = (idToken ?? '').split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
}

async function signIn(page: Page): Promise<void> {
  await page.fill('#email', email)
  await page.fill('#password', password)
  await page.click('#accept')
}

async function heading(page: Page): Promise<string> {
  return (await page.textContent('h1'))?.replaceAll(/\s+/gu, ' ').trim() ?? ''
}

const modes = [
  { name: 'with JavaScript', javaScriptEnabled: true },
  { name: 'without JavaScript', javaScriptEnabled: false },
]

describe.each(modes)('the account pages $name', ({ javaScriptEnabled }) => {
  const complaints: string[] = []
  let context: BrowserContext
  let page: Page

  async function freshBrowser(): Promise<void> {
    context = await browser.newContext({ javaScriptEnabled })
    page = await context.newPage()
    page.on('console', (message) => {
      // A refused navigation or style is reported here and nowhere else.
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
  }

  async function inFreshBrowser(run: () => Promise<void>): Promise<void> {
    await freshBrowser()
    try {
      await run()
    } finally {
      await context.close()
    }
  }

  it('lead from sign-in and consent to the application, across three origins', () =>
    inFreshBrowser(async () => {
      await page.goto(authorizationUrl())
      expect(await heading(page)).toBe('Sign in')
      await signIn(page)
      expect(await heading(page)).toBe('Tidepool Notes asks for access to your account')
      expect(await page.textContent('.destination')).toContain(`localhost:${app.port}`)
      await page.click('#accept')
      expect(await heading(page)).toBe('Welcome')
      const tokens = await tokensOf(page)
      // offline_access is not ticked by itself.
      expect(tokens['scope']).toBe('openid email')
      expect(tokens['refresh_token']).toBeUndefined()
      expect(await userinfo(tokens)).toMatchObject({ email, email_verified: false })
      // With an access token, claims of scopes are for userinfo alone (OpenID Connect Core §5.4).
      expect(claimsOf(tokens['id_token'])).not.toHaveProperty('email')
    }))

  it('grant what is ticked and nothing else', () =>
    inFreshBrowser(async () => {
      await page.goto(authorizationUrl({ scope: 'openid profile email offline_access' }))
      await signIn(page)
      await page.uncheck('.grant_scope[value=email]')
      await page.check('.grant_scope[value=offline_access]')
      await page.click('#accept')
      const tokens = await tokensOf(page)
      expect(tokens['scope']?.split(' ').sort()).toEqual(['offline_access', 'openid', 'profile'])
      expect(tokens['refresh_token']).toBeDefined()
      const claims = await userinfo(tokens)
      expect(claims).toMatchObject({ name: 'Ada', updated_at: expect.any(Number) })
      expect(claims).not.toHaveProperty('email')
    }))

  it('keep what was typed when the password is wrong', () =>
    inFreshBrowser(async () => {
      await page.goto(authorizationUrl())
      await page.fill('#email', email)
      await page.fill('#password', 'wrong')
      await page.check('#remember')
      await page.click('#accept')
      expect(await page.textContent('[role=alert]')).toContain('Email or password is not correct')
      expect(await page.inputValue('#email')).toBe(email)
      expect(await page.inputValue('#password')).toBe('')
      expect(await page.isChecked('#remember')).toBe(true)
      expect(await page.getAttribute('#password', 'aria-invalid')).toBe('true')
      expect(await page.getAttribute('#password', 'aria-describedby')).toBe('problem')
      await page.fill('#password', password)
      await page.click('#accept')
      expect(await heading(page)).toContain('asks for access')
    }))

  it('tell the application when somebody cancels or denies', () =>
    inFreshBrowser(async () => {
      await page.goto(authorizationUrl())
      await page.click('#reject')
      expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied')
      expect(await heading(page)).toBe('Welcome')
      await page.goto(authorizationUrl())
      await signIn(page)
      await page.click('#reject')
      expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied')
      expect(new URL(page.url()).searchParams.get('state')).toBe('0123456789abcdef')
    }))

  it('ask nothing again when both were remembered', () =>
    inFreshBrowser(async () => {
      const id = `remembering-${javaScriptEnabled}`
      await registerClient(id, {})
      const url = authorizationUrl({ client_id: id, scope: 'openid email' })
      await page.goto(url)
      await page.check('#remember')
      await signIn(page)
      await page.check('#remember')
      await page.click('#accept')
      expect(await heading(page)).toBe('Welcome')
      await page.goto(url)
      expect(await heading(page)).toBe('Welcome')
      const tokens = await tokensOf(page, id)
      expect(await userinfo(tokens)).toMatchObject({ email })
    }))

  it('work with the keyboard alone', () =>
    inFreshBrowser(async () => {
      await page.goto(authorizationUrl())
      // The first field has the focus when the page opens.
      await page.waitForSelector('#email:focus')
      await page.keyboard.type(email)
      await page.keyboard.press('Tab')
      await page.keyboard.type(password)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Space')
      await page.keyboard.press('Enter')
      await page.waitForSelector('.scopes')
      // "Not you?", three scopes, remember, allow.
      for (let stop = 0; stop < 6; stop += 1) await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/home/u)
      expect(await heading(page)).toBe('Welcome')
    }))

  it('offer a new start to who comes back to a step that is done', () =>
    inFreshBrowser(async () => {
      await page.goto(authorizationUrl())
      const loginPage = page.url()
      await signIn(page)
      await page.goto(loginPage)
      expect(await heading(page)).toBe('This step is done already')
      await page.getByRole('link', { name: 'Start again' }).click()
      expect(await heading(page)).toBe('Sign in')
    }))

  it('let two tabs sign in at once', () =>
    inFreshBrowser(async () => {
      const second = await context.newPage()
      await page.goto(authorizationUrl())
      await second.goto(authorizationUrl({ state: 'another-state-0' }))
      await signIn(page)
      await signIn(second)
      await page.click('#accept')
      await second.click('#accept')
      expect(await heading(page)).toBe('Welcome')
      expect(await heading(second)).toBe('Welcome')
    }))

  it('keep the session after "No" and end it after "Yes"', () =>
    inFreshBrowser(async () => {
      await page.goto(authorizationUrl())
      await page.check('#remember')
      await signIn(page)
      await page.click('#accept')
      await page.goto(`${server.origin}/oauth2/sessions/logout`)
      expect(await heading(page)).toBe('Sign out?')
      await page.click('#reject')
      expect(await heading(page)).toBe('You are still signed in')
      await page.goto(authorizationUrl())
      expect(await heading(page)).toContain('asks for access')
      await page.goto(`${server.origin}/oauth2/sessions/logout`)
      await page.click('#accept')
      expect(await heading(page)).toContain('Your log out request however succeeded.')
      await page.goto(authorizationUrl())
      expect(await heading(page)).toBe('Sign in')
    }))

  it('do nothing that their own policy forbids', () => {
    expect(complaints.filter((text) => /policy|refused|violates/iu.test(text))).toEqual([])
  })
})
