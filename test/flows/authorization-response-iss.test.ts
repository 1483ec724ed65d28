/** `iss` in authorization responses. @see RFC 9207 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizationUrl,
  Browser,
  createClient,
  reject,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const issuer = 'http://127.0.0.1'

const everything = {
  grant_types: ['authorization_code', 'implicit', 'refresh_token'],
  response_types: ['code', 'id_token', 'token id_token', 'code id_token'],
}

/** The parameters of a response, wherever they are. */
function parametersOf(url: URL): URLSearchParams {
  return new URLSearchParams(url.hash === '' ? url.search : url.hash.slice(1))
}

/** The `iss` of the hidden field of a posting page, unescaped by nobody: the issuer has nothing to escape. */
function postedIssuer(html: string): string | undefined {
  return /name="iss" value="([^"]*)"/u.exec(html)?.[1]
}

/** The posting page of a flow; it is no redirect. */
async function formPost(server: TestServer, client: TestClient, extra: Record<string, string>) {
  const browser = new Browser(server)
  const stop = await browser.visit(
    authorizationUrl(client, { response_mode: 'form_post', ...extra }),
  )
  return { status: stop.status, html: await stop.response.text() }
}

describeEachEngine('iss in authorization responses', (engine) => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer(engine)
    client = await createClient(server, everything)
  })
  afterAll(() => server.close())

  for (const type of everything.response_types)
    it(`RFC 9207 §2: comes with response_type=${type}`, async () => {
      const url = authorizationUrl(client, { response_type: type })
      const callback = await new Browser(server).authorize(url)
      expect(parametersOf(callback).getAll('iss')).toEqual([issuer])
    })

  it('RFC 9700 §4.4.2.1, attack 38: RFC 9207 §2: comes with an error of the first visit', async () => {
    const url = authorizationUrl(client, { prompt: 'none' })
    const callback = await new Browser(server).location(url)
    expect(Object.fromEntries(callback.searchParams)).toMatchObject({
      error: 'login_required',
      iss: issuer,
    })
  })

  it('RFC 9207 §2: comes with an error in the fragment', async () => {
    const url = authorizationUrl(client, { response_type: 'id_token', prompt: 'none' })
    const callback = await new Browser(server).location(url)
    expect(callback.search).toBe('')
    expect(parametersOf(callback).get('iss')).toBe(issuer)
  })

  it('RFC 9207 §2: comes with the refusal of the end user', async () => {
    const browser = new Browser(server)
    const challenge = await browser.loginChallenge(authorizationUrl(client))
    const callback = await browser.location(await reject(server, 'login', challenge, {}))
    expect(callback.searchParams.get('error')).toBe('access_denied')
    expect(callback.searchParams.get('iss')).toBe(issuer)
  })

  it('RFC 9207 §2: is posted with response_mode=form_post', async () => {
    const { status, html } = await formPost(server, client, { prompt: 'none' })
    expect(status).toBe(200)
    expect(postedIssuer(html)).toBe(issuer)
  })

  it('attack: replaces an iss that the registered redirect URI carries', async () => {
    const redirectUri = 'http://127.0.0.1:5555/callback?iss=https://evil.example'
    const other = await createClient(server, { redirect_uris: [redirectUri] })
    const callback = await new Browser(server).authorize(authorizationUrl(other))
    expect(callback.searchParams.getAll('iss')).toEqual([issuer])
  })
})

describe('oauth2.authorization_response_iss_parameter', () => {
  it('false leaves iss out and says so in the discovery document', async () => {
    const config = { oauth2: { authorization_response_iss_parameter: false } }
    const server = await startServer('memory', { config })
    try {
      const client = await createClient(server)
      const callback = await new Browser(server).authorize(authorizationUrl(client))
      expect(callback.searchParams.has('iss')).toBe(false)
      const refused = await new Browser(server).location(
        authorizationUrl(client, { prompt: 'none' }),
      )
      expect(refused.searchParams.has('iss')).toBe(false)
      const document = await server.publicFetch('/.well-known/openid-configuration')
      expect(await document.json()).toMatchObject({
        authorization_response_iss_parameter_supported: false,
      })
    } finally {
      await server.close()
    }
  })
})
