/** The `id_token_hint`: whom the client believes to be signed in. */

import { epochSeconds } from '../brand.ts'
import type { Services } from '../context.ts'
import { idTokenKeySet } from '../keys/key-ring.ts'
import type { JsonObject } from '../protocol/json.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'

/**
 * Claims of a hint that one of our keys signed, old ones included. Expiry is tolerated: the hint names a person, it proves
 * nothing (OpenID Connect Core §3.1.2.1).
 *
 * @returns `invalid_request` for any other defect.
 */
export async function openIdTokenHint(
  services: Pick<Services, 'keys' | 'clock'>,
  hint: string,
): Promise<Result<JsonObject & { readonly sub: string }, OAuthError>> {
  const claims = await services.keys.verify(idTokenKeySet, hint)
  if (claims === undefined) {
    return err(
      oauthError(
        'invalid_request',
        'The id_token_hint is malformed or was not signed by this server.',
      ),
    )
  }
  const now = epochSeconds(services.clock())
  if (isLater(claims['iat'], now) || isLater(claims['nbf'], now)) {
    return err(oauthError('invalid_request', 'The id_token_hint was used before it was issued.'))
  }
  const { sub } = claims
  if (typeof sub !== 'string' || sub === '') {
    return err(oauthError('invalid_request', 'The id_token_hint has no sub claim.'))
  }
  return ok({ ...claims, sub })
}

function isLater(claim: unknown, now: number): boolean {
  return claim !== undefined && (typeof claim !== 'number' || claim > now)
}
