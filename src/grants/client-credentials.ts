/**
 * `grant_type=client_credentials`: a client acts for itself. Nothing is stored.
 *
 * @see RFC 6749 §4.4
 */

import { after, wholeSeconds } from '../brand.ts'
import { isPublic } from '../protocol/client.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import { checkRequestedAccess } from '../protocol/requested-access.ts'
import { parseScope, scopeStrategies } from '../protocol/scope.ts'
import { err, ok } from '../result.ts'
import { lifespanOf } from '../tokens/lifespan.ts'
import { mintAccessToken } from '../tokens/access-token.ts'
import { noClaims, type GrantType } from './grant.ts'

/** Gives a client a token for itself (RFC 6749 §4.4). */
export const clientCredentials: GrantType = async (services, { form, record, now }) => {
  const { settings } = services
  const { client } = record
  if (isPublic(client)) {
    return err(
      oauthError(
        'invalid_grant',
        "A client with the authentication method 'none' may not use the grant type 'client_credentials'.",
      ),
    )
  }
  const access = checkRequestedAccess(form, client, scopeStrategies[settings.strategies.scope])
  if (!access.ok) return access
  const { scope: requested, audience } = access.value
  const allowed = parseScope(client.scope)
  const takesDefault =
    requested.length === 0 && settings.oauth2.clientCredentialsDefaultGrantAllowedScope
  const scope = takesDefault ? allowed : requested
  const lifespan = lifespanOf(settings, client, 'client_credentials', 'access_token')
  const expiresAt = after(wholeSeconds(now), lifespan)
  return ok({
    subject: client.client_id,
    requestedScope: requested,
    grantedScope: scope,
    grantedAudience: audience,
    claims: noClaims,
    hookClaims: 'replace',
    accessTokenEnd: expiresAt,
    refreshTokenEnd: undefined,
    user: undefined,
    async issue(claims) {
      const accessToken = await mintAccessToken(services, {
        client,
        subject: client.client_id,
        grantId: undefined,
        chainId: undefined,
        generation: 0,
        scope,
        audience,
        issuedAt: now,
        expiresAt,
        extra: claims.accessToken,
      })
      return ok({
        access_token: accessToken,
        expires_in: Math.floor(lifespan / 1000),
        scope: scope.join(' '),
        token_type: 'bearer',
      })
    },
  })
}
