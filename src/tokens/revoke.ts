/** Ends a token at the wish of its client. @see RFC 7009 §2.1 */

import type { ClientId, GrantId } from '../brand.ts'
import type { Services } from '../context.ts'
import type { Grant } from '../protocol/grant.ts'
import { openAccessToken } from './access-token.ts'
import { openRefreshToken } from './code-and-refresh-token.ts'
import { findGrantOf } from './inspect.ts'

type RevokeServices = Pick<Services, 'sealer' | 'keys' | 'settings' | 'storage' | 'clock' | 'log'>

/**
 * Revokes a token of a client. With a token of a user, access or refresh token, used or expired, every token of its grant ends;
 * a token that the client got for itself ends alone. A token of another client, or none of ours, is left as it is.
 *
 * @throws StorageUnavailable
 */
export async function revokeToken(
  services: RevokeServices,
  clientId: ClientId,
  value: string,
): Promise<void> {
  const refreshToken = openRefreshToken(services, value)
  if (refreshToken !== undefined) return revokeGrantById(services, clientId, refreshToken.grantId)
  const token = await openAccessToken(services, value)
  if (token === undefined) return
  if (token.kind === 'grant') {
    const found = await findGrantOf(services, token)
    return revokeGrant(services, clientId, found?.grant)
  }
  if (token.clientId !== clientId) return foreign(services, clientId)
  if (token.expiresAt > services.clock())
    await services.storage.tokens.revoke(token.tokenId, token.expiresAt)
}

async function revokeGrantById(
  services: RevokeServices,
  clientId: ClientId,
  grantId: GrantId,
): Promise<void> {
  return revokeGrant(services, clientId, await services.storage.grants.find(grantId))
}

async function revokeGrant(
  services: RevokeServices,
  clientId: ClientId,
  grant: Grant | undefined,
): Promise<void> {
  if (grant === undefined || grant.tokensRevokedAt !== undefined) return
  if (grant.clientId !== clientId) return foreign(services, clientId)
  await services.storage.grants.revokeTokens(grant.id, services.clock())
}

function foreign({ log }: RevokeServices, clientId: ClientId): void {
  log.warn({ client_id: clientId }, 'a client tried to revoke a token of another client')
}
