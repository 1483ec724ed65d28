/** Session management as a client uses it: a page that frames `check_session_iframe` and asks it. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accept, authorizationUrl, createClient, type TestClient } from '../support/browser-flow.ts'
import { launchBrowser } from '../support/browser.ts'
import {
  startBrowserServer,
  startSite,
  type BrowserServer,
  type Site,
} from '../support/browser-server.ts'

describe('check_session_iframe in a browser', () => {
  let browser: Browser
  let server: BrowserServer
  let site: Site
  let foreign: Site
  let client: TestClient
  let context: BrowserContext
  let page: Page
  beforeAll(async () => {
    const blank = (_: IncomingMessage, response: ServerResponse) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>client</title>')
    }
    ;[site, foreign] = await Promise.all([startSite(blank), startSite(blank)])
    const at = (path: string) => `http://127.0.0.1:${site.port}${path}`
    ;[browser, server] = await Promise.all([
      launchBrowser(),
      startBrowserServer({
        config: {
          oidc: { session_management: { enabled: true } },
          urls: {
            login: at('/login'),
            consent: at('/consent'),
            logout: at('/logout'),
            post_logout_redirect: at('/bye'),
          },
        },
      }),
    ])
    client = await createClient(server, { redirect_uris: [at('/callback')] })
  })
  afterAll(async () => {
    await browser.close()
    await Promise.all([site.close(), foreign.close(), server.close()])
  })

  beforeEach(async () => {
    context = await browser.newContext()
    page = await context.newPage()
    return () => context.close()
  })

  /** Signs in through the browser; the login and consent apps are the test. */
  async function signIn(params: Record<string, string> = {}): Promise<string> {
    await page.goto(server.origin + authorizationUrl(client, { scope: 'openid', ...params }))
    for (const [kind, body] of [
      ['login', { subject: 'alice', remember: true }],
      ['consent', { grant_scope: ['openid'] }],
    ] as const) {
      const challenge = new URL(page.url()).searchParams.get(`${kind}_challenge`) ?? ''
      await page.goto(await accept(server, kind, challenge, body))
    }
    return new URL(page.url()).searchParams.get('session_state') ?? ''
  }

  async function signOut(): Promise<void> {
    const other = await context.newPage()
    await other.goto(`${server.origin}/oauth2/sessions/logout`)
    const challenge = new URL(other.url()).searchParams.get('logout_challenge') ?? ''
    await other.goto(await accept(server, 'logout', challenge, {}))
    await other.close()
  }

  /** Frames the iframe in a page of `origin` and asks; `silence` when there is no answer for a second. */
  async function ask(message: unknown, origin = `http://127.0.0.1:${site.port}`): Promise<string> {
    const watcher = await context.newPage()
    await watcher.goto(`${origin}/watch`)
    const iframe = `${server.origin}/oauth2/sessions/check`
    const answer = await watcher.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe')
      const target = ${JSON.stringify(server.origin)}
      addEventListener('message', ({ origin, data, source }) => {
        if (origin === target && source === frame.contentWindow) resolve(data)
      })
      frame.onload = () => {
        frame.contentWindow.postMessage(${JSON.stringify(message)}, target)
        setTimeout(() => resolve('silence'), 1500)
      }
      frame.src = ${JSON.stringify(iframe)}
      document.body.append(frame)
    })`)
    await watcher.close()
    return String(answer)
  }

  it('oidcc-session-management-rp-initiated-logout: says unchanged, and changed after the logout', async () => {
    const message = `${client.client_id} ${await signIn()}`
    expect(await ask(message)).toBe('unchanged')
    expect(await ask(message)).toBe('unchanged')
    await signOut()
    expect(await ask(message)).toBe('changed')
  })

  it('says changed when somebody signs in again, and unchanged for what they were given', async () => {
    const before = await signIn()
    const after = await signIn({ prompt: 'login' })
    expect(await ask(`${client.client_id} ${before}`)).toBe('changed')
    expect(await ask(`${client.client_id} ${after}`)).toBe('unchanged')
  })

  it('says error to a malformed message', async () => {
    const state = await signIn()
    for (const message of [
      '',
      client.client_id,
      state,
      `${client.client_id} ${state}.x`,
      { state },
    ])
      expect(await ask(message)).toBe('error')
  })

  it('RFC 9700 §4.17.2, attack 18: tells a foreign origin nothing, even with the session_state of a client', async () => {
    const message = `${client.client_id} ${await signIn()}`
    const origin = `http://127.0.0.1:${foreign.port}`
    expect(await ask(message, origin)).toBe('silence')
    expect(await ask(`nobody ${message.split(' ')[1]}`, origin)).toBe('silence')
    await signOut()
    expect(await ask(message, origin)).toBe('silence')
  })
})
