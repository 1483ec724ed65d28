import { describe, expect, it } from 'vitest'
import { asChainId, asGrantId, instant, milliseconds } from '../brand.ts'
import { isCurrent, isUsable } from './chain.ts'
import type { Chain } from './grant.ts'

const unused: Chain = {
  id: asChainId('c'),
  grantId: asGrantId('g'),
  generation: 3,
  firstUsedAt: undefined,
  usedTimes: 0,
  expiresAt: undefined,
  purgeAt: undefined,
}
const used: Chain = { ...unused, firstUsedAt: instant(1000), usedTimes: 2 }
const grace = (period: number, count: number) => ({
  rotationGracePeriod: milliseconds(period),
  rotationGraceReuseCount: count,
})

const cases = [
  { it: 'takes the current one', chain: unused, generation: 3, grace: grace(0, 0), expect: true },
  { it: 'refuses a former one', chain: unused, generation: 2, grace: grace(0, 0), expect: false },
  { it: 'refuses one to come', chain: unused, generation: 4, grace: grace(60, 0), expect: false },
  { it: 'refuses a used one', chain: used, generation: 3, grace: grace(0, 0), expect: false },
  {
    it: 'takes a used one in time',
    chain: used,
    generation: 3,
    grace: grace(501, 0),
    expect: true,
  },
  { it: 'refuses it at the end', chain: used, generation: 3, grace: grace(500, 0), expect: false },
  { it: 'takes a third use of 3', chain: used, generation: 3, grace: grace(900, 3), expect: true },
  { it: 'refuses a third of 2', chain: used, generation: 3, grace: grace(900, 2), expect: false },
] as const

describe('isUsable', () => {
  for (const c of cases)
    it(c.it, () => expect(isUsable(c.chain, c.generation, c.grace, instant(1500))).toBe(c.expect))
})

describe('isCurrent', () => {
  it('ends an access token with the first use of its refresh token', () => {
    expect(isCurrent(unused, 3)).toBe(true)
    expect(isCurrent(unused, 2)).toBe(false)
    expect(isCurrent(used, 3)).toBe(false)
  })
})
