/** The error of a rate limit. @see RFC 6585 §4, RFC 6749 §4.1.2.1 */

import { oauthError, type OAuthError } from './oauth-error.ts'
import type { RateLimited } from './rate-limit.ts'

/** `temporarily_unavailable` with status 429: no code of OAuth says "too many", and `slow_down` belongs to polling devices. */
export function tooManyRequests(rateLimited: RateLimited): OAuthError {
  const { limit, retryAfterSeconds } = rateLimited
  const hint = `Too many requests (limit '${limit}'). Wait ${retryAfterSeconds} s; Retry-After says so too.`
  return { ...oauthError('temporarily_unavailable', hint), status: 429, rateLimited }
}
