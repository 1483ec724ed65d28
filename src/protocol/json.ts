/** JSON values as they travel (RFC 8259). */

/** A JSON value; members that are `undefined` are not written. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [member: string]: Json | undefined }

/** A JSON object. */
export interface JsonObject {
  readonly [member: string]: Json | undefined
}

/** `JSON.rawJSON` and what the reviver of `JSON.parse` learns about the source, which TypeScript's ES2024 lacks. */
interface JsonWithSource {
  parse(
    text: string,
    reviver: (
      name: string,
      value: unknown,
      context: { readonly source?: string | undefined },
    ) => unknown,
  ): unknown
  rawJSON(text: string): unknown
  isRawJSON(value: unknown): boolean
}

const json = JSON as unknown as JsonWithSource

/**
 * A number with this many digits may be one that a double cannot hold; a large exponent may make it infinite. Only behind these
 * characters can a number begin: digits inside of a text (an id in hexadecimal) raise no suspicion.
 */
const suspicious = /(?:^|[[,:\s])-?\d(?:[\d.]{15}|[\d.]*e\+?\d{3})/iu

/** Fifteen significant digits always survive a double (IEEE 754). */
const exactDigits = 15

function isExact(value: number, source: string): boolean {
  if (Number.isInteger(value)) return Number.isSafeInteger(value)
  const digits = source.replace(/e.*$/iu, '').replace(/^[-0.]+|[.]/gu, '')
  return Number.isFinite(value) && digits.length <= exactDigits
}

/**
 * Parses JSON without losing digits: a number that a double cannot hold becomes a `JSON.rawJSON` object, which
 * `JSON.stringify` writes as it was read.
 *
 * @throws SyntaxError for text that is not JSON.
 */
export function parseJson(text: string): unknown {
  if (!suspicious.test(text)) return JSON.parse(text)
  return json.parse(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && !isExact(value, source)
      ? json.rawJSON(source)
      : value,
  )
}

/** Whether a value is a number that {@link parseJson} kept as text. Objects of this kind cannot be copied by member. */
export function isRawNumber(value: unknown): value is { readonly rawJSON: string } {
  return json.isRawJSON(value)
}
