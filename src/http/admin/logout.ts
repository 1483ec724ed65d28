/** `/admin/oauth2/auth/requests/logout`: the logout app's side of a flow. */

import { z } from 'zod'
import { toWireClientOfRequest } from '../../clients/wire.ts'
import { acceptLogout, getLogoutRequest, rejectLogout } from '../../interaction/logout-request.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { json, noContent } from '../respond.ts'
import { oAuth2Client } from '../../clients/client-schema.ts'
import {
  firstOf,
  interactionErrorResponse,
  interactionResponses,
  oAuth2RedirectTo,
  redirectToResponse,
} from './interactions.ts'

const path = '/admin/oauth2/auth/requests/logout'
const query = z.object({
  logout_challenge: z.string().describe('The challenge from the query of the logout URL.'),
})

const oAuth2LogoutRequest = z
  .object({
    challenge: z.string(),
    client: oAuth2Client.nullable(),
    expires_at: z.iso.datetime(),
    request_url: z.string(),
    requested_at: z.iso.datetime(),
    rp_initiated: z.boolean(),
    sid: z.string().optional(),
    subject: z.string(),
  })
  .meta({ id: 'oAuth2LogoutRequest' })

/** A missing challenge is an unknown one here. */
function challengeOf({ url }: EndpointRequest): string {
  return firstOf(url.searchParams, ['logout_challenge', 'challenge'])
}

/** Every endpoint below `/admin/oauth2/auth/requests/logout`. */
export const logoutEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path,
    operationId: 'getOAuth2LogoutRequest',
    tag: 'oAuth2',
    summary: 'Get OAuth 2.0 session logout request',
    query,
    responses: {
      200: { description: 'The logout request', schema: oAuth2LogoutRequest },
      410: { description: 'The request was handled; go to redirect_to', schema: oAuth2RedirectTo },
      ...interactionResponses,
    },
    async handle(input) {
      const request = await getLogoutRequest(input.services, challengeOf(input))
      if (!request.ok) return interactionErrorResponse(request.error)
      const { challenge, subject, sid, request_url, rp_initiated } = request.value
      const { requestedAt, expiresAt, client } = request.value
      return json(200, {
        challenge,
        subject,
        sid,
        request_url,
        rp_initiated,
        requested_at: new Date(requestedAt).toISOString(),
        expires_at: new Date(expiresAt).toISOString(),
        client: client === undefined ? null : toWireClientOfRequest(client),
      })
    },
  },
  {
    method: 'PUT',
    path: `${path}/accept`,
    operationId: 'acceptOAuth2LogoutRequest',
    tag: 'oAuth2',
    summary: 'Accept OAuth 2.0 session logout request',
    query,
    responses: {
      200: { description: 'Where to go next', schema: oAuth2RedirectTo },
      ...interactionResponses,
    },
    handle: async (input) =>
      redirectToResponse(await acceptLogout(input.services, challengeOf(input))),
  },
  {
    method: 'PUT',
    path: `${path}/reject`,
    operationId: 'rejectOAuth2LogoutRequest',
    tag: 'oAuth2',
    summary: 'Reject OAuth 2.0 session logout request',
    query,
    responses: { 204: { description: 'The session stays' }, ...interactionResponses },
    async handle(input) {
      const rejected = await rejectLogout(input.services, challengeOf(input))
      return rejected.ok ? noContent() : interactionErrorResponse(rejected.error)
    },
  },
]
