/** A new start for a flow that ran out. */

import type { Services } from '../context.ts'
import { peekFlow } from './flow-codec.ts'
import { requestUrl } from './request-url.ts'

/**
 * The authorization request behind a challenge, whatever its age; following it starts the flow again.
 *
 * @returns `undefined` for what is not a challenge of this server, and for flows that were too large to carry along.
 */
export function restartUrl(
  services: Pick<Services, 'sealer' | 'settings'>,
  kind: 'login_challenge' | 'consent_challenge',
  challenge: string,
): string | undefined {
  const flow = peekFlow(services, kind, challenge)
  return flow === undefined ? undefined : requestUrl(services.settings, flow.start)
}
