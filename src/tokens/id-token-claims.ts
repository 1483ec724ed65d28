/**
 * Claims of an ID token.
 *
 * @see OpenID Connect Core §2 and §3.1.3.6
 */

import { hash } from 'node:crypto'
import type { JsonObject } from '../protocol/json.ts'

/** Everything the claims are made of; times are NumericDates. */
export interface IdTokenFacts {
  readonly iss: string
  readonly sub: string
  readonly aud: readonly string[]
  readonly iat: number
  readonly exp: number
  readonly jti: string
  readonly auth_time: number
  /** When the client asked. */
  readonly rat: number
  readonly sid: string
  /** Left out when empty. */
  readonly nonce: string
  /** Left out when empty. */
  readonly acr: string
  /** Left out when empty. */
  readonly amr: readonly string[]
  readonly at_hash: string | undefined
  readonly c_hash: string | undefined
  /** `session.id_token` of the consent, or what a hook gave. */
  readonly extra: JsonObject
}

/** Names that extra data can never set. */
const reserved = new Set([
  'sub',
  'iss',
  'jti',
  'aud',
  'iat',
  'exp',
  'rat',
  'nonce',
  'at_hash',
  'c_hash',
  'auth_time',
  'acr',
  'amr',
  'sid',
])

/** Builds the claims set of an ID token. */
export function idTokenClaims(facts: IdTokenFacts): JsonObject {
  const { exp, jti, sid, nonce, at_hash, c_hash, ...about } = facts
  return {
    ...userinfoClaims(about),
    exp,
    jti,
    sid,
    ...(nonce === '' ? {} : { nonce }),
    ...(at_hash === undefined ? {} : { at_hash }),
    ...(c_hash === undefined ? {} : { c_hash }),
  }
}

/** What {@link userinfoClaims} is made of. */
export type UserinfoFacts = Omit<
  IdTokenFacts,
  'exp' | 'jti' | 'sid' | 'nonce' | 'at_hash' | 'c_hash'
>

/** Builds the claims set of userinfo (OpenID Connect Core §5.3.2): the ID token's without what belongs to one response. */
export function userinfoClaims({ extra, acr, amr, ...facts }: UserinfoFacts): JsonObject {
  const free = Object.entries(extra).filter(([name]) => !reserved.has(name))
  return {
    ...Object.fromEntries(free),
    ...facts,
    ...(acr === '' ? {} : { acr }),
    ...(amr.length === 0 ? {} : { amr }),
  }
}

/** Left half of the hash of an access token or code, with the hash of the signing algorithm (OpenID Connect Core §3.1.3.6). */
export function halfHash(value: string, alg: string): string {
  const bits = /(256|384|512)$/u.exec(alg)?.[1] ?? '512'
  const digest = hash(`sha${bits}`, value, 'buffer')
  return digest.subarray(0, digest.length / 2).toString('base64url')
}
