/**
 * Assertions of trusted issuers: whose they are, and whether they may be relied on.
 *
 * @see RFC 7523 §3, RFC 7521 §5.2
 */

import type { Services } from '../context.ts'
import { mayBeOfKind, readJwsHeader, type JwsHeader } from '../keys/compact-jws.ts'
import { fitsHeader, keyTypeOf, peekClaims, verifyForeignJws } from '../keys/foreign-jws.ts'
import {
  checkAssertion,
  type AssertionClaims,
  type AssertionPolicy,
} from '../protocol/assertion.ts'
import type { JsonObject } from '../protocol/json.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import type { TrustedIssuer } from '../storage/storage.ts'

/** `typ` of assertions that name their kind (draft-ietf-oauth-rfc7523bis). */
const kind = 'authorization-grant+jwt'

/** An assertion that passed every check but that of its first use. */
export interface VerifiedAssertion {
  readonly claims: AssertionClaims
  /** What it relies on; bounds its scope. */
  readonly trusted: TrustedIssuer
}

type GivenPolicy = Pick<AssertionPolicy, 'audiences' | 'mayAudienceBeList' | 'now'>

function refuse(hint: string): Result<never, OAuthError> {
  return err(oauthError('invalid_grant', hint))
}

/**
 * Verifies an assertion with the keys of the issuer that it names. Trust in its subject comes before trust in any; what has expired is
 * not relied on, whether or not the assertion names its key.
 *
 * @param given names of this server, one of which `aud` must hold, and the time.
 * @returns `invalid_grant` with what is wrong.
 */
export async function verifyAssertion(
  services: Pick<Services, 'storage' | 'settings'>,
  jws: string,
  given: GivenPolicy,
): Promise<Result<VerifiedAssertion, OAuthError>> {
  const header = readJwsHeader(jws)
  const peeked = peekClaims(jws)
  if (header === undefined || peeked === undefined || keyTypeOf(header.alg) === undefined)
    return refuse('The assertion is not a JWT with an asymmetric signature.')
  if (!mayBeOfKind(header, kind)) return refuse('The typ of the assertion is that of another JWT.')
  const { iss, sub } = peeked
  if (typeof iss !== 'string' || iss === '') return refuse('The assertion has no iss claim.')
  if (typeof sub !== 'string' || sub === '') return refuse('The assertion has no sub claim.')
  const candidates = await services.storage.trustedIssuers.findForAssertion({
    issuer: iss,
    subject: sub,
    kid: header.kid,
    now: given.now,
  })
  if (candidates.length === 0)
    return refuse('No key is trusted for the issuer, subject and key id of the assertion.')
  const signed = await findSigner(candidates, jws, header)
  if (signed === undefined)
    return refuse('The signature of the assertion does not match a trusted key.')
  const checked = checkAssertion(signed.claims, policyOf(services, given))
  return checked.ok ? ok({ claims: checked.value, trusted: signed.trusted }) : refuse(checked.error)
}

function policyOf({ settings }: Pick<Services, 'settings'>, given: GivenPolicy): AssertionPolicy {
  const { iatOptional, jtiOptional, maxTtl } = settings.oauth2.jwtBearer
  return {
    ...given,
    maxLifetimeSeconds: maxTtl / 1000,
    isIatRequired: !iatOptional,
    mayIatBeFuture: true,
    isJtiRequired: !jtiOptional,
  }
}

async function findSigner(
  candidates: readonly TrustedIssuer[],
  jws: string,
  header: JwsHeader,
): Promise<{ readonly claims: JsonObject; readonly trusted: TrustedIssuer } | undefined> {
  const bySubject = candidates.filter(({ allowAnySubject }) => !allowAnySubject)
  const byAny = candidates.filter(({ allowAnySubject }) => allowAnySubject)
  for (const trusted of [...bySubject, ...byAny]) {
    if (!fitsHeader(trusted.publicJwk, header)) continue
    const claims = await verifyForeignJws(trusted.publicJwk, jws, header.alg)
    if (claims?.ok === true) return { claims: claims.value, trusted }
  }
  return undefined
}
