import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser, type TestClient } from '../support/browser-flow.ts'
import { createDeviceClient, poll, requestCodes } from '../support/device-flow.ts'
import { startServer, type TestServer } from '../support/server.ts'

/** The value of a hidden field. */
function field(page: string, name: string): string {
  return new RegExp(`name="${name}"\\s+value="([^"]*)"`, 'u').exec(page)?.[1] ?? ''
}

describe('the pages of devices', () => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer('memory')
    client = await createDeviceClient(server)
  })
  afterAll(() => server.close())

  async function open(browser: Browser, url: string) {
    const at = await browser.location(url)
    const { response, status } = await browser.visit(at.href)
    return { at, status, page: await response.text() }
  }

  function send(browser: Browser, page: string, changes: Record<string, string>) {
    const body = new URLSearchParams({
      challenge: field(page, 'challenge'),
      _csrf: field(page, '_csrf'),
      submit: 'accept',
      ...changes,
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return browser.visit('/ui/device', { method: 'POST', headers, body: body.toString() })
  }

  it('shows the code of the address and waits for the person to compare it', async () => {
    const codes = await requestCodes(server, client)
    const { status, page } = await open(new Browser(server), codes.verification_uri_complete)
    expect(status).toBe(200)
    expect(page).toMatch(new RegExp(`id="user_code"[^>]+value="${codes.user_code}"`, 'u'))
    expect(page).toContain('id="accept"')
    expect((await poll(server, client, codes)).body['error']).toBe('authorization_pending')
  })

  it('takes a code in lower case and with a dash, and goes on to the login', async () => {
    const { user_code: code } = await requestCodes(server, client)
    const browser = new Browser(server)
    const { page } = await open(browser, '/oauth2/device/verify')
    const typed = `${code.slice(0, 4)}-${code.slice(4)}`.toLowerCase()
    const { status, response } = await send(browser, page, { user_code: typed })
    expect(status).toBe(303)
    const login = await browser.location(response.headers.get('location') ?? '')
    expect(login.pathname).toBe('/ui/login')
  })

  it('gives a challenge to who types the address by hand', async () => {
    const to = await new Browser(server).location('/ui/device?user_code=abc')
    expect(to.pathname + to.search).toBe('/oauth2/device/verify?user_code=abc')
  })

  it('shows a wrong code again and says what to do', async () => {
    const browser = new Browser(server)
    const { page } = await open(browser, '/oauth2/device/verify')
    for (const code of ['"><b>', ' ']) {
      const { status, response } = await send(browser, page, { user_code: code })
      expect(status).toBe(422)
      const again = await response.text()
      expect(again).toContain('This code does not work')
      expect(again).toContain('aria-invalid="true"')
      expect(again).not.toContain('"><b>"')
    }
  })

  it('stops after many wrong codes', async () => {
    const browser = new Browser(server)
    const { page } = await open(browser, '/oauth2/device/verify')
    for (let round = 0; round < 10; round++) await send(browser, page, { user_code: 'WRONG' })
    const { status, response } = await send(browser, page, { user_code: 'WRONG' })
    expect(status).toBe(429)
    expect(await response.text()).toContain('Too many wrong codes')
  })

  it('does not accept a form that another page made', async () => {
    const codes = await requestCodes(server, client)
    const browser = new Browser(server)
    const { page } = await open(browser, codes.verification_uri_complete)
    const { status } = await send(browser, page, { user_code: codes.user_code, _csrf: 'forged' })
    expect(status).toBe(403)
  })

  it('offers a new start when the page is too old, and none for a made up challenge', async () => {
    const browser = new Browser(server)
    const { at } = await open(browser, '/oauth2/device/verify')
    server.clock.advance(31 * 60_000)
    const old = await browser.visit(at.href)
    expect(old.status).toBe(401)
    expect(await old.response.text()).toContain('http://127.0.0.1/oauth2/device/verify')
    expect((await browser.visit('/ui/device?device_challenge=x')).status).toBe(404)
  })

  it('ends with a page that sends the person back to the device', async () => {
    const { status, response } = await new Browser(server).visit('/ui/device/done?client_id=tv')
    expect(status).toBe(200)
    expect(await response.text()).toContain('Your device is connected')
  })
})
