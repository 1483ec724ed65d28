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
import { formLost } from '../form-lost.ts'
import { checkFormToken, issueFormToken } from '../form-token.ts'
import { frameFor } from '../frame.ts'
import { readPageForm } from '../page-form.ts'
import { clientIdentity } from '../pages/client-identity.ts'
import { renderSignedOut, renderSignOut, renderStillSignedIn } from '../pages/sign-out.ts'
import type { Hints } from '../presentation.ts'
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
    if (challenge === '') return missingChallenge(input)
    const logout = await getLogoutRequest(services, challenge)
    if (!logout.ok) return flowTrouble(input, { kind, challenge, error: logout.error })
    if (logout.value.client?.skip_logout_consent === true)
      return follow(input, { status: 302, kind, challenge }, acceptLogout(services, challenge))
    return ask(input, logout.value, { isLost: false })
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
    if (form === undefined) return unreadableForm(input)
    const { challenge } = form
    if (challenge === '') return missingChallenge(input)
    const logout = await getLogoutRequest(services, challenge)
    if (!logout.ok) return flowTrouble(input, { kind, challenge, error: logout.error })
    if (!checkFormToken(services, input.request, form))
      return ask(input, logout.value, { isLost: true })
    return form.rejected
      ? reject(input, logout.value)
      : follow(input, { status: 303, kind, challenge }, acceptLogout(services, challenge))
  },
}

/** Where a logout ends when no other page is named. */
export const showSignedOut: Endpoint = {
  method: 'GET',
  path: '/ui/signed-out',
  summary: 'Signed out',
  responses: { 200: html },
  async handle(input) {
    return respondPage(200, renderSignedOut(frameFor(input)))
  },
}

async function reject(input: EndpointRequest, logout: LogoutRequest): Promise<Response> {
  const { services } = input
  const { challenge } = logout
  const rejected = await rejectLogout(services, challenge)
  if (!rejected.ok) return flowTrouble(input, { kind, challenge, error: rejected.error })
  const markup = renderStillSignedIn(
    frameFor(input, hintsOf(logout)),
    await facts(services, logout),
  )
  return respondPage(200, markup)
}

async function ask(
  input: EndpointRequest,
  logout: LogoutRequest,
  { isLost }: { readonly isLost: boolean },
): Promise<Response> {
  const { services, request } = input
  const frame = frameFor(input, hintsOf(logout))
  const token = issueFormToken(services, request, logout.challenge)
  const markup = renderSignOut(frame, {
    form: { action: `${frame.base}/ui/logout`, challenge: logout.challenge, csrf: token.csrf },
    ...(await facts(services, logout)),
    problem: isLost ? formLost(frame.words) : undefined,
  })
  const places = logout.client?.post_logout_redirect_uris ?? []
  const sources = formActionSources(services.settings, places)
  return respondPage(isLost ? 403 : 200, markup, sources, token.headers)
}

/** RP-Initiated Logout §2 has `ui_locales`, and no `display`. */
function hintsOf({ language }: LogoutRequest): Hints {
  return { language, isPopup: false }
}

async function facts({ storage }: Services, { client, subject }: LogoutRequest) {
  const account = await storage.accounts.find(asSubject(subject))
  return {
    client: client === undefined ? undefined : clientIdentity(client),
    signedInAs: account?.email ?? subject,
  }
}
