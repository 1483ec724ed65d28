import { describe, expect, it } from 'vitest'
import { readJson, readText } from './body.ts'

const limits = { maxBodyBytes: 200, maxJsonDepth: 100 }

function post(
  body: string | ReadableStream<Uint8Array>,
  headers: Record<string, string> = {},
): Request {
  return new Request('http://server/', {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  })
}

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(64))
    },
  })
}

describe('readText', () => {
  it('stops reading a stream at the limit', async () => {
    expect(await readText(post(endless()), limits)).toEqual({ ok: false, error: 'too_large' })
  })

  it('refuses by the stated length without reading', async () => {
    const request = post(endless(), { 'content-length': '201' })
    expect(await readText(request, limits)).toEqual({ ok: false, error: 'too_large' })
    expect(request.bodyUsed).toBe(false)
  })

  it('refuses a length that is no number', async () => {
    const request = post('x', { 'content-length': 'x' })
    expect(await readText(request, limits)).toEqual({ ok: false, error: 'too_large' })
  })

  it('reads an absent body as empty', async () => {
    const request = new Request('http://server/', { method: 'POST' })
    expect(await readText(request, limits)).toEqual({ ok: true, value: '' })
  })
})

describe('readJson', () => {
  const read: readonly (readonly [string, string, unknown])[] = [
    ['an object', '{"a":[1,{"b":"}]"}]}', { a: [1, { b: '}]' }] }],
    ['null', 'null', null],
    ['a value with bytes behind it', ' {"a":"\\"}"} trailing', { a: '"}' }],
    ['a string', '"{"', '{'],
  ]
  for (const [name, body, expected] of read) {
    it(`reads ${name}`, async () => {
      expect(await readJson(post(body), limits)).toEqual({ ok: true, value: expected })
    })
  }

  const refused: readonly (readonly [string, string, number])[] = [
    ['an empty body', '', 400],
    ['an unfinished object', '{"a":', 400],
    ['text', 'abc', 400],
    ['a value nested too deeply', '['.repeat(101) + ']'.repeat(99), 400],
    ['a body beyond the limit', `"${'x'.repeat(300)}"`, 413],
  ]
  for (const [name, body, status] of refused) {
    it(`answers ${status} to ${name}`, async () => {
      const result = await readJson(post(body), limits)
      if (result.ok) throw new Error('expected a failure')
      expect(result.error.status).toBe(status)
      expect(await result.error.json()).toMatchObject({
        error:
          status === 413
            ? 'The request body is too large'
            : 'The request was malformed or contained invalid parameters',
      })
    })
  }
})
