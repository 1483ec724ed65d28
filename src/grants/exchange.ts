/**
 * The phases every token request goes through: grant type, client authentication, permission, hooks, tokens.
 *
 * @see RFC 6749 §3.2
 */

import { authenticateClient, type ClientRequest } from '../client-auth/authenticate.ts'
import type { Services } from '../context.ts'
import { allowsGrantType } from '../protocol/client.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { err, type Result } from '../result.ts'
import type { TokenResponse } from './grant.ts'
import { grantTypes } from './grant-types.ts'
import { askHooks } from './token-hook.ts'

/** Exchanges whatever the form holds for tokens. */
export async function exchange(
  services: Services,
  request: ClientRequest,
): Promise<Result<TokenResponse, OAuthError>> {
  const grantType = request.form.get('grant_type') ?? ''
  const grant = grantTypes.get(grantType)
  if (grant === undefined) {
    const hint =
      grantType === ''
        ? 'The parameter grant_type is missing. Send it form-urlencoded in the request body.'
        : `The grant_type is not supported. Use one of ${[...grantTypes.keys()].join(', ')}.`
    // The Ory API answers invalid_request where RFC 6749 §5.2 has unsupported_grant_type; its clients rely on it.
    return err(oauthError('invalid_request', hint))
  }
  const client = await authenticateClient(services, request)
  if (!client.ok) return client
  if (!allowsGrantType(client.value.client, grantType)) {
    return err(
      oauthError('unauthorized_client', `The client may not use the grant type '${grantType}'.`),
    )
  }
  const { form } = request
  const approved = await grant(services, {
    form,
    record: client.value,
    now: services.clock(),
  })
  if (!approved.ok) return approved
  const approval = approved.value
  const claims = await askHooks(services, {
    form,
    client: client.value.client,
    grantType,
    approval,
  })
  return claims.ok ? approval.issue(claims.value) : claims
}
