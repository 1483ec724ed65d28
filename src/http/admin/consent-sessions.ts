/** `/admin/oauth2/auth/sessions/consent`: what an end user has agreed to, and its end. */

import { z } from 'zod'
import { asClientId, asGrantId, asSessionId, asSubject, instant } from '../../brand.ts'
import { toWireClientOfRequest } from '../../clients/wire.ts'
import type { JsonObject } from '../../protocol/json.ts'
import { oauthError } from '../../protocol/oauth-error.ts'
import { openConsentSessions, type ConsentSession } from '../../sessions/consent-session.ts'
import type { GrantStore } from '../../storage/storage.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { linkHeader, pageQuery, readPage } from '../pagination.ts'
import { json, noContent } from '../respond.ts'
import { errorOAuth2 } from '../schemas.ts'
import { oAuth2ConsentRequest } from './consent.ts'

const path = '/admin/oauth2/auth/sessions/consent'

const oAuth2ConsentSession = z
  .object({
    consent_request_id: z.string(),
    consent_request: oAuth2ConsentRequest,
    grant_scope: z.array(z.string()),
    grant_access_token_audience: z.array(z.string()),
    session: z.object({
      access_token: z.record(z.string(), z.unknown()),
      id_token: z.record(z.string(), z.unknown()),
    }),
    remember: z.boolean(),
    remember_for: z.int().describe('Seconds; 0 is for ever.'),
    handled_at: z.iso.datetime(),
    context: z.unknown(),
  })
  .meta({ id: 'oAuth2ConsentSession' })

/** The wire form of a consent session; the challenge behind it is spent and therefore empty. */
function toWire({ grant, session, client }: ConsentSession): JsonObject {
  return {
    consent_request_id: grant.id,
    consent_request: {
      challenge: '',
      consent_request_id: grant.id,
      requested_scope: grant.requestedScope,
      requested_access_token_audience: grant.requestedAudience,
      skip: grant.skip,
      subject: grant.subject,
      oidc_context: session.oidcContext,
      client: toWireClientOfRequest(client),
      request_url: session.requestUrl,
      login_challenge: grant.flowId,
      login_session_id: grant.loginSessionId ?? '',
      acr: session.acr,
      amr: session.amr,
      context: session.context,
    },
    grant_scope: grant.grantedScope,
    grant_access_token_audience: grant.grantedAudience,
    session: { access_token: session.accessToken, id_token: session.idToken },
    remember: grant.remember,
    remember_for: grant.rememberFor,
    handled_at: new Date(grant.handledAt).toISOString(),
    context: session.context,
  }
}

type Position = NonNullable<Parameters<GrantStore['listBySubject']>[0]['after']>

function parsePosition(text: string): Position {
  const [handledAt = '', id = ''] = text.split(' ')
  return { handledAt: instant(Number(handledAt)), id: asGrantId(id) }
}

/** `GET /admin/oauth2/auth/sessions/consent`. */
export const listConsentSessionsEndpoint: Endpoint = {
  method: 'GET',
  path,
  operationId: 'listOAuth2ConsentSessions',
  tag: 'oAuth2',
  summary: 'List OAuth 2.0 consent sessions of a subject',
  query: z.object({
    ...pageQuery,
    subject: z.string().describe('The subject whose consents are listed.'),
    login_session_id: z.string().optional().describe('Lists consents of this login session only.'),
  }),
  responses: {
    200: {
      description: 'Consent sessions, newest first',
      schema: z.array(oAuth2ConsentSession).meta({ id: 'oAuth2ConsentSessions' }),
    },
    400: { description: 'The request was refused', schema: errorOAuth2 },
  },
  async handle(input) {
    const { storage, clock } = input.services
    const subject = input.url.searchParams.get('subject') ?? ''
    if (subject === '')
      return missing("Query parameter 'subject' is not defined but should have been.")
    const page = readPage(input, path)
    if (!page.ok) return oauthErrorResponse(page.error)
    const { size, after } = page.value
    const sid = input.url.searchParams.get('login_session_id') ?? ''
    const grants = await storage.grants.listBySubject({
      subject: asSubject(subject),
      loginSessionId: sid === '' ? undefined : asSessionId(sid),
      after: after === undefined ? undefined : parsePosition(after),
      limit: size + 1,
      now: clock(),
    })
    const shown = grants.slice(0, size)
    const last = grants.length > size ? shown.at(-1) : undefined
    const next = last === undefined ? undefined : `${last.handledAt} ${last.id}`
    const sessions = await openConsentSessions(input.services, shown)
    return json(200, sessions.map(toWire), { link: linkHeader(input, page.value, next) })
  },
}

function missing(hint: string): Response {
  return oauthErrorResponse(oauthError('invalid_request', hint))
}

/** `DELETE /admin/oauth2/auth/sessions/consent`. */
export const revokeConsentSessionsEndpoint: Endpoint = {
  method: 'DELETE',
  path,
  operationId: 'revokeOAuth2ConsentSessions',
  tag: 'oAuth2',
  summary: 'Revoke OAuth 2.0 consent sessions of a subject',
  query: z.object({
    subject: z.string().optional(),
    client: z.string().optional().describe('Revokes the consents of the subject for this client.'),
    consent_request_id: z.string().optional().describe('Revokes this consent with its tokens.'),
    all: z.boolean().optional().describe('Revokes the consents of the subject for all clients.'),
  }),
  responses: {
    204: { description: 'Consents and their tokens are gone' },
    400: { description: 'The request was refused', schema: errorOAuth2 },
  },
  async handle(input) {
    const which = whichConsents(input)
    if (which === undefined) {
      return missing(
        "Send 'consent_request_id', or 'subject' together with either 'client' or 'all=true', so that nothing is revoked by accident.",
      )
    }
    await input.services.storage.grants.delete(which)
    return noContent()
  },
}

/** Exactly one of the combinations that say clearly what is meant. */
function whichConsents({ url }: EndpointRequest): Parameters<GrantStore['delete']>[0] | undefined {
  const get = (name: string) => url.searchParams.get(name) ?? ''
  const [subject, client, id, all] = [
    get('subject'),
    get('client'),
    get('consent_request_id'),
    get('all') === 'true',
  ]
  if (id !== '') return subject === '' && client === '' ? { id: asGrantId(id) } : undefined
  if (subject === '' || (client === '') === !all) return undefined
  return { subject: asSubject(subject), clientId: client === '' ? undefined : asClientId(client) }
}
