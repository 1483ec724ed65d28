import { assert, jsonValue, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStored } from './json-text.ts'

describe('parseStored', () => {
  it('reads what JSON.stringify wrote, whatever it was', () => {
    assert(
      property(jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.stringify(parseStored(text))).toBe(text)
      }),
    )
  })

  const digits = [
    '12345678901234567890',
    '-9007199254740993',
    '1e400',
    '[1E500,{"a":9007199254740992}]',
  ]
  for (const text of digits)
    it(`keeps the digits of ${text}`, () => {
      expect(JSON.stringify(parseStored(text))).toBe(text)
    })
})
