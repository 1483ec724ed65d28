import { describe, expect, it } from 'vitest'
import { systemRandom } from './random.ts'

describe('systemRandom', () => {
  it('never hands out the same piece twice, nor an empty one', () => {
    const pieces = Array.from({ length: 5000 }, () => systemRandom.hex(16))
    expect(new Set(pieces).size).toBe(5000)
    for (const piece of pieces) expect(piece).toMatch(/^(?!0{32})[\da-f]{32}$/u)
  })

  for (const n of [0, 1, 24, 512, 513, 4096, 10_000])
    it(`gives ${n} bytes when asked for ${n}`, () => {
      const bytes = systemRandom.bytes(n)
      expect(bytes).toHaveLength(n)
      expect(bytes.buffer.byteLength).toBe(n)
      expect(systemRandom.hex(n)).toHaveLength(2 * n)
    })

  it('spreads evenly over the bytes', () => {
    const counts = Array.from({ length: 256 }, () => 0)
    for (let round = 0; round < 4000; round += 1)
      for (const byte of systemRandom.bytes(64)) counts[byte]! += 1
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(250)
  })
})
