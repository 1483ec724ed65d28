/** Logout tokens. @see OpenID Connect Back-Channel Logout 1.0 §2.4 */

import { epochSeconds } from '../brand.ts'
import type { Services } from '../context.ts'
import { idTokenKeySet } from '../keys/key-ring.ts'
import type { Client } from '../protocol/client.ts'
import type { LogoutNotification } from '../storage/storage.ts'

/** Signs the token of a notification as the ID tokens of the client are signed. It names the session and never the subject. */
export async function mintLogoutToken(
  { settings, keys, clock }: Pick<Services, 'settings' | 'keys' | 'clock'>,
  { id, clientId, sid }: LogoutNotification,
  client: Client,
): Promise<string> {
  const key = await keys.signingKey(
    idTokenKeySet,
    client.responseAlgorithms?.id_token_signed_response_alg,
  )
  const claims = {
    iss: settings.issuer,
    aud: [clientId],
    iat: epochSeconds(clock()),
    jti: id,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    sid,
  }
  return key.sign(claims, 'JWT')
}
