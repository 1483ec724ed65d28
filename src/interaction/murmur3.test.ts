import { describe, expect, it } from 'vitest'
import { murmur3 } from './murmur3.ts'

describe('murmur3', () => {
  const vectors = [
    ['hello', 613_153_351],
    ['my-client', 3_709_465_940],
    ['64f78bf1-f388-4eeb-9fee-e7207226c6be', 1_712_660_270],
    ['', 0],
  ] as const
  for (const [text, hash] of vectors) it(`hashes '${text}'`, () => expect(murmur3(text)).toBe(hash))
})
