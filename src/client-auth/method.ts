/** One way for a client to prove who it is; the table of methods is in `authenticate.ts`. */

import type { Secret } from '../brand.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import type { Result } from '../result.ts'
import type { Credentials } from './credentials.ts'

/** What was sent, by place. */
export interface Presented {
  readonly basic: Credentials | undefined
  readonly post: Credentials | undefined
}

/**
 * Picks the secret to verify for a client that registered the method.
 *
 * @returns `undefined` when the method needs no secret; `invalid_client` when the request authenticates in another way.
 */
export type ChooseSecret = (presented: Presented) => Result<Secret | undefined, OAuthError>
