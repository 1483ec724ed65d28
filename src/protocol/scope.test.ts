import { describe, expect, it } from 'vitest'
import {
  findForbiddenScope,
  grantsOfflineAccess,
  hasScope,
  parseScope,
  scopeStrategies,
} from './scope.ts'

describe('parseScope', () => {
  it('drops empties and duplicates and keeps the order', () => {
    expect(parseScope(' openid  offline openid\tb ')).toEqual(['openid', 'offline', 'b'])
  })
  it('gives no scope for an empty text', () => expect(parseScope('')).toEqual([]))
})

describe('S238 scopeStrategies.wildcard', () => {
  const cases = [
    { allowed: ['*'], requested: 'a.b', covers: true },
    { allowed: ['*'], requested: '', covers: false },
    { allowed: ['foo.*'], requested: 'foo.bar.baz', covers: true },
    { allowed: ['foo.*'], requested: 'foo', covers: false },
    { allowed: ['foo.*'], requested: 'foo.', covers: false },
    { allowed: ['foo.*.bar'], requested: 'foo.x.bar', covers: true },
    { allowed: ['foo.*.bar'], requested: 'foo.x.bar.bar', covers: false },
    { allowed: ['foo.*.bar'], requested: 'foo..bar', covers: false },
    { allowed: ['foo.*'], requested: 'foo.*', covers: true },
    { allowed: ['foo'], requested: 'foo.*', covers: false },
    { allowed: ['foo*'], requested: 'foobar', covers: false },
    { allowed: ['foo*'], requested: 'foo*', covers: true },
    { allowed: ['foo', 'bar'], requested: 'bar', covers: true },
    { allowed: [], requested: 'foo', covers: false },
  ] as const
  for (const c of cases) {
    it(`[${c.allowed.join(' ')}] ${c.covers ? 'covers' : 'does not cover'} '${c.requested}'`, () =>
      expect(scopeStrategies.wildcard(c.allowed, c.requested)).toBe(c.covers))
  }
})

describe('S238 scopeStrategies.exact', () => {
  it('takes a wildcard literally', () => {
    expect(scopeStrategies.exact(['foo.*'], 'foo.bar')).toBe(false)
    expect(scopeStrategies.exact(['foo.*'], 'foo.*')).toBe(true)
  })
})

describe('findForbiddenScope', () => {
  it('HE2 names the first scope that is not covered', () => {
    expect(
      findForbiddenScope(scopeStrategies.exact, ['foo', 'bar'], ['foo', 'bar', 'baz', 'zab']),
    ).toBe('baz')
    expect(findForbiddenScope(scopeStrategies.exact, ['foo', 'bar'], ['foo'])).toBeUndefined()
  })
})

describe('hasScope', () => {
  it('counts OpenID as openid', () => expect(hasScope(['OpenID'], 'openid')).toBe(true))
})

describe('grantsOfflineAccess', () => {
  it('knows both names', () => {
    expect(grantsOfflineAccess(['offline'])).toBe(true)
    expect(grantsOfflineAccess(['offline_access'])).toBe(true)
    expect(grantsOfflineAccess(['openid'])).toBe(false)
  })
})
