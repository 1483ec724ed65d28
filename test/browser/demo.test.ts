import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoClientId, seedDemo } from '../../src/ui/demo/seed.ts'
import { launchBrowser } from '../support/browser.ts'
import { startBrowserServer, type BrowserServer } from '../support/browser-server.ts'

let browser: Browser
let server: BrowserServer

beforeAll(async () => {
  ;[browser, server] = await Promise.all([launchBrowser(), startBrowserServer()])
  await seedDemo(server.firebrand.services)
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

async function runDemo(page: Page, tick: readonly string[]): Promise<void> {
  await page.goto(server.origin)
  await page.click('#run-demo')
  expect(await page.textContent('[aria-label="Development mode"]')).toContain('foo@bar.com')
  await page.fill('#email', 'foo@bar.com')
  await page.fill('#password', 'foobar')
  await page.click('#accept')
  for (const scope of tick) await page.check(`.grant_scope[value=${scope}]`)
  await page.click('#accept')
}

async function inFreshBrowser(run: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: false })
  try {
    await run(await context.newPage())
  } finally {
    await context.close()
  }
}

async function failedChecks(page: Page): Promise<readonly string[]> {
  return page.locator('.check-failed').allTextContents()
}

describe('the start page', () => {
  it('runs the whole flow, verifies every token, and refreshes them', () =>
    inFreshBrowser(async (page) => {
      await runDemo(page, ['offline_access'])
      expect(await page.textContent('h1')).toContain('The flow worked')
      expect(await failedChecks(page)).toEqual([])
      const checks = (await page.locator('.checks b').allTextContents()).join(', ')
      expect(checks).toContain('ID token signature')
      expect(checks).toContain('Nonce')
      const before = await page.textContent('pre.wrapped')
      // A reload must not use the code twice.
      await page.reload()
      expect(await page.textContent('pre.wrapped')).toBe(before)
      expect(await failedChecks(page)).toEqual([])
      await page.click('#refresh')
      expect(await page.textContent('body')).toContain('Used once')
      expect(await failedChecks(page)).toEqual([])
      expect(await page.textContent('pre.wrapped')).not.toBe(before)
    }))

  it('says why there is no refresh token', () =>
    inFreshBrowser(async (page) => {
      await runDemo(page, [])
      expect(await page.textContent('[aria-labelledby=refresh-title]')).toContain('None')
    }))

  it('shows what an application gets when it is refused, and how to go on', () =>
    inFreshBrowser(async (page) => {
      await page.goto(`${server.origin}/ui/demo/start`)
      await page.click('#reject')
      expect(await page.textContent('h1')).toContain('The demo client was refused')
      await page.getByRole('link', { name: 'Start again' }).click()
      expect(await page.textContent('h1')).toContain('Sign in')
    }))

  it('is where signing out of the demo ends, and one click away from every other end', () =>
    inFreshBrowser(async (page) => {
      await runDemo(page, [])
      await page.getByRole('link', { name: 'Sign out' }).click()
      expect(await page.textContent('h1')).toContain('Your sign-in server is running')
      await page.goto(`${server.origin}/oauth2/sessions/logout`)
      expect(await page.textContent('h1')).toContain('You are signed out')
      await page.getByRole('link', { name: 'Start page' }).click()
      expect(await page.textContent('h1')).toContain('Your sign-in server is running')
    }))

  it('looks at no answer to a request of another browser', () =>
    inFreshBrowser(async (page) => {
      const answer = await page.goto(`${server.origin}/ui/demo/callback?code=x&state=y`)
      expect(answer?.status()).toBe(400)
      expect(await page.textContent('body')).toContain('state_mismatch')
    }))
})

describe('seedDemo', () => {
  it('may be repeated, and follows a new public address', async () => {
    const { services } = server.firebrand
    await Promise.all([seedDemo(services), seedDemo(services)])
    const moved = { ...services.settings, publicUrl: 'http://127.0.0.1:1' }
    await seedDemo({ ...services, settings: moved })
    const record = await services.storage.clients.find(demoClientId)
    expect(record?.client.redirect_uris).toEqual(['http://127.0.0.1:1/ui/demo/callback'])
  })
})
