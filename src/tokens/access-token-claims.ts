/**
 * Claims of a JWT access token.
 *
 * @see RFC 9068 §2.2, RFC 7519 §4.1
 */

import type { Json, JsonObject } from '../protocol/json.ts'
import type { Settings } from '../settings.ts'

/** Everything the claims are made of; times are NumericDates. */
export interface AccessTokenFacts {
  readonly iss: string
  readonly sub: string
  readonly aud: readonly string[]
  readonly client_id: string
  readonly scope: readonly string[]
  readonly iat: number
  readonly exp: number
  readonly jti: string
  /** Of an end user; `undefined` leaves the claims to `extra`. */
  readonly authentication: AuthenticationFacts | undefined
  /** `session.access_token` of the consent, or what a hook gave. */
  readonly extra: JsonObject
}

/** How and when an end user authenticated (RFC 9068 §2.2.1, RFC 9470 §6). */
export interface AuthenticationFacts {
  /** Left out when empty. */
  readonly acr: string
  /** Left out when empty. */
  readonly amr: readonly string[]
  readonly auth_time: number
}

/** The settings that shape the claims of JWT access tokens. */
export type ClaimPolicy = Pick<
  Settings['oauth2'],
  'excludeNotBeforeClaim' | 'allowedTopLevelClaims' | 'mirrorTopLevelClaims' | 'preserveExtClaims'
> &
  Pick<Settings['strategies'], 'scopeClaim'>

const reserved = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'client_id',
  'scp',
  'ext',
])

/** Builds the claims set. Extra data never replaces a claim of the server. */
export function accessTokenClaims(facts: AccessTokenFacts, policy: ClaimPolicy): JsonObject {
  const { extra, scope, authentication, ...registered } = facts
  const promoted = policy.allowedTopLevelClaims.filter(
    (name) => !reserved.has(name) && Object.hasOwn(extra, name),
  )
  return {
    ...Object.fromEntries(promoted.map((name) => [name, extra[name]])),
    ...extClaim(extra, promoted, policy),
    ...scopeClaims(scope, policy.scopeClaim),
    ...(authentication === undefined ? {} : authenticationClaims(authentication)),
    ...registered,
    ...(policy.excludeNotBeforeClaim ? {} : { nbf: facts.iat }),
  }
}

/** Writes the claims of RFC 9470 §6.1. */
export function authenticationClaims({ acr, amr, auth_time }: AuthenticationFacts): JsonObject {
  return {
    ...(acr === '' ? {} : { acr }),
    ...(amr.length === 0 ? {} : { amr }),
    auth_time,
  }
}

function extClaim(extra: JsonObject, promoted: readonly string[], policy: ClaimPolicy): JsonObject {
  if (policy.mirrorTopLevelClaims) return { ext: extra }
  if (!policy.preserveExtClaims) return {}
  const rest = Object.entries(extra).filter(([name]) => !promoted.includes(name))
  return rest.length > 0 ? { ext: Object.fromEntries(rest) } : {}
}

function scopeClaims(scope: readonly string[], form: ClaimPolicy['scopeClaim']): JsonObject {
  return {
    ...(form === 'string' ? {} : { scp: scope }),
    ...(form === 'list' ? {} : { scope: scope.join(' ') }),
  }
}

/** The extra data of a claims set, as far as {@link accessTokenClaims} was told to put it in. */
export function extraOf(claims: JsonObject): JsonObject {
  const { ext } = claims
  const promoted = Object.entries(claims).filter(
    ([name]) => !reserved.has(name) && name !== 'scope',
  )
  return {
    ...Object.fromEntries(promoted),
    ...(isObject(ext) ? ext : {}),
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
