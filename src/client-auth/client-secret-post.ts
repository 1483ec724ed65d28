/** `client_secret_post`: id and secret in the request body. @see RFC 6749 §2.3.1 */

import { oauthError } from '../protocol/oauth-error.ts'
import { err, ok } from '../result.ts'
import type { ChooseSecret } from './method.ts'

/** Takes the secret from the form only (RFC 6749 §2.3.1). */
export const clientSecretPost: ChooseSecret = ({ basic, post }) => {
  if (basic !== undefined || post === undefined) {
    return err(
      oauthError(
        'invalid_client',
        "The client must authenticate with 'client_secret_post': send client_id and client_secret in the request body, and no Authorization header.",
      ),
    )
  }
  return ok(post.secret)
}
