import { describe, expect, it } from 'vitest'
import { instant } from '../brand.ts'
import { cautiousClock } from './cautious-clock.ts'

function clocks() {
  const at = { wall: 1_000_000, monotonic: 50 }
  const clock = cautiousClock(
    () => instant(at.wall),
    () => at.monotonic,
  )
  return { at, clock }
}

describe('cautiousClock', () => {
  it('goes with the wall clock while that goes with time', () => {
    const { at, clock } = clocks()
    for (let step = 0; step < 5; step += 1) {
      at.wall += 60_000
      at.monotonic += 60_000
      expect(clock()).toBe(at.wall)
    }
  })

  it('does not jump forward with it, and catches up at twice the pace of time', () => {
    const { at, clock } = clocks()
    at.wall += 86_400_000
    expect(clock()).toBe(1_000_000)
    at.wall += 60_000
    at.monotonic += 60_000
    expect(clock()).toBe(1_120_000)
    at.wall += 86_400_000
    at.monotonic += 86_400_000
    expect(clock()).toBe(at.wall)
    at.wall += 1_000
    at.monotonic += 1_000
    expect(clock()).toBe(at.wall)
  })

  it('follows it back at once', () => {
    const { at, clock } = clocks()
    at.wall -= 3_600_000
    expect(clock()).toBe(at.wall)
  })
})
