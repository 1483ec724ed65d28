/** `GET /oauth2/sessions/check`: the `check_session_iframe`. @see OpenID Connect Session Management 1.0 §3.3 and §4.2 */

import { asClientId } from '../../brand.ts'
import { apiError } from '../../protocol/api-error.ts'
import { findRepeated } from '../../protocol/parameters.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { json } from '../respond.ts'
import { checkSessionPage } from './check-session-page.ts'

function disabled({ services }: EndpointRequest): Response | undefined {
  return services.settings.sessionManagement
    ? undefined
    : oauthErrorResponse(apiError('not_found', 'Session management is not enabled.'))
}

/** `GET /oauth2/sessions/check` (OpenID Connect Session Management 1.0 §4.2). */
export const checkSessionEndpoint: Endpoint = {
  method: 'GET',
  path: '/oauth2/sessions/check',
  summary: 'The page that clients frame to watch the session',
  responses: { 200: { description: 'The page' }, 404: { description: 'Turned off' } },
  handle: async (input) =>
    disabled(input) ?? checkSessionPage(input.services.settings.cookies.names.browserState),
}

/** `GET /oauth2/sessions/check/origin`: asked by that page, whether an origin is one of a client's redirect URIs. */
export const checkSessionOriginEndpoint: Endpoint = {
  method: 'GET',
  path: '/oauth2/sessions/check/origin',
  summary: 'Whether an origin is one of the redirect URIs of a client',
  responses: { 200: { description: 'The answer' }, 404: { description: 'Turned off' } },
  async handle(input) {
    const off = disabled(input)
    if (off !== undefined) return off
    const { searchParams } = input.url
    const repeated = findRepeated(searchParams)
    if (repeated !== undefined) return oauthErrorResponse(repeated)
    const clientId = searchParams.get('client_id') ?? ''
    const record =
      clientId === '' ? undefined : await input.services.storage.clients.find(asClientId(clientId))
    const origins = (record?.client.redirect_uris ?? []).flatMap(originOf)
    return json(200, { registered: origins.includes(searchParams.get('origin') ?? '') })
  },
}

function originOf(uri: string): readonly string[] {
  const origin = URL.canParse(uri) ? new URL(uri).origin : 'null'
  return origin === 'null' ? [] : [origin]
}
