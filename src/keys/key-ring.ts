/** The server's own signing keys. */

import type { JsonObject } from '../protocol/json.ts'

/** Set that signs ID tokens, logout tokens and signed userinfo. */
export const idTokenKeySet = 'hydra.openid.id-token'
/** Set that signs JWT access tokens. */
export const accessTokenKeySet = 'hydra.jwt.access-token'

/**
 * Set of the keys that sign in place of `set` for clients that chose an algorithm of which `set` has no key. It is made when the
 * first client asks for it.
 */
export function setOfAlgorithm(set: string, alg: string): string {
  return `${set}.${alg}`
}

/** Set whose keys open encrypted request objects. */
export const requestObjectKeySet = 'hydra.openid.request-object'

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
  /**
   * The key that signs for a set now; with `alg`, the newest key of that algorithm. Where the set has none of it, a set of
   * its own has (see {@link setOfAlgorithm}), so that the set's newest key goes on deciding for everybody else.
   *
   * @param alg one of `algorithms`; throws for another.
   */
  signingKey(set: string, alg?: string): Promise<SigningKey>
  /**
   * All public keys of the broadcast sets, newest first within a set (RFC 7517 §5); behind them those of the sets of single
   * algorithms, and the keys for request objects when there are any.
   */
  publicJwks(): Promise<{ readonly keys: readonly JsonObject[] }>
  /**
   * Claims of a JWT whose signature verifies with a key of `set`, `undefined` otherwise.
   * Only the signature is checked: issuer, audience and times are the caller's to judge.
   */
  verify(set: string, jwt: string): Promise<JsonObject | undefined>
  /** Values of `alg` that the keys for request objects can open; empty when there are no keys. */
  keyManagementAlgorithms(): Promise<readonly string[]>
  /** Plaintext of a compact JWE that a key for request objects opens (RFC 7516 §5.2), `undefined` otherwise. */
  decrypt(jwe: string): Promise<string | undefined>
}
