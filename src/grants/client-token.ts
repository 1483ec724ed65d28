/** Access tokens that no end user authorized: nothing is stored for them, and no refresh or ID token comes with them. */

import { after, wholeSeconds, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import type { Client } from '../protocol/client.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import { ok, type Result } from '../result.ts'
import { mintAccessToken } from '../tokens/access-token.ts'
import { lifespanOf } from '../tokens/lifespan.ts'
import { noClaims, type Approval } from './grant.ts'

/** What the token is to be. */
export interface ClientTokenApproval {
  readonly client: Client
  readonly subject: string
  /** Decides the lifespan. */
  readonly kind: 'client_credentials' | 'jwt_bearer'
  readonly requestedScope: readonly string[]
  readonly grantedScope: readonly string[]
  readonly grantedAudience: readonly string[]
  readonly now: Instant
  /** Spends what was presented, exactly once; a caller that lost a race gets the error. Runs when the token is ready. */
  commit(): Promise<Result<void, OAuthError>>
}

/** Approves a request that ends in an access token alone. */
export function approveClientToken(services: Services, approval: ClientTokenApproval): Approval {
  const { client, subject, kind, requestedScope, grantedScope, grantedAudience, now } = approval
  const lifespan = lifespanOf(services.settings, client, kind, 'access_token')
  const expiresAt = after(wholeSeconds(now), lifespan)
  return {
    subject,
    requestedScope,
    grantedScope,
    grantedAudience,
    claims: noClaims,
    hookClaims: 'replace',
    accessTokenEnd: expiresAt,
    refreshTokenEnd: undefined,
    user: undefined,
    async issue(claims) {
      const accessToken = await mintAccessToken(services, {
        client,
        subject,
        grantId: undefined,
        chainId: undefined,
        generation: 0,
        scope: grantedScope,
        audience: grantedAudience,
        issuedAt: now,
        expiresAt,
        extra: claims.accessToken,
        authentication: undefined,
      })
      const committed = await approval.commit()
      if (!committed.ok) return committed
      return ok({
        access_token: accessToken,
        expires_in: Math.floor(lifespan / 1000),
        scope: grantedScope.join(' '),
        token_type: 'bearer',
      })
    },
  }
}
