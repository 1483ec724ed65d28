/** Session Management: a page of the client asks the frame of the server, in a real browser, from another site. */

import type { Browser, BrowserContext, Route } from 'playwright-core'
import { expect } from 'vitest'
import { expectText } from '../checks/values.ts'
import { launchBrowser } from '../../support/browser.ts'
import { clientOrigin, type Provider } from '../provider.ts'
import { randomText } from '../random-text.ts'
import type { RelyingParty } from '../relying-party.ts'
import { bye, expectBye, signIn, signOut } from './logout.ts'

const blank = '<!doctype html><title>client</title>'

/** One browser for all tests of a server. */
const browsers = new WeakMap<Provider, Promise<Browser>>()

function browserOf(provider: Provider): Promise<Browser> {
  const found = browsers.get(provider)
  if (found !== undefined) return found
  const launched = launchBrowser()
  browsers.set(provider, launched)
  provider.onClose(async () => (await launched).close())
  return launched
}

/** Gives a browser the cookies that the server set, as they were set. */
async function giveCookies(context: BrowserContext, issuer: string, headers: readonly string[]) {
  const page = await context.newPage()
  await page.route(`${issuer}/cookies`, (route) =>
    route.fulfill({ headers: { 'set-cookie': headers.join('\n') }, body: 'here they are' }),
  )
  await page.goto(`${issuer}/cookies`)
  await page.close()
}

/** Lets the server under test answer for its address, and the client have a page. */
async function serve(context: BrowserContext, { issuer, fetch }: Provider): Promise<void> {
  await context.route(`${issuer}/**`, async (route: Route) => {
    const request = route.request()
    const headers = await request.allHeaders()
    const named = Object.entries(headers).filter(([name]) => !name.startsWith(':'))
    const response = await fetch(request.url(), { method: request.method(), headers: named })
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    })
  })
  await context.route(`${clientOrigin}/**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: blank }),
  )
}

/** Frames the server's page in one of the client's and posts a message; the answer must come from the server. */
async function ask(
  context: BrowserContext,
  { issuer }: Provider,
  about: { readonly iframe: string; readonly message: string },
): Promise<unknown> {
  const page = await context.newPage()
  await page.goto(`${clientOrigin}/watch`)
  const answer = await page.evaluate(`new Promise((resolve) => {
    const frame = document.createElement('iframe')
    const target = ${JSON.stringify(issuer)}
    addEventListener('message', ({ origin, data, source }) => {
      if (origin === target && source === frame.contentWindow) resolve(data)
    })
    frame.onload = () => frame.contentWindow.postMessage(${JSON.stringify(about.message)}, target)
    frame.src = ${JSON.stringify(about.iframe)}
    document.body.append(frame)
    setTimeout(() => resolve('silence'), 10_000)
  })`)
  await page.close()
  return answer
}

async function watchLogout(party: RelyingParty): Promise<void> {
  const { provider } = party
  const { client, agent, login } = await signIn(party)
  const sessionState = login.params.get('session_state')
  expectText(sessionState, 'session_state')
  const { check_session_iframe: iframe = '' } = await provider.metadata()
  const about = { iframe, message: `${client.id} ${sessionState}` }
  const context = await (await browserOf(provider)).newContext()
  try {
    await serve(context, provider)
    await giveCookies(context, provider.issuer, agent.jar.received)
    expect(await ask(context, provider, about)).toBe('unchanged')
    const before = agent.jar.received.length
    const state = randomText(128)
    const id_token_hint = login.idToken.raw
    expectBye(
      await signOut(party, agent, { id_token_hint, post_logout_redirect_uri: bye, state }),
      state,
    )
    await giveCookies(context, provider.issuer, agent.jar.received.slice(before))
    expect(await ask(context, provider, about)).toBe('changed')
  } finally {
    await context.close()
  }
}

/** Modules by name. */
export const sessionModules = {
  'oidcc-session-management-rp-initiated-logout': watchLogout,
}
