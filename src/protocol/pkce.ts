/**
 * Proof Key for Code Exchange.
 *
 * @see RFC 7636
 */

import { err, ok, type Result } from '../result.ts'
import { oauthError, type OAuthError } from './oauth-error.ts'

/** What the operator demands. */
export interface PkcePolicy {
  readonly enforced: boolean
  readonly enforcedForPublicClients: boolean
}

/**
 * Checks `code_challenge` and `code_challenge_method` of an authorization request (RFC 7636 §4.3).
 * Only `S256` is accepted: `plain`, which is also meant by an absent method, gives an eavesdropper the verifier.
 *
 * @returns the challenge to store, `undefined` when the request uses no PKCE; `invalid_request` otherwise.
 */
export function checkCodeChallenge(
  challenge: string | undefined,
  method: string | undefined,
  client: { readonly isPublic: boolean },
  policy: PkcePolicy,
): Result<string | undefined, OAuthError> {
  if (challenge === undefined) return checkAbsentChallenge(method, client, policy)
  if (method !== 'S256') {
    const hint =
      method === undefined || method === 'plain'
        ? "The code_challenge_method 'plain' (also meant when it is absent) is not allowed, use 'S256'."
        : "The code_challenge_method is not supported, use 'S256'."
    return err(oauthError('invalid_request', hint))
  }
  // base64url of a SHA-256 digest without padding is always 43 characters.
  if (!/^[A-Za-z0-9_-]{43}$/u.test(challenge)) {
    return err(
      oauthError(
        'invalid_request',
        'The code_challenge must be the base64url-encoded SHA-256 of the code_verifier, 43 characters.',
      ),
    )
  }
  return ok(challenge)
}

function checkAbsentChallenge(
  method: string | undefined,
  client: { readonly isPublic: boolean },
  policy: PkcePolicy,
): Result<undefined, OAuthError> {
  if (policy.enforced || (policy.enforcedForPublicClients && client.isPublic)) {
    return err(
      oauthError(
        'invalid_request',
        'Clients must include a code_challenge when performing the authorization code flow, but it is missing.',
      ),
    )
  }
  if (method !== undefined) {
    return err(
      oauthError('invalid_request', 'A code_challenge_method was sent without a code_challenge.'),
    )
  }
  return ok(undefined)
}

/**
 * Checks a `code_verifier` against the challenge stored with the authorization code (RFC 7636 §4.6).
 *
 * @param challenge `undefined` when the authorization request carried none.
 * @param verifier 43–128 characters of `[A-Za-z0-9-._~]`; `undefined` when not sent.
 * @param isS256 whether a challenge is the base64url (no padding) of the SHA-256 of a verifier, found out in constant time.
 * @returns `invalid_grant` when the verifier is missing, malformed, unexpected or does not match.
 */
export function checkCodeVerifier(
  challenge: string | undefined,
  verifier: string | undefined,
  isS256: (challenge: string, verifier: string) => boolean,
): Result<void, OAuthError> {
  if (challenge === undefined) {
    // RFC 9700 §4.8.2: a verifier without a challenge means that an attacker stripped the challenge.
    return verifier === undefined
      ? ok(undefined)
      : err(
          oauthError(
            'invalid_grant',
            'A code_verifier was sent, but the authorization request carried no code_challenge.',
          ),
        )
  }
  if (verifier === undefined) {
    return err(
      oauthError(
        'invalid_grant',
        'The authorization request carried a code_challenge, but no code_verifier was sent.',
      ),
    )
  }
  if (verifier.length < 43 || verifier.length > 128) {
    return err(oauthError('invalid_grant', 'The code_verifier must be 43 to 128 characters long.'))
  }
  if (!/^[A-Za-z0-9\-._~]+$/u.test(verifier)) {
    return err(
      oauthError(
        'invalid_grant',
        'The code_verifier may hold only letters, digits, hyphen, period, underscore and tilde.',
      ),
    )
  }
  return isS256(challenge, verifier)
    ? ok(undefined)
    : err(oauthError('invalid_grant', 'The code_verifier does not match the code_challenge.'))
}
