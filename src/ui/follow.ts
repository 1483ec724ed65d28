/** Sends the browser where an answered challenge leads, or says why it leads nowhere. */

import type { InteractionError } from '../interaction/interaction-error.ts'
import type { RedirectTo } from '../interaction/login-request.ts'
import type { Result } from '../result.ts'
import { flowTrouble, type Unusable } from './flow-trouble.ts'
import type { Asker } from './frame.ts'
import { sendOn } from './respond-page.ts'

/** An accepted or rejected challenge. */
export type Answered = Promise<Result<RedirectTo, InteractionError>>

/** Where an answer came from. */
interface Origin {
  /** 303 after a form, 302 otherwise. */
  readonly status: 302 | 303
  readonly kind: Unusable['kind']
  readonly challenge: string
}

/** Follows the address of an answer, or shows why there is none. */
export async function follow(
  asker: Asker,
  { status, kind, challenge }: Origin,
  answered: Answered,
): Promise<Response> {
  const answer = await answered
  return answer.ok
    ? sendOn(status, answer.value.redirect_to)
    : flowTrouble(asker, { kind, challenge, error: answer.error })
}

/** Body of a rejection by the person who was asked (RFC 6749 §4.1.2.1). */
export const denied = {
  error: 'access_denied',
  error_description: 'The resource owner denied the request',
} as const
