/** Algorithms of encrypted objects, one row each. @see RFC 7518 §4 and §5, RFC 8725 §3.2 */

import type { JsonObject } from '../protocol/json.ts'

/** Types of keys that key management works with. */
export type EncryptionKeyType = 'RSA' | 'EC'

/**
 * Key management by `alg`. Neither RSA1_5 (RFC 8725 §3.2: padding oracles) nor anything that works with a shared secret: `dir`, AES key
 * wrap and passwords would need a secret that the server can read.
 */
export const keyManagementAlgorithms: Readonly<Record<string, EncryptionKeyType>> = {
  'RSA-OAEP': 'RSA',
  'RSA-OAEP-256': 'RSA',
  'ECDH-ES': 'EC',
  'ECDH-ES+A128KW': 'EC',
  'ECDH-ES+A256KW': 'EC',
}

/** Content encryption by `enc`. */
export const contentEncryptionAlgorithms: readonly string[] = [
  'A128GCM',
  'A256GCM',
  'A128CBC-HS256',
  'A256CBC-HS512',
]

/** `enc` of a client that chose an `alg` only (OpenID Connect Dynamic Client Registration §2). */
export const defaultContentEncryption = 'A128CBC-HS256'

const curves: readonly unknown[] = ['P-256', 'P-384', 'P-521']

/** Whether a JWK may take part in an `alg`: of its type, for encryption, and not meant for another algorithm. */
export function fitsKeyManagement(jwk: JsonObject, alg: string): boolean {
  const { alg: ofKey = alg } = jwk
  const kty = Object.hasOwn(keyManagementAlgorithms, alg) ? keyManagementAlgorithms[alg] : undefined
  return (
    kty !== undefined &&
    jwk['kty'] === kty &&
    (kty !== 'EC' || curves.includes(jwk['crv'])) &&
    (jwk['use'] === undefined || jwk['use'] === 'enc') &&
    typeof ofKey === 'string' &&
    keyManagementAlgorithms[ofKey] === kty
  )
}
