/** What the authorization endpoint decides; the HTTP layer turns it into a response. */

import type { AuthorizationFailure } from '../protocol/authorization-request.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import type { ResponseMode } from '../protocol/response.ts'
import type { CookieChange } from './cookies.ts'

/** Where an authorization response goes. */
export interface ResponsePlace {
  readonly redirectUri: string
  readonly responseMode: ResponseMode
  readonly state: string
}

export type AuthorizeOutcome =
  /** On to a page of the login or consent app (302). */
  | { readonly kind: 'page'; readonly location: string; readonly cookies: readonly CookieChange[] }
  /** Back to the client with an authorization response (303, or a posting page). */
  | {
      readonly kind: 'respond'
      readonly place: ResponsePlace
      readonly params: Readonly<Record<string, string>>
      readonly cookies: readonly CookieChange[]
    }
  /** Back to the client with an error. */
  | {
      readonly kind: 'refuse'
      readonly place: ResponsePlace
      readonly error: OAuthError
      readonly cookies: readonly CookieChange[]
    }
  /** No address to trust: shown to the end user. */
  | { readonly kind: 'show'; readonly error: OAuthError }

/** Refuses a request whose redirect URI was checked. */
export function refuse(
  place: ResponsePlace,
  error: OAuthError,
  cookies: readonly CookieChange[] = [],
): AuthorizeOutcome {
  return { kind: 'refuse', place, error, cookies }
}

/** The outcome of a request that did not pass its checks. */
export function outcomeOf(failure: AuthorizationFailure): AuthorizeOutcome {
  return failure.kind === 'show' ? failure : refuse(failure, failure.error)
}
