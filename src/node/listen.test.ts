import { mkdtemp, rm, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { request as secureRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { exchangeRaw } from '../../test/support/raw-http.ts'
import type { FetchHandler } from '../http/handler.ts'
import { certificates } from '../../test/support/certificates.ts'
import { readText } from '../http/body.ts'
import { listen, type Listener, type ListenOptions } from './listen.ts'

const open: Listener[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close(0)))
})

const echo: FetchHandler = async (received, peer) => {
  peer?.setHeader?.('x-default', 'from the handler')
  const body = await readText(received, { maxBodyBytes: 1000 })
  return new Response(
    JSON.stringify({
      method: received.method,
      url: received.url,
      peer: peer?.address,
      body: body.ok ? body.value : body.error,
    }),
    { status: 200, headers: { 'content-type': 'application/json' } },
  )
}

async function start(handler = echo, options: Partial<ListenOptions> = {}): Promise<Listener> {
  const listener = await listen(handler, { host: '127.0.0.1', port: 0, ...options })
  open.push(listener)
  return listener
}

const raw = ({ url }: Listener, ...parts: readonly string[]) => exchangeRaw(url, ...parts)

const quick = {
  headersTimeout: 100,
  requestTimeout: 100,
  timeout: 300,
  connectionsCheckingInterval: 20,
}

