import { describe, expect, it } from 'vitest'
import { json, noContent, redirect } from './respond.ts'

describe('json', () => {
  it('states the content type and lets the caller replace it', () => {
    expect(json(200, {}).headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(json(200, {}, { 'content-type': 'a/b' }).headers.get('content-type')).toBe('a/b')
  })
})

describe('noContent', () => {
  it('has neither a body nor a content type', async () => {
    const response = noContent()
    expect(response.status).toBe(204)
    expect(response.headers.has('content-type')).toBe(false)
    expect(await response.text()).toBe('')
  })
})

describe('redirect', () => {
  it('sends the location byte for byte with several cookies', () => {
    const response = redirect(302, 'http://h/cb?a=%20&b=1#x', [
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
    expect(response.headers.get('location')).toBe('http://h/cb?a=%20&b=1#x')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  it('encodes what a header cannot carry', () => {
    const response = redirect(303, 'http://h/ä\r\nset-cookie: x\uD800')
    expect(response.headers.get('location')).toBe('http://h/%C3%A4%0D%0Aset-cookie:%20x%EF%BF%BD')
  })
})
