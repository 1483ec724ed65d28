/** Sends the browser where an answered challenge leads, or says why it leads nowhere. */

import type { Services } from '../context.ts'
import type { InteractionError } from '../interaction/interaction-error.ts'
import type { RedirectTo } from '../interaction/login-request.ts'
import type { Result } from '../result.ts'
import { flowTrouble } from './flow-trouble.ts'
import { sendOn } from './respond-page.ts'

/** An accepted or rejected challenge. */
export type Answered = Promise<Result<RedirectTo, InteractionError>>

/** @param status 303 after a form, 302 otherwise. */
export async function follow(
  services: Services,
  status: 302 | 303,
  answered: Answered,
): Promise<Response> {
  const answer = await answered
  return answer.ok
    ? sendOn(status, answer.value.redirect_to)
    : flowTrouble(services.settings, answer.error)
}

/** Body of a rejection by the person who was asked (RFC 6749 §4.1.2.1). */
export const denied = {
  error: 'access_denied',
  error_description: 'The resource owner denied the request',
} as const
