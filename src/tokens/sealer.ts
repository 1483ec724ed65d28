/** What is sealed instead of stored, and the interface that seals it. */

/**
 * Every purpose of a sealed value. It is the associated data of the encryption, so that no kind ever opens as another.
 * Tokens carry the prefixes that secret scanners know.
 */
export const sealedKinds = {
  login_challenge: { prefix: '' },
  login_verifier: { prefix: '' },
  consent_challenge: { prefix: '' },
  consent_verifier: { prefix: '' },
  logout_challenge: { prefix: '' },
  logout_verifier: { prefix: '' },
  device_challenge: { prefix: '' },
  device_verifier: { prefix: '' },
  authorization_code: { prefix: 'ory_ac_' },
  access_token: { prefix: 'ory_at_' },
  refresh_token: { prefix: 'ory_rt_' },
  device_code: { prefix: 'ory_dc_' },
  registration_access_token: { prefix: 'ory_at_' },
  page_token: { prefix: '' },
  /** Proves that a key was chosen for a verifiable credential of one access token. */
  credential_nonce: { prefix: '' },
  session_cookie: { prefix: '' },
  csrf_cookie: { prefix: '' },
  /** At rest: session data of a grant. */
  grant_session: { prefix: '' },
  /** At rest: the claims of a built-in user. */
  account_profile: { prefix: '' },
  /** At rest: a private JWK. */
  private_jwk: { prefix: '' },
  /** At rest: a flow too large for a URL. */
  parked_flow: { prefix: '' },
} as const

/** A purpose of sealing: what is sealed for one is never opened for another. */
export type SealedKind = keyof typeof sealedKinds

/**
 * Seals text so that only this server can read or make it.
 *
 * The result is `prefix + base64url(key hint ‖ nonce) + '.' + base64url(ciphertext ‖ tag)`: URL-safe, no padding, two parts.
 * The first secret seals, all open; cookies use `secrets.cookie`, page tokens `secrets.pagination`, all else `secrets.system`.
 */
export interface Sealer {
  /** Seals `payload` (UTF-8). Every call gives a different value. */
  seal(kind: SealedKind, payload: string): string
  /** Opens a value; `undefined` when it was not sealed as this kind under any of the secrets, or was altered in any bit. */
  open(kind: SealedKind, value: string): string | undefined
}
