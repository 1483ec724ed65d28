import { array, assert, constantFrom, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, encodeText } from './text.ts'

describe('encodeText', () => {
  const pieces = array(constantFrom('\0', '\u{F0000}', '0', '1', 'a'), { maxLength: 12 })
  const texts = pieces.map((parts) => parts.join(''))

  it('never holds U+0000, and decodeText gives back every string', () => {
    for (const text of [texts, string({ unit: 'binary' })])
      assert(
        property(text, (each) => {
          expect(encodeText(each)).not.toContain('\0')
          expect(decodeText(encodeText(each))).toBe(each)
        }),
      )
  })

  it('keeps different strings different', () => {
    assert(
      property(texts, texts, (left, right) => {
        expect(encodeText(left) === encodeText(right)).toBe(left === right)
      }),
    )
  })
})
