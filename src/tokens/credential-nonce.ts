/**
 * Nonces for the proof of possession of a key that a verifiable credential is bound to.
 *
 * A nonce says until when it is good and for which access token, so that nothing is stored. It may be used until it expires.
 *
 * @see OpenID for Verifiable Credential Issuance, draft 00 of the userinfo credential
 */

import { createHash } from 'node:crypto'
import { after, epochSeconds, milliseconds, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { isSameSecret } from './same-secret.ts'

/** Seconds. */
export const credentialNonceLifespan = 3600

function fingerprint(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest('base64url')
}

/** Makes a nonce for an access token. */
export function mintCredentialNonce(
  { sealer }: Pick<Services, 'sealer'>,
  accessToken: string,
  now: Instant,
): string {
  const end = after(now, milliseconds(credentialNonceLifespan * 1000))
  const payload = [epochSeconds(end), fingerprint(accessToken)]
  return sealer.seal('credential_nonce', JSON.stringify(payload))
}

/** Whether a nonce was made for this access token and has not expired. */
export function isCredentialNonce(
  { sealer, clock }: Pick<Services, 'sealer' | 'clock'>,
  accessToken: string,
  nonce: string,
): boolean {
  const text = sealer.open('credential_nonce', nonce)
  if (text === undefined) return false
  const [end, token] = JSON.parse(text) as [number, string]
  return end > epochSeconds(clock()) && isSameSecret(token, fingerprint(accessToken))
}
