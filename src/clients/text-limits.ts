/** Texts that no database takes, refused before one does. */

import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import type { Candidate } from './candidate.ts'

/** How many characters a member may have where it is shorter than the body of a request. */
const limits = {
  client_id: 255,
  token_endpoint_auth_signing_alg: 10,
  request_object_signing_alg: 10,
} as const

/** Neither PostgreSQL stores NUL, nor does UTF-8 carry half of a surrogate pair. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, member]) => isStorable(name) && isStorable(member))
}

/** Refuses members that are too long and characters that cannot be stored, wherever they are. */
export function checkTexts({ draft }: Pick<Candidate, 'draft'>): OAuthError | undefined {
  for (const [name, limit] of Object.entries(limits)) {
    const value = draft[name as keyof typeof limits]
    if (Array.from(value).length > limit)
      return oauthError(
        'invalid_client_metadata',
        `Field ${name} must not be longer than ${limit} characters.`,
      )
  }
  return isStorable(draft)
    ? undefined
    : oauthError(
        'invalid_client_metadata',
        'Fields must not contain NUL characters or halves of surrogate pairs.',
      )
}
