/**
 * The grant: one completed authorization, and the refresh token chains that live from it.
 *
 * @see RFC 6749 §1.3, RFC 9700 §4.14
 */

import type { ChainId, ClientId, FlowId, GrantId, Instant, SessionId, Subject } from '../brand.ts'

/** One completed authorization; the API calls it a consent session. */
export interface Grant {
  /** The `consent_request_id`. */
  readonly id: GrantId
  /** The run through login and consent that led here. */
  readonly flowId: FlowId
  readonly clientId: ClientId
  readonly subject: Subject
  /** `undefined` once the login session was deleted. */
  readonly loginSessionId: SessionId | undefined
  readonly requestedAt: Instant
  readonly handledAt: Instant
  /** True when an earlier, remembered consent covered this one. */
  readonly skip: boolean
  readonly remember: boolean
  /** Seconds; 0 is for ever. */
  readonly rememberFor: number
  /** End of the remembered consent; `undefined` when it never ends or is not remembered. */
  readonly rememberedUntil: Instant | undefined
  readonly requestedScope: readonly string[]
  readonly grantedScope: readonly string[]
  readonly requestedAudience: readonly string[]
  readonly grantedAudience: readonly string[]
  /** Everything else about the authorization, sealed by the caller (`grant_session`) unless told not to. */
  readonly session: string
  /** End of the authorization code; `undefined` when the response carried none. */
  readonly codeExpiresAt: Instant | undefined
  readonly codeRedeemedAt: Instant | undefined
  /** Set when every token of the grant was revoked. */
  readonly tokensRevokedAt: Instant | undefined
  /** Earliest instant at which the row may be purged if no chain lives; `undefined` keeps it (remembered for ever). */
  readonly purgeAt: Instant | undefined
}

/** A line of refresh tokens. In strict rotation one row moves from generation to generation. */
export interface Chain {
  readonly id: ChainId
  readonly grantId: GrantId
  /** Number of the refresh token that may be used now. */
  readonly generation: number
  /** Graceful rotation: when the refresh token of this row was first used; its successors are chains of their own. */
  readonly firstUsedAt: Instant | undefined
  /** Graceful rotation: how often it was used. */
  readonly usedTimes: number
  /** End of the current refresh token; `undefined` never. */
  readonly expiresAt: Instant | undefined
  /** Earliest instant at which nothing refers to the row; `undefined` never. */
  readonly purgeAt: Instant | undefined
}
