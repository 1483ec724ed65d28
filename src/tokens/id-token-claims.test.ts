import { describe, expect, it } from 'vitest'
import { halfHash, idTokenClaims, userinfoClaims, type IdTokenFacts } from './id-token-claims.ts'

const facts: IdTokenFacts = {
  iss: 'https://id.example',
  sub: 'alice',
  aud: ['app'],
  iat: 1_700_000_000,
  exp: 1_700_003_600,
  jti: 'the-jti',
  auth_time: 1_699_999_990,
  rat: 1_699_999_980,
  sid: 'the-sid',
  nonce: 'the-nonce',
  acr: '1',
  amr: ['pwd'],
  at_hash: 'ah',
  c_hash: 'ch',
  extra: {},
}
const names = Object.keys(facts).filter((name) => name !== 'extra')

describe('idTokenClaims', () => {
  it('holds every fact', () => {
    const { extra: _extra, ...claims } = facts
    expect(idTokenClaims(facts)).toEqual(claims)
  })

  for (const name of names)
    it(`lets extra data set ${name} neither when it is there nor when it is not`, () => {
      const extra = { [name]: 'forged' }
      expect(idTokenClaims({ ...facts, extra })).toEqual(idTokenClaims(facts))
      const bare = { ...facts, nonce: '', acr: '', amr: [], at_hash: undefined, c_hash: undefined }
      expect(idTokenClaims({ ...bare, extra })).toEqual(idTokenClaims(bare))
    })

  it('passes any other data on as it is', () => {
    const extra = { email: 'a@b.example', nbf: 3, azp: 'x', address: { country: 'NL' } }
    expect(idTokenClaims({ ...facts, extra })).toMatchObject(extra)
  })

  it('leaves out what is empty', () => {
    const claims = idTokenClaims({
      ...facts,
      nonce: '',
      acr: '',
      amr: [],
      at_hash: undefined,
      c_hash: undefined,
    })
    for (const name of ['nonce', 'acr', 'amr', 'at_hash', 'c_hash'])
      expect(claims).not.toHaveProperty(name)
  })
})

describe('userinfoClaims', () => {
  it('are those of the ID token without what belongs to one response', () => {
    const extra = {
      email: 'a@b.example',
      nonce: 'x',
      sid: 'x',
      exp: 5,
      at_hash: 'x',
      c_hash: 'x',
      jti: 'x',
    }
    const { exp, jti, sid, nonce, at_hash, c_hash, ...about } = facts
    const { extra: _extra, ...claims } = about
    expect(exp + jti + sid + nonce + at_hash + c_hash).not.toBe('')
    expect(userinfoClaims({ ...about, extra })).toEqual({ ...claims, email: 'a@b.example' })
  })
})

describe('halfHash', () => {
  // OpenID Connect Core Appendix A.4 and A.6.
  it('RFC 9700 §4.6: gives the at_hash of the specification', () =>
    expect(halfHash('jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y', 'RS256')).toBe(
      '77QmUPtjPfzWtF2AnpK9RQ',
    ))

  it('RFC 9700 §4.6: gives the c_hash of the specification', () =>
    expect(halfHash('Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk', 'RS256')).toBe(
      'LDktKdoQak3Pk0cnXxCltA',
    ))

  for (const [alg, length] of [
    ['ES256', 22],
    ['PS384', 32],
    ['ES512', 43],
    ['EdDSA', 43],
  ] as const)
    it(`is half a hash long for ${alg}`, () => expect(halfHash('x', alg)).toHaveLength(length))
})
