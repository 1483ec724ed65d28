import { describe, expect, it } from 'vitest'
import { StorageUnavailable } from '../../src/storage/storage.ts'
import { bareServer } from './bare-server.ts'

const server = bareServer()

function send(path: string, init?: RequestInit, origin = 'http://server'): Promise<Response> {
  return server.public(new Request(`${origin}${path}`, init))
}

describe('response headers', () => {
  it('forbid caching of every GET unless the endpoint allows it', async () => {
    expect((await send('/health/alive')).headers.get('cache-control')).toBe(
      'private, no-cache, no-store, must-revalidate',
    )
    expect((await send('/probe/cached')).headers.get('cache-control')).toBe('max-age=60')
    const post = await send('/probe/form', { method: 'POST' })
    expect(post.headers.has('cache-control')).toBe(false)
  })

  it('carry a request id, a new one for each request', async () => {
    const first = (await send('/probe/1')).headers.get('x-request-id')
    const second = (await send('/probe/1')).headers.get('x-request-id')
    expect(first).toMatch(/^[\da-f-]{36}$/u)
    expect(second).not.toBe(first)
  })

  it('carry the sender’s request id, and the endpoint sees it', async () => {
    const response = await send('/probe/1', { headers: { 'x-request-id': 'trace/42:a' } })
    expect(response.headers.get('x-request-id')).toBe('trace/42:a')
    expect(await response.json()).toMatchObject({ requestId: 'trace/42:a' })
  })

  it('do not repeat a request id that is long or odd', async () => {
    for (const id of ['a b', '"', 'x'.repeat(129), '<script>', '']) {
      const response = await send('/probe/1', { headers: { 'x-request-id': id } })
      expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/u)
    }
  })

  it('pin https only where https was spoken', async () => {
    expect((await send('/probe/1')).headers.has('strict-transport-security')).toBe(false)
    expect(
      (await send('/probe/1', {}, 'https://server')).headers.get('strict-transport-security'),
    ).toContain('max-age=')
  })
})

describe('a failure', () => {
  it('that is a bug is a 500 that tells nothing, and is logged once with the request id', async () => {
    const lines: unknown[] = []
    const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => lines.push(fields) }
    const { public: handler } = bareServer({ options: { log } })
    const response = await handler(
      new Request('http://server/probe/bug', { headers: { 'x-request-id': 'id-1' } }),
    )
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({
      error: 'error',
      error_description: 'The error is unrecognizable',
    })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ request_id: 'id-1' })
  })

  it('of the database is a 503 that says when to try again', async () => {
    const { public: handler } = bareServer({
      options: {
        endpoints: [
          {
            method: 'GET',
            path: '/outage',
            summary: 'Fails.',
            responses: {},
            async handle() {
              throw new StorageUnavailable('no route to the database at 10.0.0.1')
            },
          },
        ],
      },
    })
    const response = await handler(new Request('http://server/outage'))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ error: 'temporarily_unavailable' })
    expect(text).not.toContain('10.0.0.1')
  })
})
