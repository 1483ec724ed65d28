/** Names under which assertions may address this server. @see RFC 7523 §3, draft-ietf-oauth-rfc7523bis */

import type { AssertionPolicy } from '../protocol/assertion.ts'
import type { Settings } from '../settings.ts'

/**
 * The token endpoint as advertised, under the public URL and under the issuer, and the issuer itself; one of them may stand in a list.
 * With `oauth2.assertion_audience: issuer` the issuer alone, as a single string.
 */
export function assertionAudience(
  settings: Pick<Settings, 'issuer' | 'publicUrl' | 'discovery' | 'oauth2'>,
): Pick<AssertionPolicy, 'audiences' | 'mayAudienceBeList'> {
  const { issuer, publicUrl, discovery, oauth2 } = settings
  if (oauth2.isAssertionAudienceIssuerOnly) return { audiences: [issuer], mayAudienceBeList: false }
  const path = '/oauth2/token'
  const all = [discovery.tokenUrl, publicUrl + path, issuer.replace(/\/$/u, '') + path, issuer]
  const audiences = [...new Set(all.filter((url) => url !== undefined))]
  return { audiences, mayAudienceBeList: true }
}
