/** Opens the verifier of pass B or C and makes sure that it belongs to the request that carries it. */

import type { Services } from '../context.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import { openFlow } from './flow-codec.ts'
import type { FlowStart, FlowStates } from './flow.ts'
import { canonicalQuery } from './request-url.ts'
import type { Visit } from './visit.ts'

/**
 * @returns `access_denied` for a verifier that this server did not make, or made for another endpoint, `request_unauthorized` for one that ran out,
 *   `invalid_client` when it belongs to another client, `invalid_request` when the request was altered on the way.
 */
export async function openPass<Kind extends 'login_verifier' | 'consent_verifier'>(
  services: Services,
  visit: Visit,
  kind: Kind,
  verifier: string,
): Promise<Result<FlowStates[Kind], OAuthError>> {
  const name = kind === 'login_verifier' ? 'login' : 'consent'
  const flow = await openFlow(services, kind, verifier)
  if (flow.ok ? isOfOther(visit, flow.value) : flow.error === 'unknown') {
    return err(
      oauthError(
        'access_denied',
        `The ${name} verifier has already been used, has not been granted, or is invalid.`,
      ),
    )
  }
  if (!flow.ok) {
    return err(
      oauthError(
        'request_unauthorized',
        `The ${name} request has expired. Start the sign-in again.`,
      ),
    )
  }
  const { start } = flow.value
  if (start.clientId !== visit.client.client_id) {
    return err(oauthError('invalid_client', `The ${name} verifier belongs to another client.`))
  }
  if (canonicalQuery(start.query) !== canonicalQuery(visit.query)) {
    return err(
      oauthError(
        'invalid_request',
        'The parameters of the authorization request were changed after it had started.',
      ),
    )
  }
  return ok(flow.value)
}

/** A flow ends where it began: a device's never at the authorization endpoint, and the other way round. */
function isOfOther({ endpoint }: Visit, { start }: { readonly start: FlowStart }): boolean {
  return (start.device !== undefined) !== (endpoint === 'device')
}
