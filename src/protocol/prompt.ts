/**
 * The `prompt` and `max_age` parameters and how a login answers them.
 *
 * @see OpenID Connect Core §3.1.2.1 and §3.1.2.3, Initiating User Registration via OpenID Connect §2
 */

import type { Instant } from '../brand.ts'
import { err, ok, type Result } from '../result.ts'
import { oauthError, type OAuthError } from './oauth-error.ts'

const prompts = ['login', 'none', 'consent', 'registration', 'select_account'] as const

/** One of {@link prompts}. */
export type Prompt = (typeof prompts)[number]

function isPrompt(value: string): value is Prompt {
  return (prompts as readonly string[]).includes(value)
}

/**
 * Parses `prompt`: case-sensitive values between spaces, `none` only alone.
 *
 * @returns `invalid_request` for an unknown value or for `none` beside another.
 */
export function parsePrompt(text: string): Result<readonly Prompt[], OAuthError> {
  const values = text.split(' ').filter((value) => value !== '')
  const known = values.filter(isPrompt)
  if (known.length < values.length) {
    return err(
      oauthError(
        'invalid_request',
        `The prompt holds a value that is not supported. Use ${prompts.join(', ')}.`,
      ),
    )
  }
  if (known.includes('none') && known.length > 1) {
    return err(oauthError('invalid_request', "The prompt value 'none' excludes all others."))
  }
  return ok(known)
}

/**
 * Parses `max_age`: whole seconds. A negative value is ignored, as an absent one is.
 *
 * @returns `invalid_request` when it is not an integer.
 */
export function parseMaxAge(text: string): Result<number | undefined, OAuthError> {
  if (text === '') return ok(undefined)
  if (!/^[+-]?\d{1,15}$/u.test(text)) {
    return err(oauthError('invalid_request', 'The max_age must be a whole number of seconds.'))
  }
  const seconds = Number(text)
  return ok(seconds < 0 ? undefined : seconds)
}

/** Whether an authentication is too old for `max_age` seconds; 0 always asks for a new one. */
export function isTooOld(
  authenticatedAt: Instant,
  maxAgeSeconds: number | undefined,
  now: Instant,
): boolean {
  if (maxAgeSeconds === undefined) return false
  return maxAgeSeconds === 0 || authenticatedAt + maxAgeSeconds * 1000 < now
}

/** A finished login in the light of what the request demanded; instants are cut to seconds. */
export interface LoginAgainstPrompt {
  readonly prompt: readonly Prompt[]
  readonly maxAgeSeconds: number | undefined
  readonly authenticatedAt: Instant
  readonly requestedAt: Instant
  readonly now: Instant
}

/**
 * Checks that a login satisfies `prompt` and `max_age` (OpenID Connect Core §3.1.2.1).
 *
 * @returns `login_required` when it does not, `server_error` when the login app claims a future login.
 */
export function checkLoginAgainstPrompt(login: LoginAgainstPrompt): Result<void, OAuthError> {
  const { prompt, maxAgeSeconds, authenticatedAt, requestedAt, now } = login
  if (authenticatedAt > now + 5000) {
    return err(oauthError('server_error', undefined, 'The authentication time is in the future.'))
  }
  if (
    maxAgeSeconds !== undefined &&
    maxAgeSeconds > 0 &&
    authenticatedAt + maxAgeSeconds * 1000 < requestedAt
  ) {
    return err(oauthError('login_required', 'The authentication is older than max_age allows.'))
  }
  if (prompt.includes('none') && authenticatedAt > requestedAt) {
    return err(
      oauthError(
        'login_required',
        "The end user authenticated during a request with prompt 'none'.",
      ),
    )
  }
  if (prompt.includes('login') && authenticatedAt < requestedAt) {
    return err(
      oauthError(
        'login_required',
        "The prompt 'login' asks for a new authentication, but the end user was not re-authenticated.",
      ),
    )
  }
  return ok(undefined)
}
