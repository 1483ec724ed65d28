/**
 * Rules of the algorithms that a client chooses for what it gets and sends.
 *
 * @see OpenID Connect Dynamic Client Registration §2
 */

import { algorithms } from '../keys/algorithms.ts'
import {
  contentEncryptionAlgorithms,
  defaultContentEncryption,
  fitsKeyManagement,
  keyManagementAlgorithms,
} from '../keys/encryption-algorithms.ts'
import { idTokenKeySet } from '../keys/key-ring.ts'
import type { Client } from '../protocol/client.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import type { Candidate } from './candidate.ts'

/** What is encrypted, by the first part of the names of its members. */
export type Encrypted = 'id_token' | 'userinfo'

/** How an answer is encrypted for a client. */
export interface ResponseEncryption {
  readonly alg: string
  readonly enc: string
}

const groups = [
  ['id_token_encrypted_response_alg', 'id_token_encrypted_response_enc'],
  ['userinfo_encrypted_response_alg', 'userinfo_encrypted_response_enc'],
  ['request_object_encryption_alg', 'request_object_encryption_enc'],
] as const

/** How an answer is to be encrypted for a client; `undefined` leaves it in the clear. */
export function encryptionOf(
  { responseAlgorithms = {} }: Pick<Client, 'responseAlgorithms'>,
  what: Encrypted,
): ResponseEncryption | undefined {
  const alg = responseAlgorithms[`${what}_encrypted_response_alg`]
  if (alg === undefined) return undefined
  const enc = responseAlgorithms[`${what}_encrypted_response_enc`] ?? defaultContentEncryption
  return { alg, enc }
}

function invalid(name: string, values: readonly string[]): OAuthError {
  return oauthError('invalid_client_metadata', `Field ${name} must be one of ${values.join(', ')}.`)
}

/** `none` is never a choice for ID tokens: a token that anybody can make proves nothing (RFC 8725 §3.2). */
export function checkSigningAlgorithms({
  draft,
}: Pick<Candidate, 'draft'>): OAuthError | undefined {
  const names = Object.keys(algorithms)
  const { id_token_signed_response_alg: idToken } = draft.responseAlgorithms ?? {}
  if (idToken !== undefined && !names.includes(idToken))
    return invalid('id_token_signed_response_alg', names)
  const userinfo = ['none', ...names]
  return userinfo.includes(draft.userinfo_signed_response_alg)
    ? undefined
    : invalid('userinfo_signed_response_alg', userinfo)
}

/**
 * Makes the keys that will sign for a client whose metadata passed, so that a client that reads the key set after its registration finds
 * the key of its first ID token in it.
 */
export async function prepareSigningKeys({
  draft,
  keys,
}: Pick<Candidate, 'draft' | 'keys'>): Promise<void> {
  const idToken = draft.responseAlgorithms?.id_token_signed_response_alg
  const userinfo = draft.userinfo_signed_response_alg
  for (const alg of new Set([idToken, userinfo]))
    if (alg !== undefined && alg !== 'none') await keys.signingKey(idTokenKeySet, alg)
}

/** Known algorithms only, and for answers a key of the client to encrypt to; what is at `jwks_uri` is looked at when it is needed. */
export function checkEncryptionAlgorithms({
  draft,
}: Pick<Candidate, 'draft'>): OAuthError | undefined {
  const chosen = draft.responseAlgorithms ?? {}
  for (const [algName, encName] of groups) {
    const { [algName]: alg, [encName]: enc } = chosen
    const keyAlgorithms = Object.keys(keyManagementAlgorithms)
    if (alg !== undefined && !keyAlgorithms.includes(alg)) return invalid(algName, keyAlgorithms)
    if (enc !== undefined && !contentEncryptionAlgorithms.includes(enc))
      return invalid(encName, contentEncryptionAlgorithms)
    if (enc !== undefined && alg === undefined)
      return oauthError('invalid_client_metadata', `Field ${encName} needs ${algName} beside it.`)
    if (alg !== undefined && algName !== 'request_object_encryption_alg' && !hasKeyFor(draft, alg))
      return oauthError(
        'invalid_client_metadata',
        `Field ${algName} needs a key for ${alg} in jwks, or a jwks_uri.`,
      )
  }
  return undefined
}

function hasKeyFor({ jwks, jwks_uri }: Candidate['draft'], alg: string): boolean {
  return jwks_uri !== '' || jwks?.keys.some((jwk) => fitsKeyManagement(jwk, alg)) === true
}
