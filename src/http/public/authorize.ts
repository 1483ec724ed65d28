/** `GET|POST /oauth2/auth`: the authorization endpoint. @see RFC 6749 §3.1, OpenID Connect Core §3.1.2 */

import type { Services } from '../../context.ts'
import { authorize } from '../../interaction/authorize.ts'
import { parseCookies } from '../../interaction/cookies.ts'
import type { AuthorizeOutcome } from '../../interaction/outcome.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { readForm, type Form } from '../form.ts'
import { spokenBy } from '../page-words.ts'
import { redirect } from '../respond.ts'
import { cookieHeaders, errorParams, toBrowser, toErrorPage } from './browser-response.ts'
import { authorizationResponse } from './authorization-response.ts'
import { formPostPage } from './form-post-page.ts'

const responses = {
  302: { description: 'To the login app, the consent app or the error page.' },
  303: { description: 'To the client, with the authorization response.' },
} as const

/** `GET /oauth2/auth` (RFC 6749 §3.1). */
export const authorizeEndpoint: Endpoint = {
  method: 'GET',
  path: '/oauth2/auth',
  rateLimit: 'per_address',
  operationId: 'oAuth2Authorize',
  tag: 'oAuth2',
  summary: 'OAuth 2.0 authorize endpoint',
  responses,
  handle: (input) => visit(input, input.url.search.slice(1)),
}

/** `POST /oauth2/auth` (OpenID Connect Core §3.1.2.1). */
export const authorizePostEndpoint: Endpoint = {
  method: 'POST',
  path: '/oauth2/auth',
  rateLimit: 'per_address',
  summary: 'OAuth 2.0 authorize endpoint, parameters in the body (OpenID Connect Core §3.1.2.1)',
  responses,
  async handle(input) {
    const form = await readForm(input.request, input.services.settings.limits)
    if (!form.ok) return toErrorPage(input.services, form.error, null)
    return visit(input, foldBody(input.url, form.value))
  },
}

/** One query out of both; a body parameter replaces the query's of the same name. */
function foldBody(url: URL, body: Form): string {
  const params = new URLSearchParams(url.search)
  for (const name of body.names()) {
    params.delete(name)
    for (const value of body.all(name)) params.append(name, value)
  }
  return params.toString()
}

async function visit({ services, request }: EndpointRequest, query: string): Promise<Response> {
  const cookies = parseCookies(request.headers.get('cookie'))
  const outcome = await authorize(services, { query, cookies })
  switch (outcome.kind) {
    case 'page':
      return toBrowser(services, outcome.location, outcome.cookies)
    case 'show':
      return toErrorPage(services, outcome.error, new URLSearchParams(query).get('ui_locales'))
    case 'respond':
    case 'refuse': {
      const response = responseOf(services, outcome)
      const headers = [...cookieHeaders(services, outcome.cookies), ...noStore]
      return response.kind === 'redirect'
        ? redirect(303, response.location, headers)
        : formPostPage(response, spokenBy(request, new URLSearchParams(query)), headers)
    }
  }
}

const noStore = [
  ['cache-control', 'no-store'],
  ['pragma', 'no-cache'],
] as const

/** The authorization response, with tokens or with an error. */
function responseOf(
  services: Services,
  outcome: Extract<AuthorizeOutcome, { readonly kind: 'respond' | 'refuse' }>,
) {
  const { issuer, oauth2 } = services.settings
  const { place } = outcome
  const params =
    outcome.kind === 'respond'
      ? outcome.params
      : { ...errorParams(services, outcome.error), state: place.state }
  return authorizationResponse(place, {
    ...params,
    // RFC 9207 §2: a client of several servers must be able to tell whose answer it got (mix-up, RFC 9700 §4.4).
    ...(oauth2.authorizationResponseIss ? { iss: issuer } : {}),
  })
}
