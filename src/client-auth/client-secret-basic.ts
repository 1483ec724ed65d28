/** `client_secret_basic`: id and secret in the `Authorization` header. @see RFC 6749 §2.3.1 */

import { oauthError } from '../protocol/oauth-error.ts'
import { err, ok } from '../result.ts'
import type { ChooseSecret } from './method.ts'

/** Takes the secret from the `Authorization` header only (RFC 6749 §2.3.1). */
export const clientSecretBasic: ChooseSecret = ({ basic, post }) => {
  if (post !== undefined && !post.isEmpty) {
    return err(
      oauthError(
        'invalid_client',
        "The client must authenticate with 'client_secret_basic', but the request carries a client_secret in its body.",
      ),
    )
  }
  return basic === undefined
    ? err(
        oauthError(
          'invalid_client',
          "The client must authenticate with 'client_secret_basic': send its id and secret in the Authorization header.",
        ),
      )
    : ok(basic.secret)
}
