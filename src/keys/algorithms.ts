/** The signature algorithms of the server, one row each; nothing below lists algorithms again. @see RFC 7518 §3.1, RFC 8037 */

import { constants, sign, type KeyObject } from 'node:crypto'
import type { JsonObject } from '../protocol/json.ts'

/** What a signing algorithm needs of its key (RFC 7518 §3.1, RFC 8037 §3.1). */
export interface Algorithm {
  readonly kty: 'RSA' | 'EC' | 'OKP'
  /** Named curve of EC and OKP keys. */
  readonly crv?: string
  /** Modulus of generated RSA keys, in bits. */
  readonly modulusLength?: number
  /** `null`: the algorithm hashes by itself. */
  readonly hash: string | null
  readonly padding?: 'pss'
}

/** By the name that `alg` carries. */
export const algorithms: Readonly<Record<string, Algorithm>> = {
  RS256: { kty: 'RSA', modulusLength: 2048, hash: 'sha256' },
  RS384: { kty: 'RSA', modulusLength: 3072, hash: 'sha384' },
  RS512: { kty: 'RSA', modulusLength: 4096, hash: 'sha512' },
  PS256: { kty: 'RSA', modulusLength: 3072, hash: 'sha256', padding: 'pss' },
  PS384: { kty: 'RSA', modulusLength: 3072, hash: 'sha384', padding: 'pss' },
  PS512: { kty: 'RSA', modulusLength: 4096, hash: 'sha512', padding: 'pss' },
  ES256: { kty: 'EC', crv: 'P-256', hash: 'sha256' },
  ES384: { kty: 'EC', crv: 'P-384', hash: 'sha384' },
  ES512: { kty: 'EC', crv: 'P-521', hash: 'sha512' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', hash: null },
}

/** The algorithm of a key that does not name one. */
const defaults: Readonly<Record<string, string>> = {
  RSA: 'RS256',
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
}

/** The `alg` of a JWK, or the usual one of its type; `''` when there is none. */
export function algorithmName({ alg, kty, crv, use }: JsonObject): string {
  if (typeof alg === 'string' && alg !== '') return alg
  if (use === 'enc') return kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES'
  const type = kty === 'RSA' ? kty : crv
  return (typeof type === 'string' ? defaults[type] : undefined) ?? ''
}

/**
 * Signs bytes in the JWS form of the algorithm (RFC 7515 §5.1).
 *
 * RSA takes a millisecond and goes to the thread pool; the others take microseconds, less than the way there and back.
 */
export function signBytes(
  algorithm: Algorithm,
  key: KeyObject,
  data: Buffer,
): Promise<Buffer> | Buffer {
  if (algorithm.kty === 'OKP') return sign(null, data, key)
  if (algorithm.kty === 'EC') return sign(algorithm.hash, data, { key, dsaEncoding: 'ieee-p1363' })
  const options =
    algorithm.padding === 'pss'
      ? {
          key,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        }
      : { key, padding: constants.RSA_PKCS1_PADDING }
  return new Promise((resolve, reject) => {
    sign(algorithm.hash, data, options, (error, signature) =>
      error === null ? resolve(signature) : reject(error),
    )
  })
}
