/**
 * Delivers logout tokens to clients. They are queued in the database together with the end of the session, so that none is lost;
 * a failed delivery is tried again, longer and longer apart.
 *
 * @see OpenID Connect Back-Channel Logout 1.0 §2.5 and §2.8
 */

import { after, milliseconds, type Milliseconds } from '../brand.ts'
import type { Services } from '../context.ts'
import { err, ok, type Result } from '../result.ts'
import type { LogoutNotification } from '../storage/storage.ts'
import { mintLogoutToken } from './logout-token.ts'

/** Pause before the second, third, … attempt; after the last one the notification is given up. */
const pauses: readonly Milliseconds[] = [5, 30, 120, 600, 1800, 7200, 21_600].map((seconds) =>
  milliseconds(seconds * 1000),
)

/** Beyond the time that a delivery may take; then another process may try. */
const leaseMargin = 20_000
const batch = 16

/** Sends what is due, until nothing is left. Never throws: what cannot be sent now stays queued. */
export async function deliverLogoutTokens(services: Services): Promise<void> {
  try {
    for (;;) {
      const now = services.clock()
      const due = await services.storage.logoutNotifications.claim({
        now,
        limit: batch,
        leaseUntil: after(now, leaseOf(services)),
      })
      await Promise.all(due.map((notification) => deliver(services, notification)))
      if (due.length < batch) return
    }
  } catch (error) {
    services.log.warn({ error }, 'logout tokens could not be delivered; they stay queued')
  }
}

function leaseOf({ settings }: Services): Milliseconds {
  return milliseconds(settings.limits.outgoing.backChannelLogout.timeout + leaseMargin)
}

async function deliver(services: Services, notification: LogoutNotification): Promise<void> {
  const { id, clientId, sid, attempts } = notification
  const sent = await send(services, notification)
  if (sent.ok) {
    await services.storage.logoutNotifications.delivered(id)
    return
  }
  const pause = pauses[attempts - 1]
  const nextAttemptAt = pause === undefined ? undefined : after(services.clock(), pause)
  await services.storage.logoutNotifications.failed(id, { nextAttemptAt, error: sent.error })
  const fields = { client_id: clientId, sid, attempts, reason: sent.error }
  if (nextAttemptAt === undefined) services.log.error(fields, 'a logout token was given up')
  else services.log.warn(fields, 'a logout token was not delivered; it will be sent again')
}

async function send(
  services: Services,
  notification: LogoutNotification,
): Promise<Result<void, string>> {
  const record = await services.storage.clients.find(notification.clientId)
  const url = record?.client.backchannel_logout_uri ?? ''
  // A client that is gone, or no longer wants to be told, has nothing to wait for.
  if (record === undefined || url === '') return ok(undefined)
  const response = await services.outgoing.fetch({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      logout_token: await mintLogoutToken(services, notification, record.client),
    }).toString(),
    ...services.settings.limits.outgoing.backChannelLogout,
  })
  if (!response.ok) return response
  const { status } = response.value
  return status === 200 || status === 204 ? ok(undefined) : err(`the client answered ${status}`)
}
