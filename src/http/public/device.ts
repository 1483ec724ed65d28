/** `/oauth2/device/*`: the endpoints of devices and of the browsers that speak for them. @see RFC 8628 */

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { authenticateClient } from '../../client-auth/authenticate.ts'
import { clientRequest } from './client-request.ts'
import { parseCookies } from '../../interaction/cookies.ts'
import { authorizeDevice } from '../../interaction/device-authorization.ts'
import { verifyDevice } from '../../interaction/device-verify.ts'
import { networkOf } from '../../protocol/network.ts'
import { oauthError } from '../../protocol/oauth-error.ts'
import { err } from '../../result.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { apiError } from '../../protocol/api-error.ts'
import { oauthErrorResponse, tokenErrorResponse, tokenHeaders } from '../errors.ts'
import { readForm } from '../form.ts'
import { errorOAuth2 } from '../schemas.ts'
import { cookieHeaders, toBrowser } from './browser-response.ts'
import { plainResponse } from '../plain-response.ts'

const deviceRequest = z
  .object({
    client_id: z.string(),
    scope: z.string().optional(),
    audience: z.string().optional(),
  })
  .meta({ id: 'oAuth2DeviceFlowRequest' })

const deviceAuthorization = z
  .object({
    device_code: z.string().optional(),
    user_code: z.string().optional(),
    verification_uri: z.string().optional(),
    verification_uri_complete: z.string().optional(),
    expires_in: z.int().optional().describe('Lifetime of both codes in seconds.'),
    interval: z.int().optional().describe('Seconds to wait between two polls.'),
  })
  .meta({ id: 'deviceAuthorization' })

/** `POST /oauth2/device/auth` (RFC 8628 §3.1). */
export const deviceAuthorizationEndpoint: Endpoint = {
  method: 'POST',
  path: '/oauth2/device/auth',
  operationId: 'oAuth2DeviceFlow',
  tag: 'oAuth2',
  summary: 'The OAuth 2.0 device authorize endpoint',
  body: { contentType: 'application/x-www-form-urlencoded', schema: deviceRequest, required: true },
  responses: {
    200: { description: 'The codes of the device', schema: deviceAuthorization },
    400: { description: 'The request was refused', schema: errorOAuth2 },
    401: { description: 'The client could not be authenticated', schema: errorOAuth2 },
    429: { description: 'A rate limit refuses the request', schema: errorOAuth2 },
  },
  async handle(input) {
    const answer = await authorize(input)
    return answer.ok
      ? plainResponse(200, JSON.stringify(answer.value), tokenHeaders)
      : tokenErrorResponse(answer.error, input.request, input.services.settings)
  },
}

async function authorize(input: EndpointRequest) {
  const { request, services } = input
  const form = await readForm(request, services.settings.limits)
  if (!form.ok) return form
  if (form.value.names().length === 0) {
    return err(oauthError('invalid_request', 'Send the parameters form-urlencoded in the body.'))
  }
  const client = await authenticateClient(services, clientRequest(input, form.value))
  return client.ok ? authorizeDevice(services, client.value.client, form.value) : client
}

/** `GET /oauth2/device/verify` (RFC 8628 §3.3). */
export const deviceVerifyEndpoint: Endpoint = {
  method: 'GET',
  path: '/oauth2/device/verify',
  rateLimit: 'per_address',
  operationId: 'performOAuth2DeviceVerificationFlow',
  tag: 'oAuth2',
  summary: 'OAuth 2.0 device verification endpoint',
  responses: {
    302: { description: 'To the page that is next.' },
    400: { description: 'The request was refused', schema: errorOAuth2 },
    401: { description: 'The client is unknown, or the flow ran out', schema: errorOAuth2 },
    403: {
      description: 'The flow belongs to another browser, or was refused',
      schema: errorOAuth2,
    },
    404: { description: 'The device request no longer exists', schema: errorOAuth2 },
  },
  async handle({ services, request, url, peerAddress }) {
    const outcome = await verifyDevice(services, {
      query: url.search.slice(1),
      cookies: parseCookies(request.headers.get('cookie')),
      network: networkDigest(peerAddress),
    })
    switch (outcome.kind) {
      case 'page':
        return toBrowser(services, outcome.location, outcome.cookies)
      case 'gone':
        return oauthErrorResponse(apiError('unknown_challenge'))
      case 'refuse':
        return oauthErrorResponse(outcome.error, undefined, [
          ['cache-control', 'no-store'],
          ...cookieHeaders(services, outcome.cookies),
        ])
    }
  },
}

/** Names nobody, and tells networks apart all the same. */
function networkDigest(address: string | undefined): string {
  if (address === undefined) return ''
  return createHash('sha256').update(networkOf(address)).digest('base64url').slice(0, 22)
}
