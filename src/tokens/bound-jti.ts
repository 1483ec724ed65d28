/**
 * The `jti` of a JWT access token, a UUIDv4 in form, which ties the token to the grant or chain it lives from.
 *
 * A JWT shows its claims to every resource server, so the tie must not be a claim of its own. Of the 122 free bits 92 are the
 * beginning of the random id, 28 count the generation, and the two of the variant digit tell which of the two it is, or neither.
 */

import type { ChainId, GrantId } from '../brand.ts'

/** What a bound `jti` says. `idPrefix` is 23 hex digits. */
export type JtiBinding =
  | { readonly kind: 'grant'; readonly idPrefix: string }
  | { readonly kind: 'chain'; readonly idPrefix: string; readonly generation: number }

const prefixDigits = 23
const generationDigits = 7
const uuid = /^([\da-f]{8})-([\da-f]{4})-4([\da-f]{3})-([89ab])([\da-f]{3})-([\da-f]{12})$/u

function format(digits: string, variant: string): string {
  const cut = (from: number, to: number) => digits.slice(from, to)
  return `${cut(0, 8)}-${cut(8, 12)}-4${cut(12, 15)}-${variant}${cut(15, 18)}-${cut(18, 30)}`
}

/** The `jti` of a token of a grant without refresh tokens. `sequence` tells the tokens of one grant apart. */
export function jtiOfGrant(id: GrantId, sequence: number): string {
  return format(
    id.slice(0, prefixDigits) + sequence.toString(16).padStart(generationDigits, '0'),
    '9',
  )
}

/** The `jti` of a token of one generation of a chain. */
export function jtiOfChain(id: ChainId, generation: number): string {
  return format(
    id.slice(0, prefixDigits) + generation.toString(16).padStart(generationDigits, '0'),
    'b',
  )
}

/** The `jti` of a token that lives on its own, made of a random UUIDv4. */
export function freeJti(randomUuid: string): string {
  return `${randomUuid.slice(0, 19)}8${randomUuid.slice(20)}`
}

/** Reads a `jti`; `undefined` for one that binds to nothing. */
export function parseJti(jti: string): JtiBinding | undefined {
  const match = uuid.exec(jti)
  if (match === null) return undefined
  const [, a = '', b = '', c = '', variant, d = '', e = ''] = match
  const digits = a + b + c + d + e
  const idPrefix = digits.slice(0, prefixDigits)
  if (variant === '9') return { kind: 'grant', idPrefix }
  return variant === 'b'
    ? { kind: 'chain', idPrefix, generation: Number.parseInt(digits.slice(prefixDigits), 16) }
    : undefined
}
