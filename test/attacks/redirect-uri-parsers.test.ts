/** Redirect URIs that one parser of URLs reads in another way than the next: none is ever followed that is not registered byte for byte. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizationUrl,
  Browser,
  createClient,
  type TestClient,
} from '../support/browser-flow.ts'
import { codeFlow, ownPages } from '../support/code-flow.ts'
import { startServer, type TestServer } from '../support/server.ts'

const host = 'app.example'
const registered = `https://${host}/cb?x=1`
const loopback = 'http://127.0.0.1:5555/callback'

/** Spellings of, and around, a registered URI. */
function spellings(uri: string): readonly string[] {
  const at = uri.replace('://', '://evil.example/')
  const inHost = (text: string) => uri.replace(host, text)
  const inPath = (text: string) => uri.replace('/cb', text)
  return [
    // User information that looks like a host, and hosts that look like user information.
    inHost(`${host}@evil.example`),
    inHost(`${host}%40evil.example`),
    inHost(`evil.example@${host}`),
    inHost(`user:pass@${host}`),
    inHost(`@${host}`),
    inHost(`${host}:443@evil.example`),
    inHost(`evil.example\\@${host}`),
    inHost(`evil.example#@${host}`),
    inHost(`evil.example?@${host}`),
    inHost(`evil.example;@${host}`),
    // Backslashes, doubled and missing slashes.
    inHost(`evil.example\\.${host}`),
    uri.replace('://', ':\\\\'),
    uri.replace('://', ':/'),
    uri.replace('://', ':'),
    uri.replace('://', ':///'),
    uri.replace('https:', ''),
    uri.replace('https:', 'https'),
    uri.replace('https://', '/\\'),
    uri.replace('https:/', ''),
    at,
    inPath('/\\evil'),
    inPath('//cb'),
    inPath('\\cb'),
    inPath('/cb/'),
    inPath('/CB'),
    inPath('/./cb'),
    inPath('/x/../cb'),
    inPath('/cb/..'),
    inPath('/cb/../../evil'),
    inPath('/cb/..;/evil'),
    inPath('/cb;x'),
    inPath('/cb;/../evil'),
    inPath('/%63b'),
    inPath('/cb%2f'),
    inPath('/cb%5c..%5cevil'),
    inPath('/cb%00'),
    inPath('/cb%0d%0aLocation:%20https://evil.example'),
    inPath('/cb%ff'),
    inPath('/cb.'),
    inPath(''),
    // Control characters and spaces, which browsers drop.
    ...['\t', '\n', '\r', '\r\n', '\0', ' ', '\u00a0', '\u200b', '\ufeff', '\u2028'].flatMap(
      (odd) => [
        odd + uri,
        uri + odd,
        uri.replace('https', `ht${odd}tps`),
        uri.replace('://', `:${odd}//`),
        uri.replace('://', `:/${odd}/`),
        inHost(`app${odd}.example`),
        inHost(`${host}${odd}`),
        inHost(`${odd}evil.example`),
        inPath(`/c${odd}b`),
      ],
    ),
    `${uri}\r\nLocation: https://evil.example`,
    `${uri}\r\n\r\n<script>alert(1)</script>`,
    // Hosts in other letters.
    inHost('APP.EXAMPLE'),
    inHost('App.Example'),
    inHost(`${host}.`),
    inHost('app。example'),
    inHost('app．example'),
    inHost('app｡example'),
    inHost('ａpp.example'),
    inHost('app.exampl℮'),
    inHost('аpp.example'),
    inHost('xn--pp-6kc.example'),
    inHost('app.ex%61mple'),
    inHost('app%2eexample'),
    inHost('evil.example%2f.app.example'),
    inHost('evil.example\u2100app.example'),
    inHost('ⓐpp.example'),
    inHost(`evil.${host}`),
    inHost(`evil${host}`),
    inHost(`${host}.evil.example`),
    inHost('app.example,evil.example'),
    inHost('[app.example]'),
    inHost('[::1]'),
    inHost('*'),
    inHost(''),
    // Ports and schemes.
    inHost(`${host}:443`),
    inHost(`${host}:0443`),
    inHost(`${host}:`),
    inHost(`${host}:80`),
    inHost(`${host}:65979`),
    inHost(`${host}:99999999`),
    inHost(`${host}:-1`),
    inHost(`${host}:443:80`),
    uri.replace('https', 'http'),
    uri.replace('https', 'HTTPS'),
    uri.replace('https', 'wss'),
    uri.replace('https', 'javascript'),
    `javascript://${host}/%0aalert(1)`,
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    `blob:${uri}`,
    `view-source:${uri}`,
    // Queries and fragments.
    `${uri}#`,
    `${uri}#x`,
    `${uri}#@evil.example`,
    `${uri}&y=2`,
    `${uri}%26y=2`,
    uri.replace('?x=1', ''),
    uri.replace('?x=1', '?'),
    uri.replace('?x=1', '?x=2'),
    uri.replace('?x=1', '?X=1'),
    uri.replace('?x=1', '?x=%31'),
    uri.replace('?x=1', '??x=1'),
    uri.replace('?', '%3f'),
    uri.replace('?', '\\?'),
    // Neither one nor the other.
    `${uri} https://evil.example/`,
    `${uri},https://evil.example/`,
    `["${uri}"]`,
    encodeURIComponent(uri),
    uri.replace('://', '%3a%2f%2f'),
    uri.slice(0, -1),
    uri.normalize('NFKD').replace('cb', 'c\u0301b'),
  ]
}

