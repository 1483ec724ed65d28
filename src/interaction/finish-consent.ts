/**
 * Pass C of the authorization endpoint: an answered consent becomes a grant, and the client gets its response.
 *
 * @see RFC 6749 §4.1.2
 */

import type { Services } from '../context.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import { hasScope } from '../protocol/scope.ts'
import { sessionState } from './browser-state.ts'
import { refuse, type AuthorizeOutcome } from './outcome.ts'
import { redeemConsent } from './redeem-consent.ts'
import { responseParams } from './response-params.ts'
import type { AuthorizationVisit } from './visit.ts'

/** Redeems a consent verifier: stores the grant, of which there is one per flow, and answers with what was asked for. */
export async function finishConsent(
  services: Services,
  visit: AuthorizationVisit,
  verifier: string,
): Promise<AuthorizeOutcome> {
  const { request } = visit
  const consented = await redeemConsent(services, visit, verifier)
  if (!consented.ok) return refuse(request, consented.error.error, consented.error.cookies)
  const { made, cookies } = consented.value
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
  const watched = hasScope(made.grant.grantedScope, 'openid')
    ? sessionState(
        services,
        { clientId: visit.client.client_id, redirectUri: request.redirectUri },
        visit.cookies,
      )
    : { params: {}, cookies: [] }
  return {
    kind: 'respond',
    place: request,
    params: { ...params.value, ...watched.params },
    cookies: [...cookies, ...watched.cookies],
  }
}
