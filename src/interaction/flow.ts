/**
 * The state of one run through login and consent, as it travels sealed in challenges and verifiers.
 *
 * ```
 * pass A ─ LoginChallenge ─ login app ─ LoginVerifier ─ pass B ─ ConsentChallenge ─ consent app ─ ConsentVerifier ─ pass C
 * ```
 */

import type { ClientId, FlowId, GrantId, Instant, SessionId } from '../brand.ts'
import type { Json, JsonObject } from '../protocol/json.ts'

/** The device request that a flow belongs to; a device has sent no query, so what it asked for is carried along (RFC 8628). */
export interface FlowDevice {
  /** The visit of the verification page that led here. It ends in one request only. */
  readonly challengeId: string
  readonly scope: readonly string[]
  readonly audience: readonly string[]
  /** End of the device code. */
  readonly expiresAt: Instant
}

/** What pass A fixes. Scope, audience, nonce and the rest are parsed from `query` again: nothing is carried twice. */
export interface FlowStart {
  readonly id: FlowId
  /** Id of the grant this flow may end in; one flow never makes two grants. In a device flow also the id of the device request. */
  readonly grantId: GrantId
  readonly clientId: ClientId
  /** Query of the authorization request, parameters of a POST body folded in; in a device flow of the verification URL. */
  readonly query: string
  /** The parameters that count when they came in a request object, as a query; `undefined` otherwise. */
  readonly resolvedQuery: string | undefined
  /** Whole seconds; starts the clock of `ttl.login_consent_request`. */
  readonly requestedAt: Instant
  readonly loginCsrf: string
  readonly device: FlowDevice | undefined
  /** The remembered session, or the one that this login will create. */
  readonly sessionId: SessionId
  /** True when a remembered session lets the end user skip the login page. */
  readonly skip: boolean
  /** Subject of that session; `''` otherwise. */
  readonly subject: string
  /** When that session authenticated; 0 otherwise. */
  readonly authenticatedAt: Instant
}

/** The login app's yes. */
export interface AcceptedLogin {
  readonly subject: string
  readonly authenticatedAt: Instant
  readonly remember: boolean
  /** Seconds; 0 stands for `ttl.authentication_session`. */
  readonly rememberFor: number
  readonly extendSessionLifespan: boolean
  readonly acr: string
  readonly amr: readonly string[]
  readonly identityProviderSessionId: string
  readonly forceSubjectIdentifier: string
  readonly context: Json
}

/** An app's no, in its own words. */
export interface Rejection {
  readonly error: string
  readonly errorDescription: string
  readonly errorHint: string
  readonly errorDebug: string
  readonly statusCode: number
}

/** The consent app's yes. */
export interface AcceptedConsent {
  readonly grantScope: readonly string[]
  readonly grantAudience: readonly string[]
  readonly accessToken: JsonObject
  readonly idToken: JsonObject
  /** Claims for userinfo alone; the built-in page tells them apart, other apps put all into `idToken`. */
  readonly userinfo: JsonObject
  readonly remember: boolean
  /** Seconds; 0 is for ever. */
  readonly rememberFor: number
  readonly handledAt: Instant
  readonly context: Json
}

/** State behind a login challenge. */
export interface LoginChallenge {
  readonly start: FlowStart
}

/** State behind a login verifier: the challenge with the app's answer. */
export interface LoginVerifier extends LoginChallenge {
  /** Names this verifier: each may be redeemed once. */
  readonly verifierId: string
  readonly login: AcceptedLogin | undefined
  readonly rejection: Rejection | undefined
}

/** State behind a consent challenge. */
export interface ConsentChallenge {
  readonly start: FlowStart
  readonly login: AcceptedLogin
  readonly consentCsrf: string
  /** True when a remembered consent covers the request. */
  readonly skip: boolean
  /** `sub` that this client will see. */
  readonly idTokenSubject: string
}

/** State behind a consent verifier: the challenge with the app's answer. */
export interface ConsentVerifier extends ConsentChallenge {
  readonly consent: AcceptedConsent | undefined
  readonly rejection: Rejection | undefined
}

/** State behind each kind of sealed flow value. */
export interface FlowStates {
  readonly login_challenge: LoginChallenge
  readonly login_verifier: LoginVerifier
  readonly consent_challenge: ConsentChallenge
  readonly consent_verifier: ConsentVerifier
}

/** One of the kinds of {@link FlowStates}. */
export type FlowKind = keyof FlowStates
