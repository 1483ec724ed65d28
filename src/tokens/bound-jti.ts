/**
 * The `jti` of a JWT access token, a UUIDv4 in form, which ties the token to the grant or chain it lives from.
 *
 * A JWT shows its claims to every resource server, so the tie must not be a claim of its own. Of the 30 free hex digits 20 are
 * the beginning of the random id, 3 the milliseconds that `iat` has no room for, and 7 the generation of the chain. The variant
 * digit tells which id it is, or that the token lives on its own.
 *
 * @see RFC 7519 §4.1.7, RFC 9562 §5.4
 */

import type { ChainId, GrantId, Instant } from '../brand.ts'

interface Tie {
  /** First 20 hex digits of the id. */
  readonly idPrefix: string
  /** Part of a second behind `iat`. */
  readonly milliseconds: number
}

/** What a `jti` says. */
export type Jti =
  | { readonly kind: 'free'; readonly milliseconds: number }
  | (Tie & { readonly kind: 'grant' })
  | (Tie & { readonly kind: 'chain'; readonly generation: number })

/** A `jti` of a token that lives from a grant or a chain. */
export type JtiBinding = Exclude<Jti, { readonly kind: 'free' }>

const prefixDigits = 20
const millisecondDigits = 3
const tailDigits = 7
const tailStart = prefixDigits + millisecondDigits
const uuid = /^([\da-f]{8})-([\da-f]{4})-4([\da-f]{3})-([89ab])([\da-f]{3})-([\da-f]{12})$/u

function format(idPrefix: string, issuedAt: Instant, tail: string, variant: string): string {
  const digits = idPrefix + hex(issuedAt % 1000, millisecondDigits) + tail
  const cut = (from: number, to: number) => digits.slice(from, to)
  return `${cut(0, 8)}-${cut(8, 12)}-4${cut(12, 15)}-${variant}${cut(15, 18)}-${cut(18, 30)}`
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

/** The `jti` of a token of a grant without refresh tokens. `sequence` tells the tokens of one grant apart. */
export function jtiOfGrant(id: GrantId, issuedAt: Instant, sequence: number): string {
  return format(id.slice(0, prefixDigits), issuedAt, hex(sequence, tailDigits), '9')
}

/** The `jti` of the one token of a generation of a chain. */
export function jtiOfChain(id: ChainId, issuedAt: Instant, generation: number): string {
  return format(id.slice(0, prefixDigits), issuedAt, hex(generation, tailDigits), 'b')
}

/**
 * The `jti` of a token that lives on its own.
 *
 * @param random at least 27 random hex digits.
 */
export function freeJti(issuedAt: Instant, random: string): string {
  const end = prefixDigits + tailDigits
  return format(random.slice(0, prefixDigits), issuedAt, random.slice(prefixDigits, end), '8')
}

/** Reads a `jti`; `undefined` for one that this server did not make. */
export function parseJti(jti: string): Jti | undefined {
  const match = uuid.exec(jti)
  if (match === null) return undefined
  const [, a = '', b = '', c = '', variant = '', d = '', e = ''] = match
  const digits = a + b + c + d + e
  const idPrefix = digits.slice(0, prefixDigits)
  const milliseconds = Number.parseInt(digits.slice(prefixDigits, tailStart), 16)
  if (milliseconds > 999) return undefined
  switch (variant) {
    case '8':
      return { kind: 'free', milliseconds }
    case '9':
      return { kind: 'grant', idPrefix, milliseconds }
    case 'b':
      return {
        kind: 'chain',
        idPrefix,
        milliseconds,
        generation: Number.parseInt(digits.slice(tailStart), 16),
      }
    default:
      return undefined
  }
}
