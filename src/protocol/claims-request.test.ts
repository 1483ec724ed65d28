import { describe, expect, it } from 'vitest'
import {
  checkAcr,
  parseClaimsRequest,
  requestedAcr,
  requestedSubjects,
  type ClaimsRequest,
} from './claims-request.ts'

function parsed(value: unknown): ClaimsRequest {
  const result = parseClaimsRequest(JSON.stringify(value))
  if (!result.ok) throw new Error(result.error.hint)
  return result.value
}

describe('parseClaimsRequest', () => {
  it('reads the example of OpenID Connect Core §5.5', () => {
    const { userinfo, id_token: idToken } = parsed({
      userinfo: {
        given_name: { essential: true },
        nickname: null,
        email: { essential: true },
        email_verified: { essential: true },
        picture: null,
        'http://example.info/claims/groups': null,
      },
      id_token: {
        auth_time: { essential: true },
        acr: { values: ['urn:mace:incommon:iap:silver'] },
      },
    })
    expect([...userinfo.keys()]).toEqual([
      'given_name',
      'nickname',
      'email',
      'email_verified',
      'picture',
      'http://example.info/claims/groups',
    ])
    expect(userinfo.get('email')).toEqual({ essential: true, values: undefined })
    expect(userinfo.get('nickname')).toEqual({ essential: false, values: undefined })
    expect(idToken.get('acr')).toEqual({
      essential: false,
      values: ['urn:mace:incommon:iap:silver'],
    })
  })

  const fine: readonly (readonly [string, unknown])[] = [
    ['an empty object', {}],
    ['a member that nobody knows', { verified: { name: null }, userinfo: {} }],
    ['null for a place', { userinfo: null }],
    ['members of a claim that nobody knows', { userinfo: { name: { purpose: 'x' } } }],
    ['a claim with a name of the prototype', { userinfo: { constructor: null } }],
  ]
  it.each(fine)('takes %s', (_what, value) => {
    expect(parseClaimsRequest(JSON.stringify(value)).ok).toBe(true)
  })

  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`c${index}`, null]))
  const wrong: readonly (readonly [string, string])[] = [
    ['text that is no JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '5'],
    ['a place that is a list', '{"userinfo":[]}'],
    ['a place that is a text', '{"id_token":"name"}'],
    ['a claim that is true', '{"userinfo":{"name":true}}'],
    ['a claim that is a list', '{"userinfo":{"name":[]}}'],
    ['essential that is a text', '{"userinfo":{"name":{"essential":"yes"}}}'],
    ['values that are no list', '{"id_token":{"acr":{"values":"1"}}}'],
    ['more than 100 claims', JSON.stringify({ userinfo: many })],
    ['more than 4000 characters', JSON.stringify({ userinfo: { ['x'.repeat(4000)]: null } })],
  ]
  it.each(wrong)('refuses %s with invalid_request and a hint', (_what, text) => {
    const result = parseClaimsRequest(text)
    expect(result.ok).toBe(false)
    if (result.ok) return
    expect(result.error.code).toBe('invalid_request')
    expect(result.error.hint).toMatch(/claim/u)
  })

  it('asks for nothing when it is empty', () => {
    const result = parseClaimsRequest('')
    expect(result.ok && result.value.userinfo.size + result.value.id_token.size).toBe(0)
  })
})

describe('checkAcr', () => {
  const cases: readonly (readonly [string, unknown, string, boolean])[] = [
    ['takes any acr when none is asked for', {}, '', true],
    ['takes any acr when it is voluntary', { acr: { values: ['2'] } }, '0', true],
    ['takes any acr when an essential one has no values', { acr: { essential: true } }, '0', true],
    [
      'takes one of the essential values',
      { acr: { essential: true, values: ['2', '3'] } },
      '3',
      true,
    ],
    ['takes the essential value', { acr: { essential: true, value: '2' } }, '2', true],
    ['refuses another', { acr: { essential: true, values: ['2', '3'] } }, '1', false],
    ['refuses none', { acr: { essential: true, value: '2' } }, '', false],
    [
      'refuses all when no value can be an acr',
      { acr: { essential: true, values: [2] } },
      '2',
      false,
    ],
  ]
  it.each(cases)('%s', (_it, idToken, acr, isMet) => {
    const result = checkAcr(parsed({ id_token: idToken }), acr)
    expect(result.ok ? 'met' : result.error.code).toBe(
      isMet ? 'met' : 'unmet_authentication_requirements',
    )
  })

  it('names the values that are asked for in their order', () => {
    expect(requestedAcr(parsed({ id_token: { acr: { value: 'b', values: ['a'] } } }))).toEqual([
      'b',
      'a',
    ])
  })
})

describe('requestedSubjects', () => {
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    ['knows none', { id_token: { sub: null } }, undefined],
    ['knows one', { id_token: { sub: { value: 'a' } } }, ['a']],
    ['knows several', { userinfo: { sub: { values: ['a', 'b'] } } }, ['a', 'b']],
    [
      'keeps those that both places name',
      { userinfo: { sub: { values: ['a', 'b'] } }, id_token: { sub: { value: 'b' } } },
      ['b'],
    ],
    [
      'keeps nobody where the places differ',
      { userinfo: { sub: { value: 'a' } }, id_token: { sub: { value: 'b' } } },
      [],
    ],
  ]
  it.each(cases)('%s', (_it, value, subjects) => {
    expect(requestedSubjects(parsed(value))).toEqual(subjects)
  })
})
