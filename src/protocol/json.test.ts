import { assert, jsonValue, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from './json.ts'

describe('parseJson', () => {
  const kept = [
    '12345678901234567890',
    '-9007199254740993',
    '9007199254740992',
    '1e400',
    '1e308',
    '-1E+999',
    '0.12345678901234567890',
    '123456789.123456789012',
  ]
  for (const text of kept)
    it(`keeps every digit of ${text}`, () => {
      expect(JSON.stringify(parseJson(text))).toBe(text)
      expect(JSON.stringify(parseJson(`{"a":[{"b":${text}}]}`))).toBe(`{"a":[{"b":${text}}]}`)
    })

  const plain = [
    '0',
    '-1.5',
    '9007199254740991',
    '1e3',
    '0.000000000000000001',
    '"1e400"',
    '"12345678901234567890"',
    '[": 12345678901234567890"]',
  ]
  for (const text of plain)
    it(`reads ${text} as JSON.parse does`, () =>
      expect(parseJson(text)).toStrictEqual(JSON.parse(text)))

  it('reads every value that JSON.stringify writes', () => {
    assert(
      property(jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.stringify(parseJson(text))).toBe(text)
      }),
    )
  })

  it('throws on text that is not JSON', () => {
    for (const text of ['', '{', '01', '12345678901234567890,', "{'a':1}"])
      expect(() => parseJson(text)).toThrow(SyntaxError)
  })
})
