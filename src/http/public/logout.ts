/** `GET|POST /oauth2/sessions/logout`: the end-session endpoint. @see OpenID Connect RP-Initiated Logout 1.0 §2 */

import { parseCookies } from '../../interaction/cookies.ts'
import { logout, type LogoutInput } from '../../interaction/logout.ts'
import { findRepeated } from '../../protocol/parameters.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { readForm } from '../form.ts'
import { spokenTo } from '../page-words.ts'
import { cookieHeaders, toBrowser, toErrorPage } from './browser-response.ts'
import { frontChannelPage } from './front-channel-page.ts'

const responses = {
  200: { description: 'A page that tells clients by front-channel logout, then goes on.' },

  302: { description: 'To the logout app, the error page, or the page after logout.' },
} as const

/** `GET /oauth2/sessions/logout` (OpenID Connect RP-Initiated Logout §2). */
export const logoutEndpoint: Endpoint = {
  method: 'GET',
  path: '/oauth2/sessions/logout',
  operationId: 'revokeOidcSession',
  tag: 'oidc',
  summary: 'OpenID Connect front- and back-channel enabled logout',
  responses,
  handle: (input) => visit(input, input.url.searchParams),
}

/** `POST /oauth2/sessions/logout` (OpenID Connect RP-Initiated Logout §2). */
export const logoutPostEndpoint: Endpoint = {
  method: 'POST',
  path: '/oauth2/sessions/logout',
  summary: 'OpenID Connect logout, parameters in the body',
  responses,
  async handle(input) {
    const form = await readForm(input.request, input.services.settings.limits)
    return form.ok ? visit(input, form.value) : toErrorPage(input.services, form.error, null)
  },
}

async function visit(
  { services, request, url }: EndpointRequest,
  params: LogoutInput['params'],
): Promise<Response> {
  const repeated = findRepeated(url.searchParams)
  if (repeated !== undefined) return toErrorPage(services, repeated, null)
  const outcome = await logout(services, {
    params,
    verifier: (url.searchParams.get('logout_verifier') ?? '').trim(),
    requestUrl: url.pathname + url.search,
    cookies: parseCookies(request.headers.get('cookie')),
  })
  switch (outcome.kind) {
    case 'show':
      return toErrorPage(services, outcome.error, params.get('ui_locales') ?? null)
    case 'page':
      return toBrowser(services, outcome.location, outcome.cookies)
    case 'front_channel':
      return frontChannelPage(
        outcome,
        spokenTo(request, outcome.language),
        cookieHeaders(services, outcome.cookies),
      )
  }
}
