import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../protocol/json.ts'
import {
  accessTokenClaims,
  extraOf,
  type AccessTokenFacts,
  type ClaimPolicy,
} from './access-token-claims.ts'

const registered = {
  iss: 'https://id.example',
  sub: 'alice',
  aud: ['https://api.example'],
  client_id: 'app',
  iat: 1_700_000_000,
  exp: 1_700_003_600,
  jti: 'the-jti',
}
const facts: AccessTokenFacts = {
  ...registered,
  scope: ['openid', 'offline'],
  authentication: undefined,
  extra: {},
}
const usual: ClaimPolicy = {
  excludeNotBeforeClaim: false,
  allowedTopLevelClaims: [],
  mirrorTopLevelClaims: true,
  preserveExtClaims: false,
  scopeClaim: 'list',
}
const base = { ...registered, nbf: registered.iat, scp: ['openid', 'offline'] }
const forged = {
  iss: 'x',
  sub: 'x',
  aud: 'x',
  exp: 1,
  nbf: 1,
  iat: 1,
  jti: 'x',
  client_id: 'x',
  scp: 'x',
  ext: 'x',
}

interface Case {
  readonly it: string
  readonly extra: JsonObject
  readonly policy: Partial<ClaimPolicy>
  /** What is there beside the claims of the server. */
  readonly adds: JsonObject
}

const off = { mirrorTopLevelClaims: false }
const preserve = { ...off, preserveExtClaims: true }
const cases: readonly Case[] = [
  { it: 'S185 adds nothing without data and mirror', extra: {}, policy: off, adds: {} },
  {
    it: 'S186 mirrors promoted claims',
    extra: { foo: 1 },
    policy: { allowedTopLevelClaims: ['foo'] },
    adds: { foo: 1, ext: { foo: 1 } },
  },
  {
    it: 'S187 promotes no reserved name',
    extra: forged,
    policy: { allowedTopLevelClaims: Object.keys(forged) },
    adds: { ext: forged },
  },
  {
    it: 'S188 keeps unlisted names in ext',
    extra: { foo: 1 },
    policy: {},
    adds: { ext: { foo: 1 } },
  },
  {
    it: 'S189 ignores listed names without data',
    extra: { foo: 1 },
    policy: { allowedTopLevelClaims: ['bar'] },
    adds: { ext: { foo: 1 } },
  },
  {
    it: 'S190 promotes without mirror',
    extra: { foo: 1 },
    policy: { ...off, allowedTopLevelClaims: ['foo'] },
    adds: { foo: 1 },
  },
  { it: 'S191 drops unlisted names without mirror', extra: { foo: 1 }, policy: off, adds: {} },
  {
    it: 'S192 preserves unlisted names',
    extra: { foo: 1, bar: 2 },
    policy: { ...preserve, allowedTopLevelClaims: ['foo'] },
    adds: { foo: 1, ext: { bar: 2 } },
  },
  {
    it: 'S193 preserves everything when nothing is promoted',
    extra: { foo: 1, bar: 2 },
    policy: preserve,
    adds: { ext: { foo: 1, bar: 2 } },
  },
  {
    it: 'S194 leaves ext out when everything is promoted',
    extra: { foo: 1 },
    policy: { ...preserve, allowedTopLevelClaims: ['foo'] },
    adds: { foo: 1 },
  },
  {
    it: 'S195 preserves reserved names',
    extra: { ...forged, foo: 1 },
    policy: { ...preserve, allowedTopLevelClaims: ['foo', ...Object.keys(forged)] },
    adds: { foo: 1, ext: forged },
  },
  {
    it: 'S196 mirrors when told to mirror and to preserve',
    extra: { foo: 1, bar: 2 },
    policy: { preserveExtClaims: true, allowedTopLevelClaims: ['foo'] },
    adds: { foo: 1, ext: { foo: 1, bar: 2 } },
  },
  { it: 'S197 leaves ext out without data', extra: {}, policy: preserve, adds: {} },
  { it: 'mirrors the absence of data as {}', extra: {}, policy: {}, adds: { ext: {} } },
]

describe('accessTokenClaims', () => {
  for (const { it: name, extra, policy, adds } of cases)
    it(name, () =>
      expect(accessTokenClaims({ ...facts, extra }, { ...usual, ...policy })).toEqual({
        ...base,
        ...adds,
      }),
    )

  it('S198 leaves nbf out when told so', () => {
    const claims = accessTokenClaims(facts, { ...usual, excludeNotBeforeClaim: true })
    expect(claims).not.toHaveProperty('nbf')
  })

  for (const [scopeClaim, expected] of [
    ['list', { scp: ['openid', 'offline'] }],
    ['string', { scope: 'openid offline' }],
    ['both', { scp: ['openid', 'offline'], scope: 'openid offline' }],
  ] as const)
    it(`writes the scope as ${scopeClaim}`, () => {
      const { scp, scope } = accessTokenClaims(facts, { ...usual, scopeClaim })
      expect({ scp, scope }).toEqual({ scp: undefined, scope: undefined, ...expected })
    })

  it('writes an empty scope and audience too', () => {
    const claims = accessTokenClaims(
      { ...facts, scope: [], aud: [] },
      { ...usual, scopeClaim: 'both' },
    )
    expect(claims).toMatchObject({ scp: [], scope: '', aud: [] })
  })

  it('never lets a promoted scope stand for the granted one', () => {
    const policy = { ...usual, allowedTopLevelClaims: ['scope'], scopeClaim: 'string' } as const
    const claims = accessTokenClaims({ ...facts, extra: { scope: 'admin' } }, policy)
    expect(claims['scope']).toBe('openid offline')
  })
})

describe('extraOf', () => {
  for (const { it: name, extra, policy, adds } of cases) {
    if (policy.mirrorTopLevelClaims === false && policy.preserveExtClaims !== true) continue
    it(`reads back what was put in: ${name}`, () =>
      expect(extraOf({ ...base, ...adds })).toEqual(extra))
  }
})
