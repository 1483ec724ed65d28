import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/accounts.ts'
import { checkCredentials } from '../../src/accounts/sign-in.ts'
import { hashTurnstile } from '../../src/clients/hash-turnstile.ts'
import { brokenRules } from '../../src/config/checks.ts'
import { configSchema } from '../../src/config/schema.ts'
import type { FirebrandOptions } from '../../src/firebrand.ts'
import { listen, listenLimits, type Listener } from '../../src/node/listen.ts'
import { basic, createClient } from '../support/browser-flow.ts'
import { startServer, type TestServer } from '../support/server.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function configured(limits: object) {
  return configSchema.parse({ dev: true, dsn: 'memory', limits })
}

async function listener(limits: object): Promise<Listener> {
  const handler = async (request: Request) => new Response(await request.text())
  const place = { host: '127.0.0.1', port: 0 }
  const opened = await listen(handler, { ...place, ...listenLimits(configured(limits).limits) })
  closing.push(() => opened.close(0))
  return opened
}

async function server(
  limits: object,
  options: Partial<FirebrandOptions> = {},
): Promise<TestServer> {
  const started = await startServer('memory', { config: { limits }, options })
  closing.push(() => started.close())
  return started
}

const status = async (url: string, init?: RequestInit) => (await fetch(url, init)).status

describe('limits of the listener', () => {
  it('answer 414 to a URL beyond limits.max_url_bytes', async () => {
    const { url } = await listener({ max_url_bytes: 1024 })
    expect(await status(`${url}/${'a'.repeat(1023)}`)).toBe(200)
    expect(await status(`${url}/${'a'.repeat(1024)}`)).toBe(414)
  })

  it('answer 431 to a head beyond limits.max_header_bytes', async () => {
    const { url } = await listener({ max_header_bytes: 8192 })
    expect(await status(url, { headers: { a: 'a'.repeat(7000) } })).toBe(200)
    expect(await status(url, { headers: { a: 'a'.repeat(8200) } })).toBe(431)
  })

  it('answer 431 to more than limits.max_headers fields, instead of dropping the last ones', async () => {
    const { url } = await listener({ max_headers: 30 })
    const fields = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_none, n) => [`x-${n}`, 'a']))
    expect(await status(url, { headers: fields(20) })).toBe(200)
    expect(await status(url, { headers: fields(31) })).toBe(431)
  })

  it('close a connection that stays idle beyond limits.timeouts.idle', async () => {
    const { url } = await listener({ timeouts: { idle: '50ms' } })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    socket.resume()
    await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  })

  it('close a connection whose head does not come within limits.timeouts.headers', async () => {
    const { url } = await listener({ timeouts: { headers: '100ms', request: '100ms' } })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost:')
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    expect(answer).toMatch(/^HTTP\/1\.1 408 /u)
  })

  it('refuse connections beyond limits.max_connections', async () => {
    const { url } = await listener({ max_connections: 2 })
    const port = Number(new URL(url).port)
    const open = () => {
      const socket = connect(port, '127.0.0.1')
      const answered = new Promise<boolean>((resolve) => {
        socket.once('data', () => resolve(true))
        socket.once('close', () => resolve(false))
        socket.once('error', () => resolve(false))
      })
      socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
      return { socket, answered }
    }
    const sockets = [open(), open()]
    expect(await Promise.all(sockets.map(({ answered }) => answered))).toEqual([true, true])
    const third = open()
    expect(await third.answered).toBe(false)
    for (const { socket } of [...sockets, third]) socket.destroy()
  })

  it('end a connection after limits.max_requests_per_connection', async () => {
    const { url } = await listener({ max_requests_per_connection: 1 })
    expect((await fetch(url)).headers.get('connection')).toBe('close')
  })

  it('must let the head be no slower than the whole request', () => {
    const broken = brokenRules(configured({ timeouts: { headers: '10s', request: '5s' } }))
    expect(broken.map(({ path }) => path.join('.'))).toContain('limits.timeouts.headers')
  })
})

describe('limits of bodies', () => {
  it('hold for the parameters of a form', async () => {
    const { publicFetch } = await server({ max_form_parameters: 50 })
    const form = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_none, n) => [`p${n}`, 'a']))
    const post = async (body: URLSearchParams | FormData) =>
      (await publicFetch('/oauth2/token', { method: 'POST', body })).json()
    const multipart = (count: number) => {
      const data = new FormData()
      for (const [name, value] of Object.entries(form(count))) data.append(name, value)
      return data
    }
    const many = { error_description: expect.stringContaining('too many parameters') }
    expect(await post(new URLSearchParams(form(50)))).not.toMatchObject(many)
    expect(await post(new URLSearchParams(form(51)))).toMatchObject(many)
    expect(await post(multipart(50))).not.toMatchObject(many)
    expect(await post(multipart(51))).toMatchObject(many)
  })

  it('hold for the depth of JSON', async () => {
    const { adminFetch } = await server({ max_json_depth: 12 })
    const post = async (depth: number) => {
      const metadata = `${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth - 1)}`
      const body = `{"client_id":"depth-${depth}","metadata":${metadata}}`
      const headers = { 'content-type': 'application/json' }
      return (await adminFetch('/admin/clients', { method: 'POST', headers, body })).status
    }
    expect([await post(12), await post(13)]).toEqual([201, 400])
  })
})

describe('limits.password_hashes', () => {
  const none = { password_hashes: { concurrent: 1, waiting: 0 } }

  it('bound passwords and chosen client secrets together; who is sent away gets 503', async () => {
    const started = await server(none)
    const { services } = started.firebrand
    const client = await createClient(started, {
      client_secret: 'a secret that somebody chose',
      grant_types: ['client_credentials'],
    })
    await createAccount(services, { email: 'a@example.com', name: '', password: 'a good one' })
    let leave = () => {}
    const held = hashTurnstile(services.settings).pass(
      () => new Promise<void>((resolve) => (leave = resolve)),
    )
    const headers = {
      authorization: basic(client),
      'content-type': 'application/x-www-form-urlencoded',
    }
    const token = () =>
      started.publicFetch('/oauth2/token', {
        method: 'POST',
        headers,
        body: 'grant_type=client_credentials',
      })
    const register = (secret: string) =>
      started.adminFetch('/admin/clients', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ client_secret: secret }),
      })
    const credentials = { email: 'a@example.com', password: 'a good one', address: undefined }
    const busy = await token()
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await register('another chosen secret')).status).toBe(503)
    expect(await checkCredentials(services, credentials)).toMatchObject({ error: { kind: 'busy' } })
    leave()
    await held
    expect((await token()).status).toBe(200)
    expect((await register('another chosen secret')).status).toBe(201)
    expect((await checkCredentials(services, credentials)).ok).toBe(true)
  })
})

describe('limits.outgoing', () => {
  it('are those of the purpose', async () => {
    const seen: { readonly url: string; readonly timeout: number; readonly maxBytes: number }[] = []
    const started = await server(
      { outgoing: { sector_identifier: { timeout: '3s', max_bytes: 777 } } },
      {
        outgoing: {
          fetch: async (request) => {
            seen.push(request)
            return { ok: false, error: 'not today' }
          },
          mayConnect: async () => true,
        },
      },
    )
    await started.adminFetch('/admin/clients', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sector_identifier_uri: 'https://sector.example/uris' }),
    })
    expect(seen).toMatchObject([{ timeout: 3000, maxBytes: 777 }])
  })
})
