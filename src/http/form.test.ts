import { assert, dictionary, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseForm, readForm } from './form.ts'

const limits = { maxBodyBytes: 1024, maxFormParameters: 1000 }

function urlencoded(body: string, type = 'application/x-www-form-urlencoded'): Request {
  return new Request('http://server/oauth2/token', {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  })
}

describe('readForm', () => {
  it('reads an urlencoded body with plus signs and escapes', async () => {
    const form = await readForm(urlencoded('scope=a+b%20c&empty=&flag&client_id=%C3%A9'), limits)
    if (!form.ok) throw new Error('expected a form')
    expect(form.value.get('scope')).toBe('a b c')
    expect(form.value.get('empty')).toBe('')
    expect(form.value.get('flag')).toBe('')
    expect(form.value.get('client_id')).toBe('é')
    expect(form.value.get('absent')).toBeUndefined()
    expect(form.value.names()).toEqual(['scope', 'empty', 'flag', 'client_id'])
  })

  it('ignores parameters of the content type and its case', async () => {
    const form = await readForm(
      urlencoded('a=1', 'Application/X-WWW-Form-Urlencoded; charset=UTF-8'),
      limits,
    )
    expect(form.ok && form.value.get('a')).toBe('1')
  })

  it('lets audience and resource repeat', async () => {
    const form = await readForm(urlencoded('audience=a&audience=b&resource=c&resource=d'), limits)
    expect(form.ok && form.value.all('audience')).toEqual(['a', 'b'])
    expect(form.ok && form.value.all('resource')).toEqual(['c', 'd'])
  })

  const refused = [
    { it: 'a repeated parameter', body: 'scope=a&scope=b' },
    { it: 'a repeated parameter in another encoding', body: 'scope=a&sc%6Fpe=a' },
    { it: 'an incomplete escape', body: 'a=%4' },
    { it: 'an escape without digits', body: 'a=%zz' },
    { it: 'an escape in a name', body: '%=1' },
    { it: 'an overlong UTF-8 sequence', body: 'a=%C0%AF' },
    { it: 'a raw semicolon', body: 'a=1;b=2' },
    { it: 'a body beyond the limit', body: `a=${'x'.repeat(1024)}` },
  ]
  for (const { it: name, body } of refused) {
    it(`refuses ${name} as invalid_request`, async () => {
      const form = await readForm(urlencoded(body), limits)
      expect(form).toMatchObject({ ok: false, error: { code: 'invalid_request', status: 400 } })
    })
  }

  it('does not echo unusual names', async () => {
    const form = await readForm(urlencoded('%22%0A=1&%22%0A=2'), limits)
    expect(form).toMatchObject({ error: { hint: 'A parameter was sent more than once.' } })
  })

  it('lets the caller say which parameters repeat', async () => {
    const repeatable = new Set(['grant_scope'])
    const form = await readForm(urlencoded('grant_scope=a&grant_scope=b'), {
      ...limits,
      repeatable,
    })
    expect(form.ok && form.value.all('grant_scope')).toEqual(['a', 'b'])
  })

  it('reads multipart fields and passes over files', async () => {
    const body = new FormData()
    body.append('grant_type', 'client_credentials')
    body.append('file', new Blob(['x']), 'x.txt')
    const form = await readForm(new Request('http://server/', { method: 'POST', body }), limits)
    expect(form.ok && form.value.names()).toEqual(['grant_type'])
  })

  it('refuses repeated multipart fields', async () => {
    const body = new FormData()
    body.append('scope', 'a')
    body.append('scope', 'a')
    const form = await readForm(new Request('http://server/', { method: 'POST', body }), limits)
    expect(form.ok).toBe(false)
  })

  it('refuses multipart without a boundary and multipart beyond the limit', async () => {
    const part = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n'
    const small = `${part}x\r\n--b--\r\n`
    const large = `${part}${'x'.repeat(2000)}\r\n--b--\r\n`
    const type = 'multipart/form-data; boundary=b'
    expect((await readForm(urlencoded(small, type), limits)).ok).toBe(true)
    expect((await readForm(urlencoded(small, 'multipart/form-data'), limits)).ok).toBe(false)
    expect((await readForm(urlencoded(large, type), limits)).ok).toBe(false)
  })

  it('reads nothing from JSON and from a body without a content type', async () => {
    const json = await readForm(urlencoded('{"a":1}', 'application/json'), limits)
    expect(json.ok && json.value.names()).toEqual([])
    const bytes = new TextEncoder().encode('a=1')
    const bare = new Request('http://server/', { method: 'POST', body: bytes })
    const form = await readForm(bare, limits)
    expect(form.ok && form.value.names()).toEqual([])
  })
})

describe('parseForm', () => {
  it('reads back what URLSearchParams writes', () => {
    assert(
      property(dictionary(string({ unit: 'grapheme' }), string()), (entries) => {
        const form = parseForm(new URLSearchParams(entries).toString(), limits)
        if (!form.ok) throw new Error('expected a form')
        for (const [name, value] of Object.entries(entries)) {
          expect(form.value.get(name)).toBe(value)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('never throws', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        parseForm(text, limits)
      }),
      { numRuns: 500 },
    )
  })
})
