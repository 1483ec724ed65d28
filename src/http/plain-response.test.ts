import { describe, expect, it } from 'vitest'
import { plainParts, plainResponse } from './plain-response.ts'

const headers = { 'content-type': 'text/plain' }

describe('plainResponse', () => {
  it('is a Response in every way that the Fetch Standard has', async () => {
    const response = plainResponse(201, '{"ä":1}', headers)
    expect(response).toBeInstanceOf(Response)
    expect(response).toMatchObject({ status: 201, ok: true, type: 'default', redirected: false })
    expect(response.bodyUsed).toBe(false)
    expect(response.headers.get('Content-Type')).toBe('text/plain')
    expect(await response.clone().json()).toEqual({ ä: 1 })
    expect(await new Response(response.clone().body).text()).toBe('{"ä":1}')
    expect(await response.text()).toBe('{"ä":1}')
    expect(response.bodyUsed).toBe(true)
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(plainResponse(404, null, {}).ok).toBe(false)
    expect(plainResponse(204, null, {}).body).toBeNull()
  })

  it('keeps what is changed in its headers, before and after it is read', async () => {
    const response = plainResponse(200, 'text', headers)
    response.headers.set('x-early', '1')
    expect(plainParts(response)?.headers).toEqual(response.headers)
    await response.text()
    response.headers.set('x-late', '2')
    expect(Object.fromEntries(response.headers)).toEqual({
      ...headers,
      'x-early': '1',
      'x-late': '2',
    })
  })
})

describe('plainParts', () => {
  it('counts the bytes of a body, not its characters', () => {
    expect(plainParts(plainResponse(200, 'ä', headers))).toEqual({ headers, body: 'ä', bytes: 2 })
    expect(plainParts(plainResponse(200, new Uint8Array(3), headers))?.bytes).toBe(3)
    expect(plainParts(plainResponse(204, null, {}))?.bytes).toBe(0)
  })

  it('knows no other response, nor one that somebody has begun to read', async () => {
    expect(plainParts(new Response('text'))).toBeUndefined()
    const read = plainResponse(200, 'text', headers)
    await read.text()
    expect(plainParts(read)).toBeUndefined()
  })
})
