import { generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, it } from 'vitest'
import { parseClientJwks, showJwks } from './client-jwks.ts'

function exported(key: { export(options: { format: 'jwk' }): object }): Record<string, string> {
  return key.export({ format: 'jwk' }) as Record<string, string>
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')
const rsaJwk = exported(rsa.publicKey)
const ecJwk = exported(ec.publicKey)
const edJwk = exported(ed.publicKey)

function parsed(value: unknown): unknown {
  const result = parseClientJwks(value)
  return result.ok ? result.value : result.error
}

describe('parseClientJwks', () => {
  it('takes absent, null and {} for not set', () => {
    for (const value of [undefined, null, {}, { keys: null }]) expect(parsed(value)).toBeUndefined()
  })

  it('takes an empty list for set', () => expect(parsed({ keys: [] })).toEqual({ keys: [] }))

  it('keeps public keys of each type as they were sent', () => {
    const keys = [{ ...rsaJwk, kid: 'a', alg: 'PS256', use: 'sig' }, { ...ecJwk, kid: 'b' }, edJwk]
    expect(parsed({ keys })).toEqual({ keys })
  })

  it('drops private and unknown members', () => {
    for (const pair of [rsa, ec, ed]) {
      const keys = [{ ...exported(pair.privateKey), ext: true, key_ops: ['sign'], x5t: 'abc' }]
      expect(parsed({ keys })).toEqual({ keys: [exported(pair.publicKey)] })
    }
  })

  it('reduces symmetric keys to their type', () =>
    expect(parsed({ keys: [{ kty: 'oct', k: 'c2VjcmV0' }] })).toEqual({ keys: [{ kty: 'oct' }] }))

  const malformed: readonly (readonly [string, unknown])[] = [
    ['a set that is an array', []],
    ['a set that is a string', 'x'],
    ['keys that are an object', { keys: {} }],
    ['a key that is null', { keys: [null] }],
    ['a key without kty', { keys: [{ n: 'AQAB', e: 'AQAB' }] }],
    ['an unknown kty', { keys: [{ ...rsaJwk, kty: 'rsa' }] }],
    ['a kty of Object.prototype', { keys: [{ ...rsaJwk, kty: 'constructor' }] }],
    ['a missing member', { keys: [{ ...rsaJwk, e: undefined }] }],
    ['base64 with padding', { keys: [{ ...rsaJwk, e: 'AQAB=' }] }],
    ['a curve of another type', { keys: [{ ...ecJwk, crv: 'Ed25519' }] }],
    ['a curve that is not supported', { keys: [{ ...edJwk, crv: 'X25519' }] }],
    ['a point that is not on the curve', { keys: [{ ...ecJwk, y: ecJwk['x'] }] }],
    ['a numeric kid', { keys: [{ ...ecJwk, kid: 1 }] }],
    ['a certificate that is none', { keys: [{ ...ecJwk, x5c: ['AAAA'] }] }],
    ['an empty chain of certificates', { keys: [{ ...ecJwk, x5c: [] }] }],
  ]
  for (const [name, value] of malformed)
    it(`refuses ${name}`, () => expect(parseClientJwks(value).ok).toBe(false))
})

describe('showJwks', () => {
  it('shows {} when nothing is set', () => expect(showJwks(undefined)).toEqual({}))

  it('derives alg, kid and use where they are absent', async () => {
    const shown = showJwks({ keys: [rsaJwk, ecJwk, edJwk, { ...ecJwk, kid: 'k', use: 'enc' }] })
    const thumbprint = (jwk: object) => calculateJwkThumbprint(jwk)
    expect(shown).toEqual({
      keys: [
        { ...rsaJwk, alg: 'RS256', use: 'sig', kid: await thumbprint(rsaJwk) },
        { ...ecJwk, alg: 'ES256', use: 'sig', kid: await thumbprint(ecJwk) },
        { ...edJwk, alg: 'EdDSA', use: 'sig', kid: await thumbprint(edJwk) },
        { ...ecJwk, alg: 'ES256', use: 'enc', kid: 'k' },
      ],
    })
  })
})
