import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import {
  startBrowserServer,
  startSite,
  type BrowserServer,
  type Site,
} from '../support/browser-server.ts'
import { createClient } from '../support/browser-flow.ts'

const sdk = path.join(import.meta.dirname, '../../src/sdk')

describe('firebrand/client in a browser', () => {
  let browser: Browser
  let site: Site
  let server: BrowserServer
  beforeAll(async () => {
    site = await startSite(({ url = '' }, response) => {
      const name = path.basename(url)
      if (!name.endsWith('.ts')) {
        response.setHeader('content-type', 'text/html').end('<!doctype html><title>app</title>')
        return
      }
      void readFile(path.join(sdk, name), 'utf8').then((source) =>
        response.setHeader('content-type', 'text/javascript').end(stripTypeScriptTypes(source)),
      )
    })
    ;[browser, server] = await Promise.all([
      launchBrowser(),
      startBrowserServer({
        config: {
          serve: {
            public: { cors: { enabled: true, allowed_origins: [`http://127.0.0.1:${site.port}`] } },
          },
        },
      }),
    ])
  })
  afterAll(async () => {
    await browser.close()
    await site.close()
    await server.close()
  })

  it('gets a token, and an error with its code, from another origin', async () => {
    const { client_id, client_secret } = await createClient(server, {
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_basic',
    })
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${site.port}/`)
    const options = { publicUrl: server.origin, credentials: { client_id, client_secret } }
    await page.addScriptTag({ type: 'module', content: appOf(options) })
    const outcome = await page.waitForFunction('globalThis.outcome')
    expect(await outcome.jsonValue()).toEqual([
      server.origin,
      'bearer',
      expect.stringMatching(/^400 (unauthorized_client|invalid_grant)$/u),
    ])
  })
})

/** Source of the page's module. */
function appOf(options: object): string {
  return `
    import { createFirebrandClient } from '/client.ts'
    const client = createFirebrandClient(${JSON.stringify(options)})
    const { issuer } = await client.discoverOidcConfiguration()
    const { token_type } = await client.oauth2TokenExchange({ body: { grant_type: 'client_credentials' } })
    globalThis.outcome = await client
      .oauth2TokenExchange({ body: { grant_type: 'refresh_token', refresh_token: 'none' } })
      .then(() => 'no error', ({ status, code }) => [issuer, token_type, status + ' ' + code])`
}