/** Addresses of this machine that differ from the registered one in more than the port. */
const loopbacks = [
  'http://localhost:5555/callback',
  'http://127.1:5555/callback',
  'http://0x7f.1:5555/callback',
  'http://0177.0.0.1:5555/callback',
  'http://2130706433:5555/callback',
  'http://127.0.0.01:5555/callback',
  'http://127.0.0.1.:5555/callback',
  'http://127.0.0.2:5555/callback',
  'http://127.0.0.256:5555/callback',
  'http://127.0.0.1.evil.example:5555/callback',
  'http://127.0.0.1@evil.example:5555/callback',
  'http://127.0.0.1:5555@evil.example/callback',
  'http://evil.example#@127.0.0.1:5555/callback',
  'http://evil.example\\@127.0.0.1:5555/callback',
  'http://127.0.0.1:5555\\@evil.example/callback',
  'http://１２７.0.0.1:5555/callback',
  'http://127。0。0。1:5555/callback',
  'http://[::1]:5555/callback',
  'http://[::ffff:127.0.0.1]:5555/callback',
  'http://[0:0:0:0:0:0:0:1]:5555/callback',
  'http://[::1%25lo]:5555/callback',
  'http://[::1%lo0]:5555/callback',
  'http://0.0.0.0:5555/callback',
  'http://0:5555/callback',
  'https://127.0.0.1:5555/callback',
  'http://127.0.0.1:65536/callback',
  'http://127.0.0.1:71091/callback',
  'http://127.0.0.1:-5555/callback',
  'http://127.0.0.1:+5555/callback',
  'http://127.0.0.1:5555 /callback',
  'http://127.0.0.1:５５５５/callback',
  'http://127.0.0.1:0x15b3/callback',
  'http://127.0.0.1:/callback',
  'http://127.0.0.1:5555/callback/',
  'http://127.0.0.1:5555/Callback',
  'http://127.0.0.1:5555//callback',
  'http://127.0.0.1:5555/x/../callback',
  'http://127.0.0.1:5555/callback#x',
  'http://127.0.0.1:5555/callback?x',
  'http://127.0.0.1:5555/%63allback',
  'HTTP://127.0.0.1:5555/callback',
]

