/** The end of a login session, whoever asks for it. */

import { after, milliseconds, type ClientId, type SessionId } from '../brand.ts'
import type { Services } from '../context.ts'
import type { Client } from '../protocol/client.ts'
import type { LoginSession, NewLogoutNotification } from '../storage/storage.ts'
import { deliverLogoutTokens } from './back-channel-logout.ts'
import { disableIdentityProviderSession } from './identity-provider.ts'

/** How long operators can see a notification that was given up. */
const keptFor = milliseconds(7 * 86_400_000)

/** A session that is over, and the clients that took part in it. */
export interface EndedSession {
  readonly session: LoginSession
  readonly clients: readonly Client[]
}

/**
 * Ends a remembered session, and tells its clients and the identity provider in the background. Tokens and consents stay
 * (OpenID Connect Back-Channel Logout §2.7 leaves them to policy).
 *
 * @returns the session to exactly one of concurrent callers; `undefined` when there is none or it is not remembered.
 */
export async function endLoginSession(
  services: Services,
  sid: SessionId,
): Promise<EndedSession | undefined> {
  const { storage, clock } = services
  const found = await storage.loginSessions.find(sid)
  if (found === undefined || !found.remember || found.expiresAt <= clock()) return undefined
  const clients = await clientsOf(services, found)
  const told = clients.filter((client) => client.backchannel_logout_uri !== '')
  const session = await storage.loginSessions.end(
    sid,
    told.map((client) => notification(services, client.client_id, sid)),
  )
  if (session === undefined) return undefined
  if (told.length > 0) void deliverLogoutTokens(services)
  void disableIdentityProviderSession(services, session.identityProviderSessionId)
  return { session, clients }
}

async function clientsOf({ storage }: Services, session: LoginSession): Promise<readonly Client[]> {
  const ids = await storage.grants.clientsOfSession(session.id, session.subject)
  const records = await Promise.all(ids.map((id) => storage.clients.find(id)))
  return records.flatMap((record) => (record === undefined ? [] : [record.client]))
}

function notification(
  { random, clock }: Services,
  clientId: ClientId,
  sid: SessionId,
): NewLogoutNotification {
  const createdAt = clock()
  return { id: random.uuid(), clientId, sid, createdAt, purgeAt: after(createdAt, keptFor) }
}
