/** Input that a lenient decoder would take for something else than the next reader does. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, type TestClient } from '../support/browser-flow.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let client: TestClient
beforeAll(async () => {
  server = await startServer('memory')
  client = await createClient(server, { client_id: 'a:ü+%', client_secret: 'secret: ü+%&=' })
})
afterAll(() => server.close())

const ask = (authorization: string) =>
  server.publicFetch('/oauth2/token', {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  })

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')

describe('Basic credentials', () => {
  const [id, secret] = ['a%3A%C3%BC%2B%25', 'secret%3A+%C3%BC%2B%25%26%3D']

  it('attack 39: are taken as RFC 6749 §2.3.1 and Appendix B encode them', async () => {
    for (const good of [
      `Basic ${base64(`${id}:${secret}`)}`,
      `basic ${base64(`${id}:${secret}`)}`,
      `BASIC   ${base64(`${id.toLowerCase()}:${secret.replace('+', '%20').toLowerCase()}`)}`,
    ])
      expect([good, (await ask(good)).status]).toEqual([good, 200])
    expect(client.client_id).toBe('a:ü+%')
  })

  it('attack 39: are refused when anything of them is decoded loosely', async () => {
    const text = `${id}:${secret}`
    const sound = base64(text)
    // Both have padding, so that there are bits to spare.
    const padded = base64(text.length % 3 === 0 ? `${text}x` : text)
    const stray = padded.replace(
      /.(=+)$/u,
      (_all, pad: string) => `${pad === '==' ? 'B' : 'D'}${pad}`,
    )
    const attempts: Readonly<Record<string, string>> = {
      'the alphabet of URLs': `Basic ${Buffer.from(`${text}???>>>`).toString('base64url')}`,
      'stray bits': `Basic ${stray}`,
      'no padding': `Basic ${padded.replaceAll('=', '')}x`,
      'more padding': `Basic ${sound}=`,
      'characters in between': `Basic ${sound.slice(0, 8)}*${sound.slice(8)}`,
      'white space in between': `Basic ${sound.slice(0, 8)} ${sound.slice(8)}`,
      'two values': `Basic ${sound}, Basic ${sound}`,
      'something behind': `Basic ${sound}!`,
      'another scheme': `Bearer ${sound}`,
      'a scheme that begins alike': `Basics ${sound}`,
      'no scheme': sound,
      'a percent sign': `Basic ${base64(`${id}%:${secret}`)}`,
      'half an escape': `Basic ${base64(`${id}:${secret}%2`)}`,
      'an escape that is none': `Basic ${base64(`${id}:%zz${secret}`)}`,
      'an escape of UTF-16': `Basic ${base64(`a%3A%u00FC%2B%25:${secret}`)}`,
      'overlong UTF-8': `Basic ${base64(`a%C0%BA%C3%BC%2B%25:${secret}`)}`,
      'half a character': `Basic ${base64(`a%3A%C3%2B%25:${secret}`)}`,
      'half of a pair': `Basic ${base64(`%ED%A0%80${id}:${secret}`)}`,
      'bytes that are no UTF-8': `Basic ${base64(Uint8Array.of(0x61, 0xfc, 0x3a, 0x62))}`,
      'a NUL behind the id': `Basic ${base64(`${id}%00:${secret}`)}`,
      'a NUL behind the secret': `Basic ${base64(`${id}:${secret}%00`)}`,
      'a line break': `Basic ${base64(`${id}:${secret}\r\n`)}`,
      'a blank around the id': `Basic ${base64(` ${id}:${secret}`)}`,
      'a byte order mark': `Basic ${base64(`\uFEFF${id}:${secret}`)}`,
      'encoded twice': `Basic ${base64(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`,
      'not encoded': `Basic ${base64('a:ü+%:secret: ü+%&=')}`,
      'composed of two characters': `Basic ${base64(`a%3Au%CC%88%2B%25:${secret}`)}`,
      'no colon': `Basic ${base64(id)}`,
      nothing: 'Basic ',
    }
    expect(stray).not.toBe(padded)
    const registered = await server.adminFetch('/admin/clients', {
      method: 'POST',
      body: JSON.stringify({ client_secret: 'a secret with a NUL\0' }),
    })
    expect(registered.status).toBe(400)
    for (const [what, authorization] of Object.entries(attempts)) {
      const answer = await ask(authorization)
      expect([what, [400, 401].includes(answer.status)]).toEqual([what, true])
      expect(await answer.json()).not.toHaveProperty('access_token')
    }
  })
})

describe('lists', () => {
  it('attack 39: are made of nothing that only looks like one in a form', async () => {
    const plain = await createClient(server, { audience: ['https://api.example'] })
    const post = (body: string) =>
      server.publicFetch('/oauth2/token', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `grant_type=client_credentials&client_id=${plain.client_id}&${body}`,
      })
    const byPost = await createClient(server, { token_endpoint_auth_method: 'client_secret_post' })
    for (const body of [
      'client_secret[]=x',
      'client_secret[0]=x',
      `client_secret[999999999]=${plain.client_secret}`,
      `client_secret[__proto__]=${plain.client_secret}`,
      `client_secret.x=${plain.client_secret}`,
    ])
      expect([body, (await post(body)).status >= 400]).toEqual([body, true])
    const answer = await server.publicFetch('/oauth2/token', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: byPost.client_id,
        client_secret: byPost.client_secret,
        'scope[]': 'foo',
        'scope[999999999]': 'foo',
        'scope[__proto__]': 'foo',
      }),
    })
    expect(await answer.json()).toMatchObject({ scope: '' })
  })

  it('attack 39: of a client get no holes by a patch, however far its index lies', async () => {
    const { client_id: id } = await createClient(server)
    const patch = (path: string, op = 'add') =>
      server.adminFetch(`/admin/clients/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ op, path, value: 'http://127.0.0.1:5555/other' }]),
      })
    for (const index of [
      '7',
      '4294967295',
      '9007199254740993',
      '-3',
      '1e3',
      '0x1',
      '01',
      '1.0',
      'length',
      '__proto__',
    ])
      for (const op of ['add', 'replace'])
        expect([index, op, (await patch(`/redirect_uris/${index}`, op)).status]).toEqual([
          index,
          op,
          400,
        ])
    const shown = await server.adminFetch(`/admin/clients/${id}`)
    expect(await shown.json()).toMatchObject({ redirect_uris: ['http://127.0.0.1:5555/callback'] })
    expect((await patch('/redirect_uris/1')).status).toBe(200)
  })

  it('attack 39: in JSON are lists, and what looks like one is refused', async () => {
    for (const [member, values] of Object.entries({
      redirect_uris: [
        'https://a.example',
        { 0: 'https://a.example', length: 1 },
        [['https://a.example']],
        [1],
        true,
      ],
      grant_types: ['authorization_code', { 0: 'implicit' }, [{}], [['implicit']]],
      allowed_cors_origins: ['https://a.example', { length: 1e9 }, [0]],
      contacts: [{ 0: 'a' }, [[]]],
    }))
      for (const value of values) {
        const answer = await server.adminFetch('/admin/clients', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ [member]: value }),
        })
        expect([member, value, answer.status]).toEqual([member, value, 400])
      }
  })
})
