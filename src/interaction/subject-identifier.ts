/** The `sub` that a client sees: the subject itself, or one of its own sector. */

import { createHash } from 'node:crypto'
import type { Settings } from '../settings.ts'
import type { Client } from '../protocol/client.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'

/**
 * Computes the subject identifier of OpenID Connect Core §8.1.
 *
 * @param forced identifier that the login app demands; pairwise clients only, `''` when none.
 * @returns `invalid_request` when the client is pairwise but the server or the client is not set up for it.
 */
export function subjectIdentifier(
  settings: Pick<Settings, 'subjectIdentifiers'>,
  client: Client,
  subject: string,
  forced: string,
): Result<string, OAuthError> {
  if (client.subject_type !== 'pairwise') return ok(subject)
  const { supportedTypes, pairwiseSalt } = settings.subjectIdentifiers
  if (!supportedTypes.includes('pairwise')) {
    return err(
      oauthError(
        'invalid_request',
        'The client uses pairwise subject identifiers, but the server does not offer them.',
      ),
    )
  }
  if (forced !== '') return ok(forced)
  const sector = sectorOf(client)
  if (sector === undefined) {
    return err(
      oauthError(
        'invalid_request',
        'A pairwise client needs exactly one redirect URI, or a sector_identifier_uri.',
      ),
    )
  }
  return ok(createHash('sha256').update(`${sector}${subject}${pairwiseSalt}`).digest('hex'))
}

/** The whole `sector_identifier_uri`, since subjects of migrated users depend on it; else the host of the only redirect URI. */
function sectorOf(client: Client): string | undefined {
  if (client.sector_identifier_uri !== '') return client.sector_identifier_uri
  const [only, ...others] = client.redirect_uris
  return only !== undefined && others.length === 0 && URL.canParse(only)
    ? new URL(only).host
    : undefined
}
