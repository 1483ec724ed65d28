/**
 * Pass C of the authorization endpoint: an answered consent becomes a grant, and the client gets its response.
 *
 * @see RFC 6749 §4.1.2
 */

import type { Services } from '../context.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import { checkBrowser, forgetFlow } from './csrf.ts'
import { newGrant } from './new-grant.ts'
import { openPass } from './open-pass.ts'
import { refuse, type AuthorizeOutcome } from './outcome.ts'
import { rejectionError } from './rejection.ts'
import { responseParams } from './response-params.ts'
import type { Visit } from './start-login.ts'

/** Redeems a consent verifier: stores the grant, of which there is one per flow, and answers with what was asked for. */
export async function finishConsent(
  services: Services,
  visit: Visit,
  verifier: string,
): Promise<AuthorizeOutcome> {
  const { request, cookies } = visit
  const opened = await openPass(services, visit, 'consent_verifier', verifier)
  if (!opened.ok) return refuse(request, opened.error)
  const { start, consent, rejection, consentCsrf } = opened.value
  if (rejection !== undefined) return refuse(request, rejectionError(rejection))
  const binding = { purpose: 'consentCsrf', clientId: start.clientId, flowId: start.id } as const
  const forbidden = checkBrowser(services, cookies, binding, consentCsrf)
  if (forbidden !== undefined) return refuse(request, forbidden)
  if (consent === undefined) {
    return refuse(
      request,
      oauthError('invalid_request', 'The consent was neither accepted nor rejected.'),
    )
  }

  const made = newGrant(services, visit, opened.value, consent)
  const params = await responseParams(services, visit, made)
  if (!params.ok) return refuse(request, params.error)
  const created = await services.storage.grants.create(made.grant)
  if (!created.ok) {
    return refuse(
      request,
      oauthError(
        'access_denied',
        'The consent verifier has already been used. Start the sign-in again.',
      ),
    )
  }
  return {
    kind: 'respond',
    place: request,
    params: params.value,
    cookies: forgetFlow(services, cookies, binding),
  }
}