describe('listen', () => {
  it('gives the handler the request, the address of the peer and a way to set headers', async () => {
    const { url } = await start()
    const response = await fetch(`${url}/a?b=c`, { method: 'POST', body: 'text' })
    expect(await response.json()).toEqual({
      method: 'POST',
      url: `${url}/a?b=c`,
      peer: '127.0.0.1',
      body: 'text',
    })
    expect(response.headers.get('x-default')).toBe('from the handler')
    expect(response.headers.get('content-type')).toBe('application/json')
  })

  it('serves bodies, several cookies and streams of any kind of response', async () => {
    const { url } = await start(async ({ url: target }) => {
      if (target.endsWith('/bytes')) return new Response(new Uint8Array([1, 2, 3]))
      if (target.endsWith('/none')) return new Response(null, { status: 204 })
      if (target.endsWith('/stream')) {
        return new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode('in '))
              controller.enqueue(new TextEncoder().encode('parts'))
              controller.close()
            },
          }),
        )
      }
      const headers = new Headers({ location: '/x' })
      headers.append('set-cookie', 'a=1')
      headers.append('set-cookie', 'b=2')
      return new Response(null, { status: 302, headers })
    })
    expect([...new Uint8Array(await (await fetch(`${url}/bytes`)).arrayBuffer())]).toEqual([
      1, 2, 3,
    ])
    expect((await fetch(`${url}/none`)).status).toBe(204)
    expect(await (await fetch(`${url}/stream`)).text()).toBe('in parts')
    const redirect = await fetch(url, { redirect: 'manual' })
    expect(redirect.status).toBe(302)
    expect(redirect.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  it('lets handlers read a request in every way that the Fetch Standard has', async () => {
    const seen: unknown[] = []
    const { url } = await start(async (received) => {
      const copy = received.clone()
      seen.push(
        received instanceof Request,
        received.headers instanceof Headers,
        received.headers.get('X-Twice'),
        await copy.text(),
        await received.json(),
        received.signal.aborted,
      )
      return new Response('ok')
    })
    await fetch(url, {
      method: 'POST',
      body: '{"a":1}',
      headers: [
        ['x-twice', '1'],
        ['x-twice', '2'],
      ],
    })
    expect(seen).toEqual([true, true, '1, 2', '{"a":1}', { a: 1 }, false])
  })

  it('answers HEAD without a body', async () => {
    const { url } = await start(async () => new Response('text'))
    const response = await fetch(url, { method: 'HEAD' })
    expect(response.headers.get('content-length')).toBe('4')
    expect(await response.text()).toBe('')
  })

  for (const path of [
    '/oauth2/../admin/clients',
    '/oauth2/%2e%2E/admin',
    '/oauth2/.%2e/admin',
    '/./admin',
    '/x/..',
    '/x/..;/admin',
    '/x/%2e%2e%2fadmin',
  ]) {
    it(`refuses ${path} before anything resolves it`, async () => {
      const listener = await start()
      const answer = await raw(
        listener,
        `GET ${path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n`,
      )
      expect(answer).toMatch(/^HTTP\/1.1 404 /u)
    })
  }

  it('passes dots that are no segments', async () => {
    const { url } = await start()
    for (const path of ['/.well-known/x', '/a.b', '/a/..b', '/x?/../y', '/x%2e%2e']) {
      expect((await fetch(`${url}${path}`)).status).toBe(200)
    }
  })

  it('refuses requests that are none: no host, a broken host, a backslash, garbage', async () => {
    const listener = await start()
    for (const head of [
      'GET / HTTP/1.1\r\n',
      'GET / HTTP/1.1\r\nhost: a b\r\n',
      'GET /a\\b HTTP/1.1\r\nhost: h\r\n',
      'GARBAGE\r\n',
      'GET / HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n',
    ]) {
      expect(await raw(listener, `${head}connection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /u)
    }
  })

  it('cuts off a head that never ends and a body that never comes', async () => {
    const listener = await start(echo, { timeouts: quick })
    expect(await raw(listener, 'GET / HTTP/1.1\r\nhost: h\r\n')).toMatch(/^HTTP\/1.1 408 /u)
    const body = 'POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 10\r\n\r\nabc'
    expect(await raw(listener, body)).not.toMatch(/^HTTP\/1.1 2/u)
  })

  it('cuts off heads beyond the limit', async () => {
    const listener = await start()
    const answer = await raw(
      listener,
      `GET / HTTP/1.1\r\nhost: h\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 431 /u)
  })

  it('does not read a body beyond the limit to its end', async () => {
    const { url } = await start()
    const response = await fetch(url, { method: 'POST', body: 'x'.repeat(2000) })
    expect(await response.json()).toMatchObject({ body: 'too_large' })
    const chunked = await fetch(url, {
      method: 'POST',
      duplex: 'half',
      body: new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(2000))
          controller.close()
        },
      }),
    })
    expect(await chunked.json()).toMatchObject({ body: 'too_large' })
  })

  it('answers requests that follow one another on one connection', async () => {
    const listener = await start()
    const get = (path: string, last = false) =>
      `GET ${path} HTTP/1.1\r\nhost: h\r\n${last ? 'connection: close\r\n' : ''}\r\n`
    const answer = await raw(listener, get('/1'), get('/2'), get('/3', true))
    expect(answer.match(/http:\/\/h\/\d/gu)).toEqual(['http://h/1', 'http://h/2', 'http://h/3'])
  })

  it('rejects when the address is taken', async () => {
    const { url } = await start()
    await expect(start(echo, { port: Number(new URL(url).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })
})

describe('close', () => {
  it('lets a running request end, closes idle connections and takes no new ones', async () => {
    let finish: (() => void) | undefined
    const started = new Promise<void>((resolve) => {
      finish = resolve
    })
    let answer: (() => void) | undefined
    const listener = await listen(
      async ({ url: target }) => {
        if (!target.endsWith('/slow')) return new Response('quick')
        finish?.()
        await new Promise<void>((resolve) => {
          answer = resolve
        })
        return new Response('slow')
      },
      { host: '127.0.0.1', port: 0 },
    )
    await (await fetch(listener.url)).text()
    const running = fetch(`${listener.url}/slow`)
    await started
    const before = performance.now()
    const closed = listener.close(10_000)
    await expect(fetch(listener.url)).rejects.toThrow('fetch failed')
    answer?.()
    expect(await (await running).text()).toBe('slow')
    await closed
    expect(performance.now() - before).toBeLessThan(5000)
  })

  it('cuts requests that outlast the grace', async () => {
    const listener = await listen(async () => new Promise<Response>(() => undefined), {
      host: '127.0.0.1',
      port: 0,
    })
    const running = fetch(listener.url)
    running.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await listener.close(50)
    await expect(running).rejects.toThrow('fetch failed')
  })
})

describe('a unix socket', () => {
  it('gets the mode asked for, and replaces a file that a crash left behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firebrand-socket-'))
    const socketPath = join(folder, 'public.sock')
    const options = { host: `unix:${socketPath}`, socket: { mode: 0o660 } }
    const listener = await start(echo, options)
    expect(listener.url).toBe(`unix:${socketPath}`)
    expect((await stat(socketPath)).mode & 0o777).toBe(0o660)
    const text = await new Promise<string>((resolve, reject) => {
      request({ socketPath, path: '/x', headers: { host: 'h' } }, (response) => {
        response.setEncoding('utf8').on('data', resolve)
      })
        .on('error', reject)
        .end()
    })
    expect(JSON.parse(text)).toMatchObject({ url: 'http://h/x' })
    await rm(folder, { recursive: true })
  })
})

describe('TLS', () => {
  it('speaks TLS 1.2 or newer and takes over a new certificate', async () => {
    const { first, second } = certificates
    const listener = await start(echo, { tls: first })
    expect(listener.url).toMatch(/^https:/u)
    expect(await subject(listener)).toMatchObject({ name: 'first', status: 200 })
    listener.setCertificate(second)
    expect(await subject(listener)).toMatchObject({ name: 'second' })
    expect(() => listener.setCertificate({ cert: first.cert, key: second.key })).toThrow('key')
    await expect(subject(listener, 'TLSv1.1')).rejects.toThrow()
  })
})

function subject({ url }: Listener, maxVersion: 'TLSv1.1' | 'TLSv1.3' = 'TLSv1.3') {
  return new Promise((resolve, reject) => {
    secureRequest(
      url,
      { rejectUnauthorized: false, maxVersion, minVersion: 'TLSv1', agent: false },
      (response) => {
        const socket = response.socket as unknown as {
          getPeerCertificate(): { subject: { CN: string } }
        }
        resolve({ name: socket.getPeerCertificate().subject.CN, status: response.statusCode })
        response.resume()
      },
    )
      .on('error', reject)
      .end()
  })
}
