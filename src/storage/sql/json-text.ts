/** JSON as it is stored: numbers that a double cannot hold keep their digits (RFC 8259 §6). */

import type { Json } from '../../protocol/json.ts'

/** `JSON.rawJSON`, which the compiler's library does not know yet. */
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => Json }

/** Digits enough to leave the safe integers, or an exponent. */
const suspicious = /\d{16}|\d[eE]/

/** Reads trusted JSON; integers beyond 2^53 and numbers beyond a double come back as `JSON.rawJSON`. */
export function parseStored(text: string): unknown {
  if (!suspicious.test(text)) return JSON.parse(text)
  return JSON.parse(text, keepDigits)
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value
  const isExact =
    Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  return isExact ? value : rawJSON(context.source)
}

/** Reads a list of strings that {@link JSON.stringify} wrote. */
export function parseList(text: string): readonly string[] {
  return text === '[]' ? [] : (JSON.parse(text) as string[])
}
