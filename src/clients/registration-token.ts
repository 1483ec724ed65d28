/**
 * The registration access token: whoever has it may manage the client.
 *
 * @see RFC 7591 §3.2.1, RFC 7592 §3
 */

import { createHash } from 'node:crypto'
import type { ClientId } from '../brand.ts'
import type { Services } from '../context.ts'
import { isSameSecret } from '../tokens/same-secret.ts'
import { sealedKinds } from '../tokens/sealer.ts'

/** A new token, to be shown once, and what is stored of it. */
export interface NewRegistrationToken {
  readonly token: string
  /** SHA-256, hex. */
  readonly hash: string
}

/** The prefix may be left out, so it is no part of what is hashed. */
function hashToken(token: string): string {
  const { prefix } = sealedKinds.registration_access_token
  const bare = token.startsWith(prefix) ? token.slice(prefix.length) : token
  return createHash('sha256').update(bare).digest('hex')
}

/** Issues a token that ends with the client or with the next one issued. */
export function issueRegistrationToken(
  { sealer }: Pick<Services, 'sealer'>,
  clientId: ClientId,
): NewRegistrationToken {
  const token = sealer.seal('registration_access_token', clientId)
  return { token, hash: hashToken(token) }
}

/** Whether a token is the one that was issued last. Nothing matches the hash `''`. */
export function verifyRegistrationToken(token: string, storedHash: string): boolean {
  return isSameSecret(hashToken(token), storedHash)
}

/** Where the client manages itself. */
export function registrationClientUri(publicUrl: string, clientId: ClientId): string {
  return `${publicUrl}/oauth2/register/${encodeURIComponent(clientId)}`
}
