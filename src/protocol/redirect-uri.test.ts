import { describe, expect, it } from 'vitest'
import {
  identifiesPublicClient,
  isLoopbackHost,
  isSecureRedirectUri,
  matchRedirectUri,
} from './redirect-uri.ts'

describe('matchRedirectUri', () => {
  const cases: readonly (readonly [registered: string, requested: string, matches: boolean])[] = [
    ['http://127.0.0.1/cb', 'http://127.0.0.1:64000/cb', true],
    ['http://127.0.0.1:8080/cb', 'http://127.0.0.1/cb', true],
    ['http://127.0.0.1', 'http://127.0.0.1:64000/cb', false],
    ['http://[::1]/cb', 'http://[::1]:1024/cb', true],
    ['http://127.0.0.1:8080/cb', 'http://127.0.0.1:8080/Cb', false],
    ['http://127.0.0.1/cb?foo=bar', 'http://127.0.0.1:1/cb?baz=bar&foo=bar', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.2:1/cb', false],
    ['http://127.0.0.1/cb', 'https://127.0.0.1:1/cb', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1.evil.com/cb', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1@evil.com/cb', false],
    ['http://127.0.0.1/cb', 'http://evil.com@127.0.0.1/cb', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:80@evil.com/cb', false],
    ['http://127.0.0.1/cb', 'http://0x7f.1/cb', false],
    ['http://127.0.0.1/cb', 'http://127.1/cb', false],
    ['http://127.0.0.1/cb', 'http://127.000.000.001/cb', false],
    ['http://127.0.0.1/cb', 'http://[::ffff:127.0.0.1]/cb', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:99999/cb', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:1/cb/../x', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1\\@evil.com/cb', false],
    ['http://localhost/cb', 'http://localhost:8080/cb', false],
    ['https://bar.com/cb', 'https://bar.com/cb', true],
    ['https://bar.com/cb', 'https://bar.com/cb123', false],
    ['https://bar.com/cb', 'https://bar.com/CB', false],
    ['https://bar.com/cb', 'https://BAR.com/cb', false],
    ['https://bar.com/cb', 'https://bar.com/%63b', false],
    ['https://bar.com/cb', 'https://bar.com/./cb', false],
    ['https://bar.com/cb', 'https://bar.com/cb#fragment', false],
    ['https://bar.com/cb#f', 'https://bar.com/cb#f', false],
    ['https://bar.com/cb?a=b', 'https://bar.com/cb?a=b', true],
    ['web+application://callback', 'web+application://callback', true],
    ['wta:///auth', 'wta:///auth', true],
    ['/cb', '/cb', false],
  ]
  for (const [registered, requested, matches] of cases) {
    it(`attack 3, attack 4, attack 21: ${matches ? 'matches' : 'refuses'} ${requested} against ${registered}`, () =>
      expect(matchRedirectUri(requested, [registered])).toBe(matches ? requested : undefined))
  }
  it('takes the only registered one when none is requested', () => {
    expect(matchRedirectUri(undefined, ['https://a/cb'])).toBe('https://a/cb')
    expect(matchRedirectUri(undefined, ['https://a/cb', 'https://b/cb'])).toBeUndefined()
    expect(matchRedirectUri(undefined, [])).toBeUndefined()
  })
})

describe('isLoopbackHost', () => {
  const hosts: readonly (readonly [string, boolean])[] = [
    ['localhost', true],
    ['app.localhost', true],
    ['LOCALHOST', true],
    ['127.0.0.1', true],
    ['127.5.6.7', true],
    ['[::1]', true],
    ['testlocalhost', false],
    ['localhost.evil.com', false],
    ['128.0.0.1', false],
    ['127.0.0.1.evil.com', false],
    ['[::2]', false],
    ['[::ffff:127.0.0.1]', false],
    ['127.1', false],
    ['0x7f.0.0.1', false],
    ['2130706433', false],
    ['0.0.0.0', false],
    ['', false],
  ]
  for (const [host, is] of hosts)
    it(`attack 5: ${host} is ${is ? '' : 'not '}this machine`, () =>
      expect(isLoopbackHost(host)).toBe(is))
})

describe('isSecureRedirectUri', () => {
  it('refuses plain http to other machines only', () => {
    expect(isSecureRedirectUri('http://example.com/cb')).toBe(false)
    expect(isSecureRedirectUri('HTTP://example.com/cb')).toBe(false)
    expect(isSecureRedirectUri('http://localhost@example.com/cb')).toBe(false)
    expect(isSecureRedirectUri('http://testlocalhost/cb')).toBe(false)
    expect(isSecureRedirectUri('http://localhost:3000/cb')).toBe(true)
    expect(isSecureRedirectUri('https://example.com/cb')).toBe(true)
    expect(isSecureRedirectUri('com.example.app:/cb')).toBe(true)
  })
})

describe('identifiesPublicClient', () => {
  it('trusts https and this machine, never a custom scheme', () => {
    expect(identifiesPublicClient('https://example.com/cb')).toBe(true)
    expect(identifiesPublicClient('http://localhost/cb')).toBe(true)
    expect(identifiesPublicClient('http://example.com/cb')).toBe(false)
    expect(identifiesPublicClient('custom://localhost/path')).toBe(false)
  })
})
