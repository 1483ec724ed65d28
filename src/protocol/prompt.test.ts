import { describe, expect, it } from 'vitest'
import { instant } from '../brand.ts'
import type { Result } from '../result.ts'
import type { OAuthError } from './oauth-error.ts'
import { checkLoginAgainstPrompt, isTooOld, parseMaxAge, parsePrompt } from './prompt.ts'

const outcome = (result: Result<unknown, OAuthError>) =>
  result.ok ? result.value : result.error.code

describe('parsePrompt', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['', []],
    ['login', ['login']],
    ['login  consent', ['login', 'consent']],
    ['none', ['none']],
    ['none login', 'invalid_request'],
    ['Login', 'invalid_request'],
    ['foo', 'invalid_request'],
    ['select_account', ['select_account']],
    ['registration', ['registration']],
  ]
  for (const [text, expected] of cases)
    it(`parses '${text}'`, () => expect(outcome(parsePrompt(text))).toEqual(expected))
})

describe('parseMaxAge', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['', undefined],
    ['0', 0],
    ['3600', 3600],
    ['-1', undefined],
    ['1.5', 'invalid_request'],
    ['1e3', 'invalid_request'],
    ['abc', 'invalid_request'],
  ]
  for (const [text, expected] of cases)
    it(`parses '${text}'`, () => expect(outcome(parseMaxAge(text))).toBe(expected))
})

describe('isTooOld', () => {
  it('always asks for a new login with max_age 0', () =>
    expect(isTooOld(instant(5000), 0, instant(5000))).toBe(true))
  it('tolerates an age up to max_age', () => {
    expect(isTooOld(instant(0), 60, instant(60_000))).toBe(false)
    expect(isTooOld(instant(0), 60, instant(60_001))).toBe(true)
  })
  it('never without max_age', () =>
    expect(isTooOld(instant(0), undefined, instant(1e12))).toBe(false))
})

describe('checkLoginAgainstPrompt', () => {
  const login = {
    prompt: [],
    maxAgeSeconds: undefined,
    authenticatedAt: instant(10_000),
    requestedAt: instant(10_000),
    now: instant(12_000),
  }
  const cases = [
    { it: 'accepts a plain login', login, expect: undefined },
    {
      it: 'refuses an authentication of the future',
      login: { ...login, authenticatedAt: instant(17_001) },
      expect: 'server_error',
    },
    {
      it: 'tolerates clocks five seconds apart',
      login: { ...login, authenticatedAt: instant(17_000) },
      expect: undefined,
    },
    {
      it: 'refuses a login older than max_age',
      login: { ...login, maxAgeSeconds: 1, authenticatedAt: instant(8_000) },
      expect: 'login_required',
    },
    {
      it: 'S046 and OA16 refuse a login made during prompt=none',
      login: { ...login, prompt: ['none'] as const, authenticatedAt: instant(11_000) },
      expect: 'login_required',
    },
    {
      it: 'S049 and OA16 refuse an old login under prompt=login',
      login: { ...login, prompt: ['login'] as const, authenticatedAt: instant(9_000) },
      expect: 'login_required',
    },
    {
      it: 'accepts a fresh login under prompt=login',
      login: { ...login, prompt: ['login'] as const },
      expect: undefined,
    },
  ]
  for (const c of cases)
    it(c.it, () => expect(outcome(checkLoginAgainstPrompt(c.login))).toBe(c.expect))
})
