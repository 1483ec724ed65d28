/** `/admin/oauth2/auth/requests/login`: the login app's side of a flow. */

import { z } from 'zod'
import { acceptLogin, getLoginRequest, rejectLogin } from '../../interaction/login-request.ts'
import type { Endpoint } from '../endpoint.ts'
import { oAuth2Client } from '../../clients/client-schema.ts'
import {
  answerEndpoint,
  anyJson,
  optionalFlag,
  optionalInteger,
  optionalText,
  optionalTexts,
  rejectOAuth2Request,
  requestEndpoint,
} from './interactions.ts'

const path = '/admin/oauth2/auth/requests/login'
const query = z.object({
  login_challenge: z.string().describe('The challenge from the query of the login URL.'),
})

const acceptOAuth2LoginRequest = z
  .object({
    subject: z.string().describe('Identifier of the end user who signed in.'),
    remember: optionalFlag,
    remember_for: optionalInteger.describe('Seconds; 0 stands for ttl.authentication_session.'),
    extend_session_lifespan: optionalFlag,
    acr: optionalText,
    amr: optionalTexts,
    identity_provider_session_id: optionalText,
    force_subject_identifier: optionalText,
    context: anyJson,
  })
  .meta({ id: 'acceptOAuth2LoginRequest' })

/** The parameters of OpenID Connect that login and consent apps are told. */
export const oAuth2ConsentRequestOpenIDConnectContext = z
  .object({
    acr_values: z.array(z.string()).optional(),
    display: z.string().optional(),
    id_token_hint_claims: z.record(z.string(), z.unknown()).optional(),
    login_hint: z.string().optional(),
    ui_locales: z.array(z.string()).optional(),
  })
  .meta({ id: 'oAuth2ConsentRequestOpenIDConnectContext' })

const oAuth2LoginRequest = z
  .object({
    challenge: z.string(),
    requested_scope: z.array(z.string()),
    requested_access_token_audience: z.array(z.string()),
    skip: z.boolean(),
    subject: z.string(),
    /** `null` in device flows. */
    oidc_context: oAuth2ConsentRequestOpenIDConnectContext.nullable(),
    client: oAuth2Client,
    request_url: z.string(),
    session_id: z.string(),
  })
  .meta({ id: 'oAuth2LoginRequest' })

/** Every endpoint below `/admin/oauth2/auth/requests/login`. */
export const loginEndpoints: readonly Endpoint[] = [
  requestEndpoint({
    path,
    operationId: 'getOAuth2LoginRequest',
    summary: 'Get OAuth 2.0 login request',
    description: 'The login request',
    query,
    challenge: 'login_challenge',
    response: oAuth2LoginRequest,
    find: getLoginRequest,
  }),
  answerEndpoint({
    path: `${path}/accept`,
    operationId: 'acceptOAuth2LoginRequest',
    summary: 'Accept OAuth 2.0 login request',
    query,
    challenge: 'login_challenge',
    body: acceptOAuth2LoginRequest,
    answer: acceptLogin,
  }),
  answerEndpoint({
    path: `${path}/reject`,
    operationId: 'rejectOAuth2LoginRequest',
    summary: 'Reject OAuth 2.0 login request',
    query,
    challenge: 'login_challenge',
    body: rejectOAuth2Request,
    answer: rejectLogin,
  }),
]
