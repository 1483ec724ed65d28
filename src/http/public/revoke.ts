/** `POST /oauth2/revoke`: a client ends one of its tokens. @see RFC 7009 */

import { z } from 'zod'
import { authenticateClient } from '../../client-auth/authenticate.ts'
import { clientRequest } from './client-request.ts'
import { oauthError, type OAuthError } from '../../protocol/oauth-error.ts'
import { err } from '../../result.ts'
import { revokeToken } from '../../tokens/revoke.ts'
import { tokenErrorResponse, tokenHeaders } from '../errors.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { readForm } from '../form.ts'
import { errorOAuth2 } from '../schemas.ts'
import { plainResponse } from '../plain-response.ts'

const revokeRequest = z
  .object({
    token: z.string(),
    client_id: z.string().optional(),
    client_secret: z.string().optional(),
  })
  .meta({ id: 'revokeOAuth2TokenRequest' })

/** `POST /oauth2/revoke` (RFC 7009 §2). */
export const revokeEndpoint: Endpoint = {
  method: 'POST',
  path: '/oauth2/revoke',
  operationId: 'revokeOAuth2Token',
  tag: 'oAuth2',
  summary: 'Revoke OAuth 2.0 access or refresh token',
  crossOrigin: true,
  body: { contentType: 'application/x-www-form-urlencoded', schema: revokeRequest, required: true },
  responses: {
    200: { description: 'The token has ended, or was none of the client before' },
    400: { description: 'The request cannot be parsed or names no client', schema: errorOAuth2 },
    401: { description: 'The client could not be authenticated', schema: errorOAuth2 },
    429: { description: 'A rate limit refuses the request', schema: errorOAuth2 },
  },
  async handle(input) {
    const { services, request } = input
    const revoked = await revoke(input)
    if (revoked.ok) return plainResponse(200, null, noStore)
    return tokenErrorResponse(answerOf(revoked.error), request, services.settings)
  },
}

/** What the caller sees: the fixed texts of the Ory API, without advice. A failure of ours is no fault of the request (RFC 7009 §2.2.1). */
function answerOf(error: OAuthError): OAuthError {
  if (error.status >= 500 || error.status === 429) return error
  return oauthError(error.code === 'invalid_client' ? 'invalid_client' : 'invalid_request')
}

const noStore = {
  'cache-control': tokenHeaders['cache-control'],
  pragma: tokenHeaders.pragma,
} as const

async function revoke(input: EndpointRequest) {
  const { request, services } = input
  const form = await readForm(request, services.settings.limits)
  if (!form.ok) return form
  if (form.value.names().length === 0) return err(oauthError('invalid_request'))
  const client = await authenticateClient(services, clientRequest(input, form.value))
  if (!client.ok) return client
  const token = form.value.get('token') ?? ''
  await revokeToken(services, client.value.client.client_id, token)
  return client
}
