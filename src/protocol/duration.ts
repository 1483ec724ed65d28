/**
 * Spans of time as text.
 *
 * @see the format of Go's `time.ParseDuration`, which the Ory OAuth2 API uses for lifespans
 */

import { milliseconds, type Milliseconds } from '../brand.ts'

/** Nanoseconds of each unit. The micro sign exists twice in Unicode. */
const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

/** A duration is a signed 64-bit number of nanoseconds, about 292 years either way. */
const longest = 2n ** 63n - 1n

/** More digits than this before the point overflow in every unit; more behind it count for nothing. */
const significantDigits = 19

function part(whole: string, fraction: string, unit: bigint): bigint | undefined {
  const digits = whole.replace(/^0+/u, '')
  if (digits.length > significantDigits) return undefined
  const kept = fraction.slice(0, significantDigits)
  return BigInt(digits) * unit + (BigInt(kept) * unit) / 10n ** BigInt(kept.length)
}

/** Sum of one or more numbers with units, in nanoseconds. */
function sum(segments: string): bigint | undefined {
  const segment = /(?:(\d+)(?:\.(\d*))?|\.(\d+))(ns|us|µs|μs|ms|s|m|h)/uy
  let total = 0n
  do {
    const match = segment.exec(segments)
    if (match === null) return undefined
    const value = part(match[1] ?? '', match[2] ?? match[3] ?? '', units[match[4] ?? ''] ?? 0n)
    if (value === undefined) return undefined
    total += value
  } while (segment.lastIndex < segments.length)
  return total
}

/** Rounds to the nearest millisecond, but never a value other than zero to zero. */
function inMilliseconds(nanoseconds: bigint): number {
  if (nanoseconds === 0n) return 0
  return Math.max(1, Number((nanoseconds + 500_000n) / 1_000_000n))
}

/**
 * Parses a duration: an optional sign and one or more decimal numbers with a unit (`ns us µs ms s m h`), or a bare `0`.
 *
 * Finer values than a millisecond are rounded to the nearest one. What is not zero never becomes zero, since the sign
 * has a meaning: zero expires at once, and a negative lifespan of a refresh token means that it never does.
 *
 * @returns `undefined` for any other text (`''`, `10`, `1d`) and beyond ±2^63 nanoseconds.
 */
export function parseGoDuration(text: string): Milliseconds | undefined {
  const negative = text.startsWith('-')
  const unsigned = /^[+-]/u.test(text) ? text.slice(1) : text
  const total = unsigned === '0' ? 0n : sum(unsigned)
  if (total === undefined || total > (negative ? longest + 1n : longest)) return undefined
  const span = inMilliseconds(total)
  return milliseconds(negative && span !== 0 ? -span : span)
}

/**
 * Writes a duration as one integer with the largest unit that is exact: `36h`, `90m`, `1500ms`, `0s`.
 * Generated SDKs check durations with patterns; this form passes the oldest and the newest of them.
 */
export function formatDuration(span: Milliseconds): string {
  if (span === 0) return '0s'
  if (span % 3_600_000 === 0) return `${span / 3_600_000}h`
  if (span % 60_000 === 0) return `${span / 60_000}m`
  if (span % 1000 === 0) return `${span / 1000}s`
  return `${span}ms`
}
