/**
 * The pass behind the consent app, of the authorization endpoint and of the device verification alike: an answered
 * consent becomes a grant. Storing it is up to the caller.
 */

import type { Services } from '../context.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import { ok, type Result } from '../result.ts'
import type { CookieChange } from './cookies.ts'
import { checkBrowser, forgetFlow } from './csrf.ts'
import type { FlowStart } from './flow.ts'
import { newGrant, type NewGrant } from './new-grant.ts'
import { openPass } from './open-pass.ts'
import { end, type Refusal } from './outcome.ts'
import { rejectionError } from './rejection.ts'
import type { Visit } from './visit.ts'

/** A consent that may become a grant. */
export interface Consented {
  readonly start: FlowStart
  readonly made: NewGrant
  /** For the answer that ends the flow. */
  readonly cookies: readonly CookieChange[]
}

/** Opens a consent verifier in the browser that it belongs to and builds the grant. */
export async function redeemConsent(
  services: Services,
  visit: Visit,
  verifier: string,
): Promise<Result<Consented, Refusal>> {
  const { cookies } = visit
  const opened = await openPass(services, visit, 'consent_verifier', verifier)
  if (!opened.ok) return end(opened.error)
  const { start, consent, rejection, consentCsrf } = opened.value
  const binding = { purpose: 'consentCsrf', clientId: start.clientId, flowId: start.id } as const
  const forbidden = checkBrowser(services, cookies, binding, consentCsrf)
  if (rejection !== undefined)
    return end(rejectionError(rejection), [], forbidden === undefined ? start : undefined)
  if (forbidden !== undefined) return end(forbidden)
  if (consent === undefined)
    return end(oauthError('invalid_request', 'The consent was neither accepted nor rejected.'))
  return ok({
    start,
    made: newGrant(services, visit, opened.value, consent),
    cookies: forgetFlow(services, cookies, binding),
  })
}
