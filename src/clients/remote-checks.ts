/** Rules of client metadata that need the network. */

import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import type { Candidate } from './candidate.ts'
import { parseUri } from './uri.ts'

function invalid(hint: string): OAuthError {
  return oauthError('invalid_client_metadata', hint)
}

/** URLs of a client that the server will connect to some day. */
function serverSideUrls({ draft }: Candidate): readonly (readonly [member: string, url: string])[] {
  return [
    ['jwks_uri', draft.jwks_uri],
    ['backchannel_logout_uri', draft.backchannel_logout_uri],
    ['sector_identifier_uri', draft.sector_identifier_uri],
    ...draft.request_uris.map((url, index) => [`request_uris.${index}`, url] as const),
  ]
}

/**
 * With `clients.http.disallow_private_ip_ranges`, hosts of URLs that the server will connect to must have public
 * addresses already. This spares a later surprise; the protection itself is in the connecting.
 */
export async function checkPrivateAddresses(candidate: Candidate): Promise<OAuthError | undefined> {
  if (!candidate.settings.clientsHttp.disallowPrivateIpRanges) return undefined
  for (const [member, url] of serverSideUrls(candidate)) {
    if (url !== '' && !(await candidate.outgoing.mayConnect(url)))
      return invalid(`Field ${member} must name a host with public addresses.`)
  }
  return undefined
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index])
}

function parseTexts(json: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(json)
    if (!Array.isArray(value) || value.length === 0) return undefined
    const items: readonly unknown[] = value
    const texts = items.filter((item) => typeof item === 'string')
    return texts.length === items.length ? texts : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/**
 * The document at `sector_identifier_uri` must list every redirect URI, so that nobody joins a sector uninvited
 * (OpenID Connect Core §8.1). It is read when one of the two changed.
 */
export async function checkSectorIdentifier(candidate: Candidate): Promise<OAuthError | undefined> {
  const { draft, before, outgoing, settings } = candidate
  const url = draft.sector_identifier_uri
  if (url === '') return undefined
  if (before?.sector_identifier_uri === url && sameTexts(before.redirect_uris, draft.redirect_uris))
    return undefined
  if (parseUri(url)?.scheme !== 'https')
    return invalid('Field sector_identifier_uri must be an https URL.')
  const response = await outgoing.fetch({
    url,
    method: 'GET',
    headers: { accept: 'application/json' },
    body: undefined,
    ...settings.limits.outgoing.sectorIdentifier,
  })
  if (!response.ok)
    return invalid(`The document at sector_identifier_uri could not be read: ${response.error}.`)
  const listed = parseTexts(response.value.text)
  if (listed === undefined)
    return invalid(
      'The document at sector_identifier_uri must be a non-empty JSON array of strings.',
    )
  return draft.redirect_uris.every((uri) => listed.includes(uri))
    ? undefined
    : invalid('The document at sector_identifier_uri must list every redirect URI.')
}
