/**
 * Rules for the claims of JWT assertions, whoever signed them.
 *
 * @see RFC 7523 §3, RFC 7519 §4.1
 */

import { instant, type Instant } from '../brand.ts'
import { err, ok, type Result } from '../result.ts'
import type { JsonObject } from './json.ts'

/** What the server demands of an assertion. */
export interface AssertionPolicy {
  /** Who may be addressed; one of `aud` must be among them, letter by letter. */
  readonly audiences: readonly string[]
  /** Whether `aud` may be a list, which can name others beside this server. */
  readonly mayAudienceBeList: boolean
  readonly now: Instant
  /** Longest time from now to `exp`, in seconds. */
  readonly maxLifetimeSeconds: number
  readonly isIatRequired: boolean
  /** Tolerates an issuer whose clock is ahead; the life of its assertion counts from now all the same. */
  readonly mayIatBeFuture: boolean
  readonly isJtiRequired: boolean
}

/** Claims of an assertion that passed. */
export interface AssertionClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: readonly string[]
  /** NumericDate, maybe with a fraction. */
  readonly exp: number
  /** `undefined` when it is optional and absent. */
  readonly jti: string | undefined
}

/** `undefined` for what is neither a string nor a list of strings (RFC 7519 §4.1.3). */
function audienceOf({ aud }: JsonObject): readonly string[] | undefined {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  return named.every((one) => typeof one === 'string') ? named : undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** An absent time is fine; one that is no number, or beyond what a date can say, is not. */
function isTime(value: unknown): value is number | undefined {
  return (
    value === undefined ||
    (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e11)
  )
}

type Rule = (claims: JsonObject, policy: AssertionPolicy) => string | undefined

/** In the order in which errors win; each gives the hint of its failure. There is no leeway for clocks. */
const rules: readonly Rule[] = [
  ({ iss }) => (isText(iss) ? undefined : 'The assertion has no iss claim.'),
  ({ sub }) => (isText(sub) ? undefined : 'The assertion has no sub claim.'),
  ({ exp, nbf, iat }) =>
    isTime(exp) && isTime(nbf) && isTime(iat)
      ? undefined
      : 'The claims exp, nbf and iat must be numbers of seconds.',
  (claims, { audiences, mayAudienceBeList }) => {
    if (!mayAudienceBeList && typeof claims['aud'] !== 'string')
      return `The aud claim must be ${audiences.join(' or ')}, and no list.`
    return audienceOf(claims)?.some((one) => audiences.includes(one)) === true
      ? undefined
      : `The aud claim must contain ${audiences.join(' or ')}.`
  },
  ({ exp }, { now }) => {
    if (typeof exp !== 'number') return 'The assertion has no exp claim.'
    return exp * 1000 > now ? undefined : 'The assertion has expired.'
  },
  ({ nbf }, { now }) =>
    typeof nbf === 'number' && nbf * 1000 > now ? 'The assertion is not valid yet.' : undefined,
  ({ iat }, { isIatRequired, mayIatBeFuture, now }) => {
    if (iat === undefined) return isIatRequired ? 'The assertion has no iat claim.' : undefined
    return !mayIatBeFuture && Number(iat) * 1000 > now
      ? 'The assertion was issued in the future.'
      : undefined
  },
  ({ exp, iat }, { now, maxLifetimeSeconds }) => {
    const from = Math.min(typeof iat === 'number' ? iat : Infinity, now / 1000)
    return Number(exp) - from > maxLifetimeSeconds
      ? `The assertion may live for ${maxLifetimeSeconds} seconds at most.`
      : undefined
  },
  ({ jti }, { isJtiRequired }) => {
    if (jti === undefined) return isJtiRequired ? 'The assertion has no jti claim.' : undefined
    return isText(jti) ? undefined : 'The jti claim must be a string that is not empty.'
  },
]

/** Until when a `jti` must be remembered so that its assertion is not accepted twice. */
export function endOf({ exp }: AssertionClaims): Instant {
  return instant(Math.ceil(exp * 1000))
}

/** Judges the claims of an assertion whose signature was verified. @returns the hint of the first rule that is broken. */
export function checkAssertion(
  claims: JsonObject,
  policy: AssertionPolicy,
): Result<AssertionClaims, string> {
  for (const rule of rules) {
    const hint = rule(claims, policy)
    if (hint !== undefined) return err(hint)
  }
  const { iss, sub, exp, jti } = claims
  return ok({
    aud: audienceOf(claims) ?? [],
    iss: iss as string,
    sub: sub as string,
    exp: Number(exp),
    jti: typeof jti === 'string' ? jti : undefined,
  })
}
