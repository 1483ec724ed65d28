/** Requests that a proxy and this server could take for two, sent as bytes to the real listener. */

import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen, type Listener } from '../../src/node/listen.ts'
import { authorizationUrl, createClient, type TestClient } from '../support/browser-flow.ts'
import { rawConnection } from '../support/raw-http.ts'
import { startServer, type TestServer } from '../support/server.ts'

const crlf = '\r\n'

/** What an attacker hides in the body of another request. */
const hidden = `GET /.well-known/openid-configuration HTTP/1.1${crlf}Host: h${crlf}X-Request-Id: smuggled${crlf}${crlf}`

const form = 'Content-Type: application/x-www-form-urlencoded'

/** A request with these lines in its head, and what follows it. */
function request(
  lines: readonly string[],
  rest: string,
  start = 'POST /oauth2/token HTTP/1.1',
): string {
  return [start, 'Host: h', form, ...lines, '', rest].join(crlf)
}

const { length } = hidden
const chunk = `${length.toString(16)}${crlf}${hidden}${crlf}0${crlf}${crlf}`

/** By what they do to the length of a message (RFC 9112 §6 and §7.1). */
const attempts: Readonly<Record<string, string>> = {
  'CL.TE': request(
    [`Content-Length: ${length + 5}`, 'Transfer-Encoding: chunked'],
    `0${crlf}${crlf}${hidden}`,
  ),
  'TE.CL': request(['Transfer-Encoding: chunked', 'Content-Length: 4'], chunk),
  'TE.CL, no more than the first line': request(
    ['Transfer-Encoding: chunked', 'Content-Length: 3'],
    `1${crlf}Z${crlf}0${crlf}${crlf}${hidden}`,
  ),
  'two lengths': request(['Content-Length: 0', `Content-Length: ${length}`], hidden),
  'two lengths, the other way': request([`Content-Length: ${length}`, 'Content-Length: 0'], hidden),
  'a list of lengths': request([`Content-Length: 0, ${length}`], hidden),
  'a length twice': request(['Content-Length: 0, 0'], hidden),
  'a length with a sign': request(['Content-Length: +0'], hidden),
  'a negative length': request(['Content-Length: -1'], hidden),
  'a length in hex': request(['Content-Length: 0x0'], hidden),
  'a length with a fraction': request(['Content-Length: 0.0'], hidden),
  'a length with an exponent': request([`Content-Length: 0e1`], hidden),
  'an empty length': request(['Content-Length:'], hidden),
  'a length beyond 64 bits': request(['Content-Length: 18446744073709551616'], hidden),
  'a length in other digits': request(['Content-Length: \u0660'], hidden),
  'a length with a space inside': request([`Content-Length: 0 ${length}`], hidden),
  'a name with a space behind': request(
    ['Content-Length : 0', 'Transfer-Encoding : chunked'],
    hidden,
  ),
  'a name with a tab behind': request(
    ['Transfer-Encoding\t: chunked', `Content-Length: ${length}`],
    `0${crlf}${crlf}${hidden}`,
  ),
  'a name with a space in front': request(
    [' Transfer-Encoding: chunked', 'Content-Length: 0'],
    hidden,
  ),
  'a folded line': request(
    ['X: a', ' Transfer-Encoding: chunked', `Content-Length: ${length}`],
    `0${crlf}${crlf}${hidden}`,
  ).replace('X: a', 'Transfer-Encoding:'),
  'a folded length': request(['Content-Length:', ' 0'], hidden),
  'a first line that is folded': `POST /oauth2/token HTTP/1.1${crlf} Content-Length: 0${crlf}Host: h${crlf}${crlf}${hidden}`,
  xchunked: request(['Transfer-Encoding: xchunked'], `0${crlf}${crlf}${hidden}`),
  'chunked, identity': request(
    ['Transfer-Encoding: chunked, identity'],
    `0${crlf}${crlf}${hidden}`,
  ),
  'identity, chunked': request(
    ['Transfer-Encoding: identity, chunked', 'Content-Length: 0'],
    hidden,
  ),
  'chunked twice': request(
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    `0${crlf}${crlf}${hidden}`,
  ),
  'chunked in quotes': request(['Transfer-Encoding: "chunked"'], `0${crlf}${crlf}${hidden}`),
  'chunked with a tab in front': request(
    ['Transfer-Encoding: \tchunked', `Content-Length: ${length}`],
    `0${crlf}${crlf}${hidden}`,
  ),
  'chunked with 0x0b in front': request(
    ['Transfer-Encoding: \u000bchunked'],
    `0${crlf}${crlf}${hidden}`,
  ),
  'chunked; a parameter': request(['Transfer-Encoding: chunked;x=1'], `0${crlf}${crlf}${hidden}`),
  'gzip, chunked with a length': request(
    ['Transfer-Encoding: gzip, chunked', `Content-Length: ${length}`],
    `0${crlf}${crlf}${hidden}`,
  ),
  'an empty transfer coding': request(
    ['Transfer-Encoding:', `Content-Length: ${length}`],
    `0${crlf}${crlf}${hidden}`,
  ),
  'a transfer coding of HTTP/1.0': request(
    ['Transfer-Encoding: chunked', `Content-Length: ${length}`],
    `0${crlf}${crlf}${hidden}`,
    'POST /oauth2/token HTTP/1.0',
  ),
  'a line that ends with LF': request(
    ['X: a\nTransfer-Encoding: chunked', `Content-Length: ${length}`],
    `0${crlf}${crlf}${hidden}`,
  ),
  'a line that ends with CR': request(
    ['X: a\rTransfer-Encoding: chunked', `Content-Length: ${length}`],
    `0${crlf}${crlf}${hidden}`,
  ),
  'a head that ends with LF LF': request(
    ['X: a\n\nGET /x HTTP/1.1', `Content-Length: ${length}`],
    hidden,
  ),
  'a NUL in a value': request(['X: a\0b', 'Content-Length: 0'], hidden),
  'a NUL in a name': request(['Transfer\0-Encoding: chunked', 'Content-Length: 0'], hidden),
  'a NUL in the target': request(['Content-Length: 0'], hidden, 'POST /oauth2\0/token HTTP/1.1'),
  'a line without a colon': request(['Transfer-Encoding', 'Content-Length: 0'], hidden),
  'an empty name': request([': chunked', 'Content-Length: 0'], hidden),
  'a chunk whose size is signed': request(
    ['Transfer-Encoding: chunked'],
    `+0${crlf}${crlf}${hidden}`,
  ),
  'a chunk whose size is hex twice': request(
    ['Transfer-Encoding: chunked'],
    `0x0${crlf}${crlf}${hidden}`,
  ),
  'a chunk with a space in front': request(
    ['Transfer-Encoding: chunked'],
    ` 0${crlf}${crlf}${hidden}`,
  ),
  'a chunk of 2^64': request(['Transfer-Encoding: chunked'], `10000000000000000${crlf}${hidden}`),
  'a chunk of 2^64-1': request(['Transfer-Encoding: chunked'], `ffffffffffffffff${crlf}${hidden}`),
  'a chunk of 2^32': request(['Transfer-Encoding: chunked'], `100000000${crlf}${hidden}`),
  'a chunk without a size': request(['Transfer-Encoding: chunked'], `${crlf}${crlf}${hidden}`),
  'a chunk that ends with LF': request(['Transfer-Encoding: chunked'], `1\nZ\n0\n\n${hidden}`),
  'a chunk longer than it says': request(
    ['Transfer-Encoding: chunked'],
    `1${crlf}ZZ${crlf}0${crlf}${crlf}${hidden}`,
  ),
  'a chunk extension with LF': request(
    ['Transfer-Encoding: chunked'],
    `1;a=\nb${crlf}Z${crlf}0${crlf}${crlf}${hidden}`,
  ),
  'a chunk extension of 100 kB': request(
    ['Transfer-Encoding: chunked'],
    `1;${'a'.repeat(100_000)}${crlf}Z${crlf}0${crlf}${crlf}${hidden}`,
  ),
  'a trailer that is a length': request(
    ['Transfer-Encoding: chunked'],
    `0${crlf}Content-Length: ${length}\n\n${hidden}`,
  ),
  'a body that a GET does not have': request(
    [`Content-Length: ${length}`],
    hidden,
    'GET /health/alive HTTP/1.1',
  ),
  'a body that a HEAD does not have': request(
    [`Content-Length: ${length}`],
    hidden,
    'HEAD /health/alive HTTP/1.1',
  ),
  'a chunked body that a GET does not have': request(
    ['Transfer-Encoding: chunked'],
    chunk,
    'GET /health/alive HTTP/1.1',
  ),
  'a body of an unknown method': request(
    [`Content-Length: ${length}`],
    hidden,
    'PURGE /oauth2/token HTTP/1.1',
  ),
  'a body for a route that is none': request(
    [`Content-Length: ${length}`],
    hidden,
    'POST /none HTTP/1.1',
  ),
  'a body of another type': request([`Content-Length: ${length}`], hidden).replace(
    'x-www-form-urlencoded',
    'json',
  ),
  'a chunked body': request(['Transfer-Encoding: chunked'], chunk),
  'a body that waits for 100': request(
    ['Expect: 100-continue', `Content-Length: ${length}`],
    hidden,
  ),
  'a body that waits for something else': request(
    ['Expect: x', `Content-Length: ${length}`],
    hidden,
  ),
  'an upgrade': request(
    ['Connection: upgrade', 'Upgrade: h2c', `Content-Length: ${length}`],
    hidden,
  ),
  'an upgrade to a web socket': request(
    ['Connection: upgrade', 'Upgrade: websocket', `Content-Length: ${length}`],
    hidden,
    'GET / HTTP/1.1',
  ),
  'a tunnel': `CONNECT h:80 HTTP/1.1${crlf}Host: h${crlf}${crlf}${hidden}`,
  'HTTP/0.9': `GET /health/alive${crlf}${hidden}`,
  'HTTP/0.9 by name': `GET /health/alive HTTP/0.9${crlf}${crlf}${hidden}`,
  'HTTP/2': `PRI * HTTP/2.0${crlf}${crlf}SM${crlf}${crlf}${hidden}`,
  'HTTP/1.2': request(['Content-Length: 0'], hidden, 'POST /oauth2/token HTTP/1.2'),
  'a version twice': request(['Content-Length: 0'], hidden, 'POST /oauth2/token HTTP/1.1 HTTP/1.1'),
  'a method with a blank': request(['Content-Length: 0'], hidden, ' POST /oauth2/token HTTP/1.1'),
  'two hosts': request(['Host: other', 'Content-Length: 0'], hidden),
  'no host': `POST /oauth2/token HTTP/1.1${crlf}Content-Length: 0${crlf}${crlf}${hidden}`,
  'a URL that is too long': request(
    ['Content-Length: 0'],
    hidden,
    `POST /${'a'.repeat(20_000)} HTTP/1.1`,
  ),
  'a head that is too long': request([`X: ${'a'.repeat(100_000)}`, 'Content-Length: 0'], hidden),
  'too many fields': request(
    [...Array.from({ length: 300 }, (_none, n) => `X-${n}: 1`), 'Content-Length: 0'],
    hidden,
  ),
  'a path that climbs': request(['Content-Length: 0'], hidden, 'POST /x/../oauth2/token HTTP/1.1'),
  'a body beyond the limit': request([`Content-Length: 3000000`], hidden.repeat(2000)),
  'a chunked body beyond the limit': request(
    ['Transfer-Encoding: chunked'],
    `2dc6c0${crlf}${hidden.repeat(2000)}`,
  ),
}

