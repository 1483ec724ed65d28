import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/accounts.ts'
import { authorizationUrl, createClient, type TestClient } from '../support/browser-flow.ts'
import { launchBrowser } from '../support/browser.ts'
import {
  startBrowserServer,
  startSite,
  type BrowserServer,
  type Site,
} from '../support/browser-server.ts'

const email = 'ada@example.com'
const password = 'correct horse battery'

describe('the pages in a browser', () => {
  let browser: Browser
  let server: BrowserServer
  let app: Site
  let client: TestClient
  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launchBrowser(), startBrowserServer()])
    app = await startSite((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<title>App</title><h1>Welcome</h1>')
    })
    await createAccount(server.firebrand.services, { email, name: 'Ada', password })
    client = await createClient(server, {
      client_name: 'Tidepool Notes',
      redirect_uris: [`http://localhost:${app.port}/callback`],
    })
  })
  afterAll(async () => {
    await browser.close()
    await Promise.all([server.close(), app.close()])
  })

  /** Language, title of the tab, and the text of what is there to read. */
  async function read(page: Page) {
    const lang: string = await page.evaluate('document.documentElement.lang')
    const main = (await page.locator('main').innerText()).replaceAll(/\s+/gu, ' ')
    return { lang, tab: await page.title(), main }
  }

  it('speak German with ui_locales=de from sign-in over consent to sign-out', async () => {
    // The browser itself asks for French: what the application says counts more.
    const context = await browser.newContext({ locale: 'fr-FR' })
    const page = await context.newPage()
    await page.goto(server.origin + authorizationUrl(client, { ui_locales: 'de' }))
    expect(await read(page)).toMatchObject({ lang: 'de', tab: 'Anmelden · Firebrand' })
    await page.fill('#email', email)
    await page.fill('#password', password)
    await page.check('#remember')
    await page.click('#accept')
    const consent = await read(page)
    expect(consent).toMatchObject({ lang: 'de', tab: 'Tidepool Notes zulassen? · Firebrand' })
    expect(consent.main).toContain('Tidepool Notes möchte auf Ihr Konto zugreifen')
    expect(consent.main).toContain(`geht an localhost:${app.port} (dieses Gerät).`)
    await page.click('#accept')
    expect(await page.innerText('h1')).toBe('Welcome')
    await page.goto(`${server.origin}/oauth2/sessions/logout?ui_locales=de`)
    const question = await read(page)
    expect(question).toMatchObject({ lang: 'de', tab: 'Abmelden · Firebrand' })
    expect(question.main).toBe(
      `Abmelden? Sie sind angemeldet als ${email}. Ja, abmelden Nein, bleiben`,
    )
    await page.click('#accept')
    const end = await read(page)
    expect(end).toMatchObject({ lang: 'de', tab: 'Abgemeldet · Firebrand' })
    expect(end.main).toContain('Sie sind abgemeldet')
    await page.goto(`${server.origin}/oauth2/sessions/logout`)
    expect(await read(page)).toMatchObject({ lang: 'fr', tab: 'Session fermée · Firebrand' })
    await context.close()
  })

  it('fit into a popup from sign-in over consent to the application', async () => {
    const viewport = { width: 420, height: 620 }
    const context = await browser.newContext({ viewport })
    const page = await context.newPage()
    await page.goto(server.origin + authorizationUrl(client, { display: 'popup', scope: 'openid' }))
    const fits = async () => {
      expect(await page.locator('.shell-popup').count()).toBe(1)
      // The card is the window: nothing stands beside it.
      const card = await page.locator('.shell-popup > .card').boundingBox()
      expect(card).toMatchObject({ x: 0, y: 0, width: viewport.width })
      const answers = await page.locator('.actions').boundingBox()
      expect((answers?.y ?? Infinity) + (answers?.height ?? 0)).toBeLessThan(viewport.height)
    }
    await fits()
    await page.fill('#email', email)
    await page.fill('#password', password)
    await page.click('#accept')
    expect((await read(page)).main).toContain('asks for access to your account')
    await fits()
    await page.click('#accept')
    expect(await page.innerText('h1')).toBe('Welcome')
    await context.close()
  })
})
