/** Trust in issuers of assertions, as administrators see and change it. */

import { wholeSeconds, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { apiError } from '../protocol/api-error.ts'
import type { JsonObject } from '../protocol/json.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import type { TrustedIssuer } from '../storage/storage.ts'
import { parseTrust } from './parse-trust.ts'

type TrustServices = Pick<Services, 'storage' | 'clock' | 'random'>

/**
 * Trusts an issuer as a decoded JSON body asks for.
 *
 * @returns the failures of {@link parseTrust}; `already_exists` for a known (issuer, subject, kid), and when the kid names another key
 *   of the issuer already.
 */
export async function trustIssuer(
  { storage, clock, random }: TrustServices,
  body: unknown,
): Promise<Result<TrustedIssuer, OAuthError>> {
  const wanted = parseTrust(body)
  if (!wanted.ok) return wanted
  const trusted = { ...wanted.value, id: random.uuid(), createdAt: wholeSeconds(clock()) }
  const created = await storage.trustedIssuers.create(trusted)
  return created.ok ? ok(trusted) : err(apiError('already_exists'))
}

const uuid =
  /^(?:urn:uuid:)?(\{)?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})(\})?$/iu

/** Reads an id in any of the spellings of a UUID. @returns `malformed_request` for anything else. */
export function parseTrustId(text: string): Result<string, OAuthError> {
  const [, open, a, b, c, d, e, close] = uuid.exec(text) ?? []
  return a === undefined || (open === undefined) !== (close === undefined)
    ? err(apiError('malformed_request', 'The id in the path is not a UUID.'))
    : ok([a, b, c, d, e].join('-').toLowerCase())
}

function timestamp(at: Instant): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

/** Writes trust in an issuer for a response. The key is only named. */
export function toWireTrust(trusted: TrustedIssuer): JsonObject {
  return {
    id: trusted.id,
    issuer: trusted.issuer,
    subject: trusted.subject,
    allow_any_subject: trusted.allowAnySubject,
    scope: trusted.scope,
    public_key: { set: trusted.issuer, kid: trusted.kid },
    created_at: timestamp(trusted.createdAt),
    expires_at: timestamp(trusted.expiresAt),
  }
}