describe('the real listener', () => {
  let server: TestServer
  let client: TestClient
  let listener: Listener
  const seen: string[] = []
  beforeAll(async () => {
    server = await startServer('memory')
    client = await createClient(server)
    listener = await listen(
      (each, peer) => {
        seen.push(each.headers.get('x-request-id') ?? `${each.method} ${each.url}`)
        return server.firebrand.public(each, peer)
      },
      { host: '127.0.0.1', port: 0 },
    )
  })
  afterAll(async () => {
    await listener.close(0)
    await server.close()
  })

  /**
   * Everything that comes back for bytes: as many responses as are hoped for, or until the connection is over. A server that waits
   * for more of a body says nothing, and is not waited for long.
   */
  async function answers(bytes: string, { hoped = 1, patience = 600 } = {}): Promise<string> {
    const connection = await rawConnection(listener.url)
    connection.socket.write(Buffer.from(bytes, 'latin1'))
    const end = performance.now() + patience
    while (
      performance.now() < end &&
      !connection.isClosed() &&
      statuses(connection.received()).length < hoped
    )
      await delay(5)
    // Whoever answers a second request does it at once.
    return connection.ended(60)
  }

  const statuses = (received: string) => received.match(/^HTTP\/1\.1 [2-5]\d\d/gmu) ?? []

  it('takes a request that follows another one, so that the attempts below could succeed', async () => {
    seen.length = 0
    const received = await answers(`${request(['Content-Length: 0'], '')}${hidden}`, {
      hoped: 2,
      patience: 10_000,
    })
    expect(seen).toContain('smuggled')
    expect(statuses(received)).toHaveLength(2)
  })

  for (const [what, bytes] of Object.entries(attempts))
    it(`RFC 9700 §4.13: request smuggling by ${what} gets no answer to a second request`, async () => {
      seen.length = 0
      const received = await answers(bytes)
      expect(seen).not.toContain('smuggled')
      expect(statuses(received).length).toBeLessThanOrEqual(1)
      expect(received).not.toContain('smuggled')
      expect(received).not.toMatch(/^HTTP\/1\.1 5/mu)
      // Still there, and in step with everybody else.
      expect(
        await answers(
          `GET /health/alive HTTP/1.1${crlf}Host: h${crlf}Connection: close${crlf}${crlf}`,
          { patience: 10_000 },
        ),
      ).toMatch(/^HTTP\/1\.1 200/u)
    })

  it('attack 17: a target with a host of its own changes no address that the server tells', async () => {
    for (const path of [
      '/.well-known/openid-configuration',
      authorizationUrl(client),
      '/oauth2/device/verify',
      '/oauth2/sessions/logout',
      '/ui/login',
      '/',
    ])
      for (const target of [
        `http://evil.example${path}`,
        `https://evil.example:444${path}`,
        `http://u:p@evil.example${path}`,
        `//evil.example${path}`,
      ]) {
        const received = await answers(
          `GET ${target} HTTP/1.1${crlf}Host: evil.example${crlf}Connection: close${crlf}${crlf}`,
        )
        expect([target, received.includes('evil.example')]).toEqual([target, false])
      }
  })
})
