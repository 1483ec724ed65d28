/**
 * `grant_type=client_credentials`: a client acts for itself. Nothing is stored.
 *
 * @see RFC 6749 §4.4
 */

import { isPublic } from '../protocol/client.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import { checkRequestedAccess } from '../protocol/requested-access.ts'
import { parseScope, scopeStrategies } from '../protocol/scope.ts'
import { err, ok } from '../result.ts'
import { approveClientToken } from './client-token.ts'
import type { GrantType } from './grant.ts'

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
  return ok(
    approveClientToken(services, {
      client,
      subject: client.client_id,
      kind: 'client_credentials',
      requestedScope: requested,
      grantedScope: takesDefault ? allowed : requested,
      grantedAudience: audience,
      now,
      commit: async () => ok(undefined),
    }),
  )
}
