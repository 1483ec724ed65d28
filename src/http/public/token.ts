/** `POST /oauth2/token`: the token endpoint. @see RFC 6749 §3.2 */

import { z } from 'zod'
import { exchange } from '../../grants/exchange.ts'
import { tokenErrorResponse, tokenHeaders } from '../errors.ts'
import type { Endpoint } from '../endpoint.ts'
import { readForm } from '../form.ts'
import { text } from '../respond.ts'
import { clientRequest } from './client-request.ts'
import { errorOAuth2 } from '../schemas.ts'

const tokenRequest = z
  .object({
    grant_type: z.string(),
    code: z.string().optional(),
    refresh_token: z.string().optional(),
    redirect_uri: z.string().optional(),
    client_id: z.string().optional(),
  })
  .meta({ id: 'oauth2TokenExchangeRequest' })

const tokenResponse = z
  .object({
    access_token: z.string().optional(),
    expires_in: z.int().optional().describe('Lifetime of the access token in seconds.'),
    id_token: z.string().optional(),
    refresh_token: z.string().optional(),
    scope: z.string().optional(),
    token_type: z.string().optional(),
  })
  .meta({ id: 'oAuth2TokenExchange' })

/** `POST /oauth2/token` (RFC 6749 §3.2). */
export const tokenEndpoint: Endpoint = {
  method: 'POST',
  path: '/oauth2/token',
  operationId: 'oauth2TokenExchange',
  tag: 'oAuth2',
  summary: 'The OAuth 2.0 token endpoint',
  crossOrigin: true,
  body: { contentType: 'application/x-www-form-urlencoded', schema: tokenRequest, required: true },
  responses: {
    200: { description: 'Tokens', schema: tokenResponse },
    400: { description: 'The request was refused', schema: errorOAuth2 },
    401: { description: 'The client could not be authenticated', schema: errorOAuth2 },
    429: { description: 'A rate limit refuses the request', schema: errorOAuth2 },
  },
  async handle(input) {
    const { request, services } = input
    const form = await readForm(request, services.settings.limits)
    const tokens = form.ok ? await exchange(services, clientRequest(input, form.value)) : form
    if (!tokens.ok) return tokenErrorResponse(tokens.error, request, services.settings)
    return text(200, JSON.stringify(tokens.value), tokenHeaders)
  },
}
