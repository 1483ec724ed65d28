import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  allowanceHeaders,
  allowanceOf,
  giveOneBack,
  rateLimitHeaders,
  takeOne,
} from './rate-limit.ts'

const policy = { requests: 10, perMilliseconds: 1000 }

describe('takeOne', () => {
  it('lets a whole allowance through at once, and then one for each interval', () => {
    let fullAt: number | undefined
    const take = (now: number): boolean => {
      const taken = takeOne(policy, fullAt, now)
      if (taken.allowed) fullAt = taken.fullAt
      return taken.allowed
    }
    for (let n = 0; n < 10; n += 1) expect(take(0)).toBe(true)
    expect(take(0)).toBe(false)
    expect(take(99)).toBe(false)
    expect(take(100)).toBe(true)
    expect(take(100)).toBe(false)
    expect(take(5000)).toBe(true)
  })

  it('says how long to wait, and means it', () => {
    const refused = takeOne(policy, 1000, 0)
    expect(refused).toEqual({ allowed: false, waitMilliseconds: 100 })
    expect(takeOne(policy, 1000, 100).allowed).toBe(true)
  })

  it('locks nobody out for longer than a whole allowance takes when the clock is set back', () => {
    const refused = takeOne(policy, 1_000_000_000, 0)
    expect(refused).toEqual({ allowed: false, waitMilliseconds: 100 })
  })

  it('never lets more than twice an allowance through in any window', () => {
    const limits = fc.record({
      requests: fc.integer({ min: 1, max: 1000 }),
      perMilliseconds: fc.integer({ min: 1, max: 3_600_000 }),
    })
    fc.assert(
      fc.property(limits, fc.array(fc.nat(10_000), { maxLength: 200 }), (limit, gaps) => {
        let now = 0
        let fullAt: number | undefined
        const passed: number[] = []
        for (const gap of gaps) {
          now += gap
          const taken = takeOne(limit, fullAt, now)
          if (!taken.allowed) continue
          fullAt = taken.fullAt
          passed.push(now)
        }
        for (const start of passed) {
          const inside = passed.filter((at) => at >= start && at < start + limit.perMilliseconds)
          expect(inside.length).toBeLessThanOrEqual(2 * limit.requests)
        }
      }),
    )
  })
})

describe('giveOneBack', () => {
  it('undoes one request', () => {
    let fullAt = 0
    for (let n = 0; n < 10; n += 1) {
      const taken = takeOne(policy, fullAt, 0)
      if (taken.allowed) fullAt = taken.fullAt
    }
    expect(takeOne(policy, fullAt, 0).allowed).toBe(false)
    expect(takeOne(policy, giveOneBack(policy, fullAt), 0).allowed).toBe(true)
  })
})

describe('allowanceOf', () => {
  it('promises as many requests as are let through at once, and no more', () => {
    const limits = fc.record({
      requests: fc.integer({ min: 1, max: 300 }),
      perMilliseconds: fc.integer({ min: 1, max: 3_600_000 }),
    })
    fc.assert(
      fc.property(limits, fc.array(fc.nat(10_000), { maxLength: 40 }), (limit, gaps) => {
        let now = 0
        let fullAt: number | undefined
        for (const gap of gaps) {
          now += gap
          const taken = takeOne(limit, fullAt, now)
          if (!taken.allowed) continue
          fullAt = taken.fullAt
          const { remaining } = allowanceOf('x', limit, { fullAt, now })
          let state = fullAt
          let passed = 0
          for (; passed <= remaining; passed += 1) {
            const more = takeOne(limit, state, now)
            if (!more.allowed) break
            state = more.fullAt
          }
          expect(passed).toBe(remaining)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('is written in the fields of the draft', () => {
    const allowance = allowanceOf('per_client', policy, { fullAt: 350, now: 0 })
    expect(allowanceHeaders(allowance)).toEqual({
      'ratelimit-policy': '"per_client";q=10;w=1',
      ratelimit: '"per_client";r=6;t=1',
    })
  })
})

describe('rateLimitHeaders', () => {
  it('writes Retry-After and the fields of the IETF draft', () => {
    expect(rateLimitHeaders({ limit: 'per_client', policy, retryAfterSeconds: 3 })).toEqual({
      'retry-after': '3',
      'ratelimit-policy': '"per_client";q=10;w=1',
      ratelimit: '"per_client";r=0;t=3',
    })
  })
})
