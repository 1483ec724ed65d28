/** Names under which assertions may address this server. @see RFC 7523 §3, draft-ietf-oauth-rfc7523bis */

import type { Settings } from '../settings.ts'

/** The token endpoint as advertised, under the public URL and under the issuer, and the issuer itself. */
export function tokenAudiences(
  settings: Pick<Settings, 'issuer' | 'publicUrl' | 'discovery'>,
): readonly string[] {
  const { issuer, publicUrl, discovery } = settings
  const path = '/oauth2/token'
  const all = [discovery.tokenUrl, publicUrl + path, issuer.replace(/\/$/u, '') + path, issuer]
  return [...new Set(all.filter((url) => url !== undefined))]
}
