/** The end of a login session, whoever asks for it. */

import type { SessionId } from '../brand.ts'
import type { Services } from '../context.ts'
import type { LoginSession } from '../storage/storage.ts'

/**
 * Ends a remembered session. Tokens and consents stay (OpenID Connect Back-Channel Logout §2.7 leaves them to policy).
 *
 * @returns the session to exactly one of concurrent callers; `undefined` when there is none or it is not remembered.
 */
export async function endLoginSession(
  { storage, clock }: Pick<Services, 'storage' | 'clock'>,
  sid: SessionId,
): Promise<LoginSession | undefined> {
  const session = await storage.loginSessions.find(sid)
  if (session === undefined || !session.remember || session.expiresAt <= clock()) return undefined
  return storage.loginSessions.delete(sid)
}
