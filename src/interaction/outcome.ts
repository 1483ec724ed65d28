/** What the authorization endpoint decides; the HTTP layer turns it into a response. */

import type { AuthorizationFailure } from '../protocol/authorization-request.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import type { ResponseMode } from '../protocol/response.ts'
import { err, type Result } from '../result.ts'
import type { CookieChange } from './cookies.ts'
import type { FlowStart } from './flow.ts'

/** Where an authorization response goes. */
export interface ResponsePlace {
  readonly redirectUri: string
  readonly responseMode: ResponseMode
  readonly state: string
}

/** The next page of a flow, with the cookies that go along. */
export interface NextPage {
  readonly location: string
  readonly cookies: readonly CookieChange[]
}

/** Why a pass ended, before it is decided who is told. */
export interface Refusal {
  readonly error: OAuthError
  readonly cookies: readonly CookieChange[]
  /** The flow whose end user said no, in the browser that the flow belongs to. */
  readonly rejected: FlowStart | undefined
}

/** Where a visit of the authorization endpoint leads. */
export type AuthorizeOutcome =
  /** On to a page of the login or consent app (302). */
  | ({ readonly kind: 'page' } & NextPage)
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

/** Ends a pass. */
export function end(
  error: OAuthError,
  cookies: readonly CookieChange[] = [],
  rejected?: FlowStart,
): Result<never, Refusal> {
  return err({ error, cookies, rejected })
}

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
