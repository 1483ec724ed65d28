import { describe, expect, it } from 'vitest'
import { header, headers, parseAnswer, rawRequest } from './wire.ts'

describe('parseAnswer', () => {
  it('reads an answer with a Content-Length in any case', () => {
    for (const name of ['Content-Length', 'content-length', 'CONTENT-LENGTH']) {
      const answer = parseAnswer(`HTTP/1.1 200 OK\r\n${name}: 2\r\n\r\n{}`)
      expect(answer).toMatchObject({ status: 200, body: '{}' })
    }
  })

  it('waits for the rest of a cut answer, wherever it is cut', () => {
    const whole =
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'
    for (let length = 0; length < whole.length; length++) {
      expect(parseAnswer(whole.slice(0, length))).toBeUndefined()
    }
    expect(parseAnswer(whole)?.body).toBe('abcde')
  })

  it('knows the statuses that have no body', () => {
    expect(parseAnswer('HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n')).toMatchObject({ status: 204 })
  })

  it('throws for bytes after the answer', () => {
    expect(() => parseAnswer('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab')).toThrow(
      'more bytes',
    )
  })
})

describe('headers', () => {
  const answer = {
    status: 302,
    head: 'HTTP/1.1 302 Found\r\nSet-Cookie: a=1\r\nset-cookie: b=2',
    body: '',
  }

  it('finds every header of a name, in any case', () => {
    expect(headers(answer, 'set-cookie')).toEqual(['a=1', 'b=2'])
    expect(header(answer, 'location')).toBeUndefined()
  })
})

describe('rawRequest', () => {
  it('adds the host and the length', () => {
    expect(rawRequest('POST', '/x', ['A: b'], 'c=d')).toBe(
      'POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nA: b\r\nContent-Length: 3\r\n\r\nc=d',
    )
  })
})
