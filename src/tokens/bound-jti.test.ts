import { assert, integer, property, stringMatching } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asChainId, asGrantId, instant } from '../brand.ts'
import { freeJti, jtiOfChain, jtiOfGrant, parseJti } from './bound-jti.ts'

const digits = (length: number) => stringMatching(new RegExp(`^[0-9a-f]{${length}}$`, 'u'))
const time = integer({ min: 0, max: 4_000_000_000_000 })
const uuidV4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u

describe('the jti of a JWT access token', () => {
  it('ties a token to a generation of a chain, to the millisecond', () => {
    assert(
      property(digits(32), time, integer({ min: 0, max: 0xfff_ffff }), (id, at, generation) => {
        const jti = jtiOfChain(asChainId(id), instant(at), generation)
        expect(jti).toMatch(uuidV4)
        expect(parseJti(jti)).toEqual({
          kind: 'chain',
          idPrefix: id.slice(0, 20),
          milliseconds: at % 1000,
          generation,
        })
      }),
    )
  })

  it('ties a token to a grant', () => {
    assert(
      property(digits(32), time, integer({ min: 0, max: 9 }), (id, at, sequence) => {
        const jti = jtiOfGrant(asGrantId(id), instant(at), sequence)
        expect(jti).toMatch(uuidV4)
        expect(parseJti(jti)).toEqual({
          kind: 'grant',
          idPrefix: id.slice(0, 20),
          milliseconds: at % 1000,
        })
      }),
    )
  })

  it('leaves a token of a client free', () => {
    assert(
      property(time, digits(32), (at, random) => {
        const jti = freeJti(instant(at), random)
        expect(jti).toMatch(uuidV4)
        expect(parseJti(jti)).toEqual({ kind: 'free', milliseconds: at % 1000 })
      }),
    )
  })

  it('tells two tokens of one grant apart', () => {
    const id = asGrantId('0'.repeat(32))
    expect(jtiOfGrant(id, instant(0), 0)).not.toBe(jtiOfGrant(id, instant(0), 1))
  })

  it('writes fixed text for fixed input', () => {
    const id = '0123456789abcdef0123456789abcdef'
    expect(jtiOfChain(asChainId(id), instant(1_700_000_000_255), 26)).toBe(
      '01234567-89ab-4cde-bf01-230ff000001a',
    )
  })

  for (const foreign of [
    '',
    'not-a-uuid',
    '01234567-89ab-1cde-bf01-230ff000001a',
    '01234567-89ab-4cde-af01-230ff000001a',
    '01234567-89ab-4cde-bf01-23fff000001a',
    '01234567-89AB-4CDE-BF01-230FF000001A',
    ' 01234567-89ab-4cde-bf01-230ff000001a',
  ])
    it(`reads nothing from '${foreign}'`, () => expect(parseJti(foreign)).toBeUndefined())
})
