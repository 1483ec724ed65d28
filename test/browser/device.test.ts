import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/accounts.ts'
import { launchBrowser } from '../support/browser.ts'
import { startBrowserServer, type BrowserServer } from '../support/browser-server.ts'
import { createDeviceClient, poll, requestCodes } from '../support/device-flow.ts'

const email = 'ada@example.com'
const password = 'correct horse battery'

describe('connecting a device in a browser', () => {
  let browser: Browser
  let server: BrowserServer
  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launchBrowser(), startBrowserServer()])
    await createAccount(server.firebrand.services, { email, name: 'Ada', password })
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  it('goes from a mistyped code to the last page, and the device gets its tokens', async () => {
    const client = await createDeviceClient(server, { client_name: 'Living room TV' })
    const codes = await requestCodes(server, client, { scope: 'openid' })
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(codes.verification_uri)
    await page.fill('#user_code', 'wrong-code')
    await page.click('#accept')
    expect(await page.locator('#problem').innerText()).toContain('This code does not work')
    const { user_code: code } = codes
    await page.fill('#user_code', `${code.slice(0, 4)}-${code.slice(4)}`.toLowerCase())
    await page.click('#accept')
    await page.fill('#email', email)
    await page.fill('#password', password)
    await page.click('#accept')
    const question = await page.locator('main').innerText()
    expect(question).toContain('Living room TV')
    expect(question).toContain('the device that showed the code')
    await page.click('#accept')
    expect(await page.locator('h1').innerText()).toBe('Your device is connected')
    expect(new URL(page.url()).pathname).toBe('/ui/device/done')
    expect((await poll(server, client, codes)).status).toBe(200)
    await context.close()
  })
})