describe('parsers of URLs', () => {
  let server: TestServer
  let web: TestClient
  let local: TestClient
  let hint = ''
  beforeAll(async () => {
    server = await startServer('memory', {
      config: { ...ownPages, oidc: { dynamic_client_registration: { enabled: true } } },
    })
    web = await createClient(server, {
      redirect_uris: [registered],
      post_logout_redirect_uris: [registered],
      response_types: ['code', 'token', 'id_token token'],
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    })
    local = await createClient(server, { redirect_uris: [loopback] })
    hint = (await codeFlow(server, web, { scope: 'openid' })).id_token
  })
  afterAll(() => server.close())

  /** Where a browser is sent, as it is in the header or in the form of the page. */
  async function destination(url: string): Promise<string> {
    const { response } = await new Browser(server).visit(url)
    const location = response.headers.get('location')
    if (location !== null) return location
    const page = await response.text()
    return /<form[^>]*action="([^"]*)"/u.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
  }

  /** Only the pages of the server itself are no destination of an attacker. */
  const isOwn = (place: string) => /^(?:http:\/\/127\.0\.0\.1)?\/ui\/error\?/u.test(place)

  const modes = [
    {},
    { response_mode: 'fragment' },
    { response_mode: 'form_post' },
    { prompt: 'none', response_type: 'token' },
  ]

  it('RFC 9700 §2.1, RFC 9700 §4.1.3: the authorization endpoint goes where the registered bytes say', async () => {
    for (const more of modes) {
      const params = { scope: 'openid', prompt: 'none', ...more }
      const sound = await destination(authorizationUrl(web, params))
      expect(sound.startsWith(registered)).toBe(true)
      for (const uri of spellings(registered)) {
        if (uri === registered) throw new Error('a spelling is the registered URI')
        const place = await destination(authorizationUrl(web, { ...params, redirect_uri: uri }))
        expect([uri, isOwn(place)]).toEqual([uri, true])
      }
    }
  })

  it('RFC 9700 §2.1, attack 3, attack 21: of a loopback URI the port alone may differ, in decimal', async () => {
    for (const port of ['1', '8080', '65535']) {
      const uri = loopback.replace('5555', port)
      const url = authorizationUrl(local, { prompt: 'none', redirect_uri: uri })
      expect((await destination(url)).startsWith(`${uri}?`)).toBe(true)
    }
    for (const uri of loopbacks) {
      const url = authorizationUrl(local, { prompt: 'none', redirect_uri: uri })
      expect([uri, isOwn(await destination(url))]).toEqual([uri, true])
    }
  })

  it('RFC 9700 §4.11.2, attack 36: a logout ends where the registered bytes say', async () => {
    const logoutUrl = (uri: string) =>
      `/oauth2/sessions/logout?${new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: uri }).toString()}`
    expect(await destination(logoutUrl(registered))).toBe(registered)
    for (const uri of [
      ...spellings(registered),
      '/\\evil.example',
      '//evil.example',
      '/\t/evil.example',
    ])
      expect([uri, isOwn(await destination(logoutUrl(uri)))]).toEqual([uri, true])
  })

  it('RFC 9700 §4.1.3: the token endpoint wants the same bytes again', async () => {
    const { searchParams } = await new Browser(server).authorize(
      authorizationUrl(web, { scope: 'openid' }),
    )
    const code = searchParams.get('code') ?? ''
    const redeem = async (uri: string) => {
      const response = await server.publicFetch('/oauth2/token', {
        method: 'POST',
        headers: {
          authorization: `Basic ${btoa(`${web.client_id}:${encodeURIComponent(web.client_secret)}`)}`,
        },
        body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: uri }),
      })
      return response.status
    }
    for (const uri of spellings(registered)) expect([uri, await redeem(uri)]).toEqual([uri, 400])
    expect(await redeem(registered)).toBe(200)
  })

  it('RFC 9700 §4.1.3, attack 29: what can be registered means the same to every parser, and nothing that a browser runs', async () => {
    let accepted = 0
    const all = [...spellings(registered), ...loopbacks, registered, loopback]
    for (const uri of all) {
      const response = await server.publicFetch('/oauth2/register', {
        method: 'POST',
        body: JSON.stringify({ redirect_uris: [uri], response_types: ['code'] }),
      })
      if (response.status !== 201) {
        expect([uri, response.status]).toEqual([uri, 400])
        continue
      }
      accepted += 1
      const client = (await response.json()) as { client_id: string; redirect_uris: string[] }
      expect(client.redirect_uris).toEqual([uri])
      // RFC 3986 §3.2 by the letter, against the parser that browsers have.
      const [, scheme, authority = ''] = /^([^:]+):(?:\/\/([^/?#]*))?/u.exec(uri) ?? []
      const byTheLetter = authority.replace(/^.*@/u, '').replace(/:\d*$/u, '')
      const parsed = new URL(uri)
      expect(['javascript:', 'data:', 'vbscript:', 'file:', 'blob:']).not.toContain(parsed.protocol)
      expect([uri, parsed.protocol]).toEqual([uri, `${String(scheme).toLowerCase()}:`])
      if (authority !== '')
        expect([uri, parsed.hostname]).toEqual([
          uri,
          new URL(`${parsed.protocol}//${byTheLetter}`).hostname,
        ])
      const place = await destination(
        authorizationUrl(
          { client_id: client.client_id, client_secret: '', redirect_uri: uri },
          { scope: 'openid', prompt: 'none' },
        ),
      )
      expect([uri, place.startsWith(uri) || new URL(place).hostname === parsed.hostname]).toEqual([
        uri,
        true,
      ])
    }
    expect(accepted).toBeGreaterThan(2)
  })
})
