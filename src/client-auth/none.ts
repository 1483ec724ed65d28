/** `none`: a public client names itself and proves nothing. @see RFC 6749 §2.1 and §3.2.1 */

import { oauthError } from '../protocol/oauth-error.ts'
import { err, ok } from '../result.ts'
import type { ChooseSecret } from './method.ts'

/** Accepts a public client, which must not send a secret (RFC 6749 §2.1). */
export const none: ChooseSecret = ({ basic, post }) => {
  const sentSecret =
    (basic !== undefined && !basic.isEmpty) || (post !== undefined && !post.isEmpty)
  return sentSecret
    ? err(
        oauthError(
          'invalid_client',
          "The client is registered with the method 'none', but the request carries a secret.",
        ),
      )
    : ok(undefined)
}
