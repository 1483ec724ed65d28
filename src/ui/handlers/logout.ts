/** `/ui/logout`: asks before a session ends. "No" rejects the logout request. */

import { asSubject } from '../../brand.ts'
import type { Services } from '../../context.ts'
import type { Endpoint, EndpointRequest } from '../../http/endpoint.ts'
import {
  acceptLogout,
  getLogoutRequest,
  rejectLogout,
  type LogoutRequest,
} from '../../interaction/logout-request.ts'
import { flowTrouble, missingChallenge, unreadableForm } from '../flow-trouble.ts'
import { follow } from '../follow.ts'
import { formActionSources } from '../form-action.ts'
import { formsLost } from '../form-lost.ts'
import { checkFormToken, issueFormToken } from '../form-token.ts'
import { frameOf } from '../frame.ts'
import { readPageForm } from '../page-form.ts'
import { clientIdentity } from '../pages/client-identity.ts'
import type { Problem } from '../pages/form-parts.ts'
import { renderSignedOut, renderSignOut, renderStillSignedIn } from '../pages/sign-out.ts'
import { respondPage } from '../respond-page.ts'

const kind = 'logout_challenge'

const html = { description: 'A page.', contentType: 'text/html' }

/** Asks; a client that may skip the question goes on at once. */
export const showLogout: Endpoint = {
  method: 'GET',
  path: '/ui/logout',
  summary: 'Sign out',
  responses: { 200: html, 302: { description: 'On to the end of the session.' } },
  async handle(input) {
    const { services } = input
    const challenge = input.url.searchParams.get('logout_challenge') ?? ''
    if (challenge === '') return missingChallenge(services.settings)
    const logout = await getLogoutRequest(services, challenge)
    if (!logout.ok) return flowTrouble(services, { kind, challenge, error: logout.error })
    if (logout.value.client?.skip_logout_consent === true)
      return follow(services, { status: 302, kind, challenge }, acceptLogout(services, challenge))
    return ask(input, logout.value, undefined)
  },
}

/** Takes the answer. */
export const submitLogout: Endpoint = {
  method: 'POST',
  path: '/ui/logout',
  summary: 'Sign out',
  responses: { 200: html, 303: { description: 'On to the end of the session.' }, 403: html },
  async handle(input) {
    const { services } = input
    const form = await readPageForm(input)
    if (form === undefined) return unreadableForm(services.settings)
    const { challenge } = form
    if (challenge === '') return missingChallenge(services.settings)
    const logout = await getLogoutRequest(services, challenge)
    if (!logout.ok) return flowTrouble(services, { kind, challenge, error: logout.error })
    if (!checkFormToken(services, input.request, form)) return ask(input, logout.value, formsLost)
    return form.rejected
      ? reject(services, logout.value)
      : follow(services, { status: 303, kind, challenge }, acceptLogout(services, challenge))
  },
}

/** Where a logout ends when no other page is named. */
export const showSignedOut: Endpoint = {
  method: 'GET',
  path: '/ui/signed-out',
  summary: 'Signed out',
  responses: { 200: html },
  async handle({ services }) {
    return respondPage(200, renderSignedOut(frameOf(services.settings)))
  },
}

async function reject(services: Services, logout: LogoutRequest): Promise<Response> {
  const { challenge } = logout
  const rejected = await rejectLogout(services, challenge)
  if (!rejected.ok) return flowTrouble(services, { kind, challenge, error: rejected.error })
  const markup = renderStillSignedIn(frameOf(services.settings), await facts(services, logout))
  return respondPage(200, markup)
}

async function ask(
  { services, request }: EndpointRequest,
  logout: LogoutRequest,
  problem: Problem | undefined,
): Promise<Response> {
  const frame = frameOf(services.settings)
  const token = issueFormToken(services, request, logout.challenge)
  const markup = renderSignOut(frame, {
    form: { action: `${frame.base}/ui/logout`, challenge: logout.challenge, csrf: token.csrf },
    ...(await facts(services, logout)),
    problem,
  })
  const places = logout.client?.post_logout_redirect_uris ?? []
  const sources = formActionSources(services.settings, places)
  return respondPage(problem === undefined ? 200 : 403, markup, sources, token.headers)
}

async function facts({ storage }: Services, { client, subject }: LogoutRequest) {
  const account = await storage.accounts.find(asSubject(subject))
  return {
    client: client === undefined ? undefined : clientIdentity(client),
    signedInAs: account?.email ?? subject,
  }
}
