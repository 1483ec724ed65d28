/**
 * Members of the discovery document that the Ory API does not have. `webfinger.oidc_discovery.extensions` turns them off.
 *
 * @see OpenID Connect Discovery §3, RFC 8414 §2, RFC 9207 §3
 */

import { z } from 'zod'
import { languages } from '../../protocol/language.ts'
import type { Settings } from '../../settings.ts'

const list = z.array(z.string()).optional()
const truth = z.boolean().optional()

/** Their schemas. */
export const extensionMembers = {
  acr_values_supported: list,
  claim_types_supported: list,
  display_values_supported: list,
  ui_locales_supported: list,
  authorization_response_iss_parameter_supported: truth,
  check_session_iframe: z.string().optional(),
}

/** Their values. */
export function discoveryExtensions(settings: Settings) {
  const { oauth2 } = settings
  const acrValues = acrValuesOf(settings)
  return {
    claim_types_supported: ['normal'],
    ...pages(settings),
    ...(acrValues.length === 0 ? {} : { acr_values_supported: acrValues }),
    authorization_response_iss_parameter_supported: oauth2.authorizationResponseIss,
    ...(settings.sessionManagement
      ? { check_session_iframe: `${settings.publicUrl}/oauth2/sessions/check` }
      : {}),
  }
}

/** A login app has its own; the built-in page gives 1 to a fresh password and 0 to a remembered sign-in. */
function acrValuesOf({ discovery, urls, accountPages }: Settings): readonly string[] {
  const own = urls.login === undefined && accountPages ? ['0', '1'] : []
  return [...new Set([...own, ...discovery.supportedAcr])]
}

/** What the pages of an operator can do is not ours to promise. */
function pages({ urls, accountPages }: Settings) {
  if (!accountPages || urls.login !== undefined || urls.consent !== undefined) return {}
  return {
    display_values_supported: ['page', 'popup', 'touch', 'wap'],
    ui_locales_supported: languages,
  }
}
