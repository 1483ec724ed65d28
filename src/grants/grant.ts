/** What a grant type is to the token endpoint. The table of grant types is in `grant-types.ts`. */

import type { Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import type { Grant } from '../protocol/grant.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import type { Parameters } from '../protocol/parameters.ts'
import type { Result } from '../result.ts'
import type { ClientRecord } from '../storage/storage.ts'
import type { GrantSession } from '../tokens/grant-session.ts'

/** A token request whose client was authenticated and may use the grant type. */
export interface TokenRequest {
  readonly form: Parameters
  readonly record: ClientRecord
  readonly now: Instant
}

/** Success fields of RFC 6749 §5.1 and OpenID Connect Core §3.1.3.3. */
export interface TokenResponse {
  readonly access_token: string
  /** Nonce for the proof of a verifiable credential (draft 00). */
  readonly c_nonce_draft_00?: string
  /** Seconds. */
  readonly c_nonce_expires_in_draft_00?: number
  /** Seconds. */
  readonly expires_in: number
  readonly id_token?: string
  readonly refresh_token?: string
  /** Granted scopes, space-separated; `''` when none. */
  readonly scope: string
  readonly token_type: 'bearer'
}

/** Claims that the server did not make up itself: those of the consent, or those of a hook. */
export type CustomClaims = Pick<GrantSession, 'accessToken' | 'idToken'>

/** The claims of a token that nobody added any to. */
export const noClaims: CustomClaims = { accessToken: {}, idToken: {} }

/**
 * A token request that passed every check, and how its tokens are made. Nothing is written or spent yet, so that a hook that
 * fails between the check and {@link Approval.issue} leaves everything as it was.
 */
export interface Approval {
  /** Whom the access token speaks for. */
  readonly subject: string
  readonly requestedScope: readonly string[]
  readonly grantedScope: readonly string[]
  readonly grantedAudience: readonly string[]
  /** Claims that the tokens carry unless a hook answers with others. */
  readonly claims: CustomClaims
  /** Whether the claims of a hook replace these, or are added where these have none. */
  readonly hookClaims: 'replace' | 'add'
  readonly accessTokenEnd: Instant
  /** `undefined` when there will be no refresh token, or one that never expires. */
  readonly refreshTokenEnd: Instant | undefined
  /** The authorization of an end user; `undefined` when tokens are issued without one. */
  readonly user: { readonly grant: Grant; readonly session: GrantSession } | undefined
  /** Mints the tokens with these claims, then spends the code, token or assertion: everything that is written is written here. */
  issue(claims: CustomClaims): Promise<Result<TokenResponse, OAuthError>>
}

/** A grant type: judges a request. What happens between the judgement and the tokens is the same for all, in `exchange.ts`. */
export type GrantType = (
  services: Services,
  request: TokenRequest,
) => Promise<Result<Approval, OAuthError>>
