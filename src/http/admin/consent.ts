/** `/admin/oauth2/auth/requests/consent`: the consent app's side of a flow. */

import { z } from 'zod'
import {
  acceptConsent,
  getConsentRequest,
  rejectConsent,
} from '../../interaction/consent-request.ts'
import type { Endpoint } from '../endpoint.ts'
import { oAuth2Client } from '../../clients/client-schema.ts'
import {
  answerEndpoint,
  anyJson,
  optionalFlag,
  optionalInteger,
  optionalObject,
  optionalTexts,
  rejectOAuth2Request,
  requestEndpoint,
} from './interactions.ts'
import { oAuth2ConsentRequestOpenIDConnectContext } from './login.ts'

const path = '/admin/oauth2/auth/requests/consent'
const query = z.object({
  consent_challenge: z.string().describe('The challenge from the query of the consent URL.'),
})

const acceptOAuth2ConsentRequest = z
  .object({
    grant_scope: optionalTexts,
    grant_access_token_audience: optionalTexts,
    session: z
      .object({ access_token: optionalObject, id_token: optionalObject })
      .meta({ id: 'acceptOAuth2ConsentRequestSession' })
      .nullish()
      .transform((value) => value ?? undefined),
    remember: optionalFlag,
    remember_for: optionalInteger.describe('Seconds; 0 is for ever.'),
    handled_at: z.string().optional(),
    context: anyJson,
  })
  .meta({ id: 'acceptOAuth2ConsentRequest' })

/** What the consent app is told. */
export const oAuth2ConsentRequest = z
  .object({
    challenge: z.string(),
    consent_request_id: z.string(),
    requested_scope: z.array(z.string()),
    requested_access_token_audience: z.array(z.string()),
    skip: z.boolean(),
    subject: z.string(),
    /** `null` in device flows. */
    oidc_context: oAuth2ConsentRequestOpenIDConnectContext.nullable(),
    client: oAuth2Client,
    request_url: z.string(),
    login_challenge: z.string(),
    login_session_id: z.string(),
    acr: z.string(),
    amr: z.array(z.string()),
    context: z.unknown(),
  })
  .meta({ id: 'oAuth2ConsentRequest' })

/** Every endpoint below `/admin/oauth2/auth/requests/consent`. */
export const consentEndpoints: readonly Endpoint[] = [
  requestEndpoint({
    path,
    operationId: 'getOAuth2ConsentRequest',
    summary: 'Get OAuth 2.0 consent request',
    description: 'The consent request',
    query,
    challenge: 'consent_challenge',
    response: oAuth2ConsentRequest,
    find: getConsentRequest,
  }),
  answerEndpoint({
    path: `${path}/accept`,
    operationId: 'acceptOAuth2ConsentRequest',
    summary: 'Accept OAuth 2.0 consent request',
    query,
    challenge: 'consent_challenge',
    body: acceptOAuth2ConsentRequest,
    answer: acceptConsent,
  }),
  answerEndpoint({
    path: `${path}/reject`,
    operationId: 'rejectOAuth2ConsentRequest',
    summary: 'Reject OAuth 2.0 consent request',
    query,
    challenge: 'consent_challenge',
    body: rejectOAuth2Request,
    answer: rejectConsent,
  }),
]
