/** What a grant type is to the token endpoint. The table of grant types is in `grant-types.ts`. */

import type { Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import type { Parameters } from '../protocol/parameters.ts'
import type { Result } from '../result.ts'
import type { ClientRecord } from '../storage/storage.ts'

/** A token request whose client was authenticated and may use the grant type. */
export interface TokenRequest {
  readonly form: Parameters
  readonly record: ClientRecord
  readonly now: Instant
}

/** Success fields of RFC 6749 §5.1 and OpenID Connect Core §3.1.3.3. */
export interface TokenResponse {
  readonly access_token: string
  /** Seconds. */
  readonly expires_in: number
  readonly id_token?: string
  readonly refresh_token?: string
  /** Granted scopes, space-separated; `''` when none. */
  readonly scope: string
  readonly token_type: 'bearer'
}

export type Exchange = (
  services: Services,
  request: TokenRequest,
) => Promise<Result<TokenResponse, OAuthError>>
