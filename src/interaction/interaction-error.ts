/** Why a login, consent or logout operation of the admin API failed. */

import type { OAuthError } from '../protocol/oauth-error.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import type { FlowUnavailable } from './flow-codec.ts'

/** Why a challenge could not be read or answered. */
export type InteractionError =
  /** 404: not a challenge of this server, or its client is gone. */
  | { readonly kind: 'not_found' }
  /** 410: the challenge was answered and used; following `redirectTo` starts the flow again. */
  | { readonly kind: 'handled'; readonly redirectTo: string }
  /** Any other refusal, with the status of its code. */
  | { readonly kind: 'refused'; readonly error: OAuthError }

/** The error for a challenge that did not open. */
export function challengeError(reason: FlowUnavailable): InteractionError {
  return reason === 'unknown'
    ? { kind: 'not_found' }
    : {
        kind: 'refused',
        error: oauthError(
          'request_unauthorized',
          'The challenge has expired. Start the sign-in again from the application.',
        ),
      }
}
