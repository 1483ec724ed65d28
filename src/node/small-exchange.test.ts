import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { exchangeRaw } from '../../test/support/raw-http.ts'
import type { FetchHandler } from '../http/handler.ts'
import { plainResponse } from '../http/plain-response.ts'
import { listen, type Listener } from './listen.ts'

const open: Listener[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close(0)))
})

async function start(handler: FetchHandler): Promise<Listener> {
  const listener = await listen(handler, { host: '127.0.0.1', port: 0 })
  open.push(listener)
  return listener
}

const raw = ({ url }: Listener, ...parts: readonly string[]) => exchangeRaw(url, ...parts)

const text = { 'content-type': 'text/plain' }
const post = 'POST /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n'

describe('a small request', () => {
  it('reads alike however its body is sent', async () => {
    const bodies: string[] = []
    const { url } = await start(async (request) => {
      bodies.push(await request.text())
      return plainResponse(200, null, {})
    })
    const stream = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('\uFEFFä=1'))
          controller.close()
        },
      })
    await fetch(url, { method: 'POST', body: '\uFEFFä=1' })
    await fetch(url, { method: 'POST', body: stream(), duplex: 'half' })
    expect(bodies).toEqual(['ä=1', 'ä=1'])
  })

  it('can be read once', async () => {
    const outcomes: unknown[] = []
    const { url } = await start(async (request) => {
      outcomes.push(request.bodyUsed, await request.text(), request.bodyUsed)
      await request.text().catch((error: unknown) => outcomes.push(error instanceof TypeError))
      expect(() => request.clone()).toThrow(TypeError)
      return plainResponse(200, null, {})
    })
    expect((await fetch(url, { method: 'POST', body: 'a' })).status).toBe(200)
    expect(outcomes).toEqual([false, 'a', true, true])
  })

  it('has the header fields of a Headers object', async () => {
    const seen: unknown[] = []
    const listener = await start(async ({ headers }) => {
      seen.push(headers.get('X-A'), headers.get('cookie'), headers.has('x-b'), headers.get('x-b'))
      seen.push(headers.get('authorization'), [...headers.keys()].includes('x-a'))
      seen.push(new Headers(headers).get('cookie'), headers.get('x-a'))
      return plainResponse(200, null, {})
    })
    await raw(
      listener,
      `${post}X-A: 1 \t\r\nCookie: a=1\r\ncookie: b=2\r\nx-a: 2\r\nAuthorization: a\r\nauthorization: b\r\nContent-Length: 0\r\n\r\n`,
    )
    expect(seen).toEqual(['1, 2', 'a=1; b=2', false, null, 'a, b', true, 'a=1; b=2', '1, 2'])
  })

  it('is aborted when its client goes away, and only then', async () => {
    const reasons: string[] = []
    let seen: ((signal: AbortSignal) => void) | undefined
    const first = new Promise<AbortSignal>((resolve) => (seen = resolve))
    const listener = await start(async (request) => {
      seen?.(request.signal)
      if (request.url.endsWith('/quick')) return plainResponse(200, 'quick', text)
      await new Promise((resolve) => request.signal.addEventListener('abort', resolve))
      reasons.push((request.signal.reason as Error).name)
      return plainResponse(200, null, {})
    })
    await (await fetch(`${listener.url}/quick`)).text()
    const { port } = new URL(listener.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\n\r\na')
    setTimeout(() => socket.destroy(), 50)
    await expect.poll(() => reasons).toEqual(['AbortError'])
    expect((await first).aborted).toBe(false)
  })

  it('never reaches the handler when its body stays incomplete', async () => {
    let calls = 0
    const listener = await start(async () => {
      calls += 1
      return plainResponse(200, null, {})
    })
    const socket = connect(Number(new URL(listener.url).port), '127.0.0.1')
    socket.end('POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\nabc')
    await new Promise((resolve) => socket.on('close', resolve).resume())
    expect(calls).toBe(0)
  })
})

describe('its response', () => {
  it('states its length in bytes, and carries every cookie', async () => {
    const listener = await start(async (request, peer) => {
      peer?.setHeader?.('x-default', 'default')
      peer?.setHeader?.('content-type', 'default')
      if (request.url.endsWith('/empty')) return plainResponse(204, null, {})
      const headers = new Headers(text)
      headers.append('set-cookie', 'a=1')
      headers.append('set-cookie', 'b=2')
      return plainResponse(200, 'ä', headers)
    })
    const answer = await raw(listener, `${post}content-length: 0\r\n\r\n`)
    expect(answer).toMatch(/content-length: 2\r\n/iu)
    expect(answer.match(/set-cookie: [ab]=\d/giu)).toHaveLength(2)
    expect(answer.match(/content-type: [^\r]*/giu)).toEqual(['content-type: text/plain'])
    expect(answer).toContain('x-default: default')
    const empty = await raw(listener, 'GET /empty HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n')
    expect(empty).toMatch(/^HTTP\/1.1 204 /u)
    expect(empty).not.toMatch(/content-length|transfer-encoding/iu)
  })

  it('is 500 when one of its headers cannot be sent', async () => {
    const { url } = await start(async () => plainResponse(200, 'x', { 'x-bad': 'a\r\nb' }))
    expect((await fetch(url)).status).toBe(500)
  })

  it('ends the connection when its stream fails', async () => {
    const { url } = await start(async () => {
      let pulls = 0
      return new Response(
        new ReadableStream({
          pull(controller) {
            pulls += 1
            if (pulls > 1) throw new Error('no more')
            controller.enqueue(new TextEncoder().encode('part'))
          },
        }),
      )
    })
    const response = await fetch(url)
    await expect(response.text()).rejects.toThrow(TypeError)
  })
})
