import { assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { milliseconds } from '../brand.ts'
import { formatDuration, parseGoDuration } from './duration.ts'

describe('parseGoDuration', () => {
  const accepted = [
    ['0', 0],
    ['-0', 0],
    ['+0', 0],
    ['0s', 0],
    ['-0s', 0],
    ['5s', 5000],
    ['+5s', 5000],
    ['-5s', -5000],
    ['30h', 108_000_000],
    ['1h30m', 5_400_000],
    ['31h0m0s', 111_600_000],
    ['1.5s', 1500],
    ['.5s', 500],
    ['5.s', 5000],
    ['1h1m1s1ms1us1ns', 3_661_001],
    ['1500µs', 2],
    ['1500μs', 2],
    ['1499us', 1],
    ['1ns', 1],
    ['-1ns', -1],
    ['0.0000000000000000000000000001h', 0],
    ['0.33333333333333333333h', 1_200_000],
    ['9223372036854775807ns', 9_223_372_036_855],
    ['-9223372036854775808ns', -9_223_372_036_855],
    ['00000000000000000000000000000001s', 1000],
    ['2562047h47m16.854775807s', 9_223_372_036_855],
  ] as const
  for (const [text, expected] of accepted)
    it(`reads ${text} as ${expected} ms`, () => expect(parseGoDuration(text)).toBe(expected))

  const rejected = [
    '',
    '-',
    '+',
    '10',
    '1d',
    '1 h',
    ' 1h',
    '1h ',
    '.s',
    '.',
    's',
    '--1s',
    '1S',
    '1h-1m',
    '1.2.3s',
    '9223372036854775808ns',
    '-9223372036854775809ns',
    '9999999h',
    '99999999999999999999999s',
    '١s',
    'null',
  ]
  for (const text of rejected)
    it(`rejects ${JSON.stringify(text)}`, () => expect(parseGoDuration(text)).toBeUndefined())
})

describe('formatDuration', () => {
  const cases = [
    [0, '0s'],
    [1, '1ms'],
    [-1, '-1ms'],
    [1500, '1500ms'],
    [42_000, '42s'],
    [5_400_000, '90m'],
    [129_600_000, '36h'],
    [111_660_000, '1861m'],
    [-3_600_000, '-1h'],
  ] as const
  for (const [span, text] of cases)
    it(`writes ${span} ms as ${text}`, () => expect(formatDuration(milliseconds(span))).toBe(text))

  it('writes one integer and one unit that read back as the same span', () => {
    assert(
      property(integer({ min: -9_223_372_036_854, max: 9_223_372_036_854 }), (span) => {
        const text = formatDuration(milliseconds(span))
        expect(text).toMatch(/^-?\d+(ms|s|m|h)$/u)
        expect(parseGoDuration(text)).toBe(span)
      }),
    )
  })
})
