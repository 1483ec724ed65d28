/** The server's own signing keys. */

import type { JsonObject } from '../protocol/json.ts'

/** Set that signs ID tokens, logout tokens and signed userinfo. */
export const idTokenKeySet = 'hydra.openid.id-token'
/** Set that signs JWT access tokens. */
export const accessTokenKeySet = 'hydra.jwt.access-token'

/** A key ready to sign. `sign` gives a compact JWS with `alg`, `kid` and `typ` in the header. */
export interface SigningKey {
  readonly kid: string
  readonly alg: string
  /** Signs a claims set as a JWT (RFC 7519); the signature is computed off the event loop where that pays. */
  sign(claims: JsonObject, typ: string): Promise<string>
}

/**
 * Signing and verification with the stored key sets.
 *
 * A missing set gets one key on first use, exactly one among concurrent callers and processes. The newest private key
 * signs; every key of a set verifies, chosen by `kid`.
 */
export interface KeyRing {
  /** The key that signs for a set now. */
  signingKey(set: string): Promise<SigningKey>
  /** All public keys of the broadcast sets, newest first within a set (RFC 7517 §5). */
  publicJwks(): Promise<{ readonly keys: readonly JsonObject[] }>
  /**
   * Claims of a JWT whose signature verifies with a key of `set`, `undefined` otherwise.
   * Only the signature is checked: issuer, audience and times are the caller's to judge.
   */
  verify(set: string, jwt: string): Promise<JsonObject | undefined>
}
