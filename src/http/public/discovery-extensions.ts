/**
 * Members of the discovery document that the Ory API does not have. `webfinger.oidc_discovery.extensions` turns them off.
 *
 * @see OpenID Connect Discovery §3, RFC 8414 §2, RFC 9207 §3
 */

import { z } from 'zod'
import type { Settings } from '../../settings.ts'

const truth = z.boolean().optional()

/** Their schemas. */
export const extensionMembers = {
  authorization_response_iss_parameter_supported: truth,
}

/** Their values. */
export function discoveryExtensions({ oauth2 }: Settings) {
  return {
    authorization_response_iss_parameter_supported: oauth2.authorizationResponseIss,
  }
}
