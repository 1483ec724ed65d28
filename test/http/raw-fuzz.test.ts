import { connect } from 'node:net'
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  nat,
  oneof,
  record,
  uint8Array,
} from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testScale } from '../support/scale.ts'
import { startServer, type TestServer } from '../support/server.ts'

const form = 'grant_type=client_credentials&client_id=a&client_secret=b'

/** Whole requests, before bytes of them change. */
const seeds = [
  `POST /oauth2/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\nConnection: close\r\n\r\n${form}`,
  `POST /oauth2/token HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${form.length.toString(16)}\r\n${form}\r\n0\r\n\r\n`,
  'GET /oauth2/auth?client_id=a&response_type=code&scope=openid&state=12345678 HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: a=b\r\nConnection: close\r\n\r\n',
  'GET /userinfo HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ory_at_AAAA.BBBB\r\nOrigin: https://a.example\r\nConnection: close\r\n\r\n',
  'OPTIONS /oauth2/token HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://a.example\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n',
].map((text) => Buffer.from(text, 'latin1'))

/** What stands where it should not. */
const pieces = oneof(
  uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
  constantFrom(
    '\r\n',
    '\n',
    '\0',
    ' ',
    '\t',
    ':',
    '%',
    '%00',
    '\r\n\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 5\r\n',
    'Content-Length: 99999999999999999999\r\n',
    'Expect: 100-continue\r\n',
    'Upgrade: h2c\r\nConnection: upgrade\r\n',
    'ffffffffffffffff\r\n',
    'x'.repeat(40_000),
    '\u00ff\u00fe',
  ).map((text) => Buffer.from(text, 'latin1')),
)

const mutations = array(
  record({ at: nat(400), remove: constantFrom(0, 1, 3, 20), piece: pieces }),
  { minLength: 1, maxLength: 4 },
)

function mutate(
  seed: Buffer,
  changes: readonly { readonly at: number; readonly remove: number; readonly piece: Buffer }[],
): Buffer {
  return changes.reduce((bytes, { at, remove, piece }) => {
    const place = at % (bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, place), piece, bytes.subarray(place + remove)])
  }, seed)
}

/** Everything that the server says to the bytes before it or we hang up. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    // The server resets what it refuses, perhaps while we still send.
    socket.on('error', () => {})
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
    socket.end(bytes)
  })
}

describe('bytes that are almost HTTP', () => {
  let server: TestServer
  let port: number
  beforeAll(async () => {
    server = await startServer('memory')
    port = Number(new URL((await server.listen()).public.url).port)
  })
  afterAll(() => server.close())

  it('are answered with 4xx or not at all, and leave the server as it was', async () => {
    await assert(
      asyncProperty(nat(seeds.length - 1), mutations, async (which, changes) => {
        const answer = await exchange(port, mutate(seeds[which] as Buffer, changes))
        for (const [, status] of answer.matchAll(/^HTTP\/1\.[01] (\d{3})/gmu))
          expect(Number(status)).toBeLessThan(500)
      }),
      { numRuns: 1000 * testScale },
    )
    const response = await fetch(`http://127.0.0.1:${port}/health/alive`)
    expect(response.status).toBe(200)
  })
})
