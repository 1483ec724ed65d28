import { describe, expect, it } from 'vitest'
import { findForbiddenAudience, parseAudience } from './audience.ts'

describe('parseAudience', () => {
  it('splits a single occurrence', () => expect(parseAudience(['a  b'])).toEqual(['a', 'b']))
  it('takes several occurrences whole', () =>
    expect(parseAudience(['a b', '', 'c'])).toEqual(['a b', 'c']))
  it('gives none when nothing was sent', () => expect(parseAudience([])).toEqual([]))
})

describe('S237 findForbiddenAudience', () => {
  const cases = [
    {
      it: 'allows the same URL',
      allowed: 'https://api.example/users',
      requested: 'https://api.example/users',
      ok: true,
    },
    {
      it: 'allows a trailing slash on the request',
      allowed: 'https://api.example/users',
      requested: 'https://api.example/users/',
      ok: true,
    },
    {
      it: 'allows a trailing slash on the client',
      allowed: 'https://api.example/users/',
      requested: 'https://api.example/users',
      ok: true,
    },
    {
      it: 'allows a path below',
      allowed: 'https://api.example/users',
      requested: 'https://api.example/users/1',
      ok: true,
    },
    {
      it: 'allows any path below the root',
      allowed: 'https://api.example',
      requested: 'https://api.example/a/b',
      ok: true,
    },
    {
      it: 'refuses a sibling with the same prefix',
      allowed: 'https://api.example/users',
      requested: 'https://api.example/users1234',
      ok: false,
    },
    {
      it: 'refuses another scheme',
      allowed: 'https://api.example',
      requested: 'http://api.example',
      ok: false,
    },
    {
      it: 'refuses another port',
      allowed: 'https://api.example',
      requested: 'https://api.example:8443',
      ok: false,
    },
    {
      it: 'refuses another host',
      allowed: 'https://api.example',
      requested: 'https://api.example.evil',
      ok: false,
    },
    {
      it: 'refuses to climb out of the path',
      allowed: 'https://api.example/users',
      requested: 'https://api.example/users/../admin',
      ok: false,
    },
    {
      it: 'refuses to climb out in percent-encoding',
      allowed: 'https://api.example/users',
      requested: 'https://api.example/users/%2e%2E/admin',
      ok: false,
    },
    { it: 'compares opaque strings', allowed: 'some-api', requested: 'some-api', ok: true },
    { it: 'refuses other opaque strings', allowed: 'some-api', requested: 'other-api', ok: false },
  ] as const
  for (const c of cases) {
    it(c.it, () =>
      expect(findForbiddenAudience([c.allowed], [c.requested])).toBe(
        c.ok ? undefined : c.requested,
      ),
    )
  }
  it('allows nothing to a client without audiences', () =>
    expect(findForbiddenAudience([], ['x'])).toBe('x'))
})
