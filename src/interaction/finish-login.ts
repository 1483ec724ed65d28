/** Pass B of the authorization endpoint: an answered login goes on to the consent app. */

import type { Services } from '../context.ts'
import { refuse, type AuthorizeOutcome } from './outcome.ts'
import { redeemLogin } from './redeem-login.ts'
import type { AuthorizationVisit } from './visit.ts'

/** Redeems a login verifier; the client is told when that fails. */
export async function finishLogin(
  services: Services,
  visit: AuthorizationVisit,
  verifier: string,
): Promise<AuthorizeOutcome> {
  const next = await redeemLogin(services, visit, verifier)
  return next.ok
    ? { kind: 'page', ...next.value }
    : refuse(visit.request, next.error.error, next.error.cookies)
}
