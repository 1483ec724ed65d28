/**
 * `grant_type=urn:ietf:params:oauth:grant-type:device_code`: a device asks whether its user has decided.
 *
 * @see RFC 8628 §3.4 and §3.5
 */

import { after, asChainId, milliseconds, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { allowsGrantType, type Client } from '../protocol/client.ts'
import type { Grant } from '../protocol/grant.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { grantsOfflineAccess } from '../protocol/scope.ts'
import { err, ok, type Result } from '../result.ts'
import type { DeviceRequest } from '../storage/storage.ts'
import { openDeviceCode } from '../tokens/device-code.ts'
import { openGrantSession } from '../tokens/grant-session.ts'
import type { GrantType } from './grant.ts'
import { approveUser, newChain, tokenEnds } from './issue.ts'

/** Asks whether the user of a device has decided (RFC 8628 §3.4). */
export const deviceCode: GrantType = async (services, { form, record, now }) => {
  const { client } = record
  const id = openDeviceCode(services, form.get('device_code') ?? '')
  if (id === undefined) return unknownCode()
  const polled = await services.storage.deviceRequests.poll({
    id,
    clientId: client.client_id,
    now,
    dueBy: after(now, leniency(services)),
  })
  if (polled === undefined) return unknownCode()
  const decided = checkDecision(polled.request, polled.tooFast, now)
  if (!decided.ok) return decided
  const grant = await services.storage.grants.find(id)
  return grant === undefined ||
    grant.tokensRevokedAt !== undefined ||
    grant.codeRedeemedAt !== undefined
    ? spentCode()
    : ok(approve(services, client, grant, now))
}

/** A poll may be a tenth of the interval early: networks deliver unevenly what was sent in time. */
function leniency({ settings }: Services) {
  return milliseconds(Math.floor(settings.deviceAuthorization.pollingInterval / 10))
}

/** RFC 8628 §3.5. What has ended says so, even to a device that asks too fast. */
function checkDecision(
  { state, expiresAt }: DeviceRequest,
  tooFast: boolean,
  now: Instant,
): Result<void, OAuthError> {
  if (expiresAt <= now) return err(oauthError('expired_token'))
  if (state === 'rejected') return err(oauthError('access_denied', 'The end user refused.'))
  if (tooFast) return err(oauthError('slow_down'))
  return state === 'pending' ? err(oauthError('authorization_pending')) : ok(undefined)
}

function approve(services: Services, client: Client, grant: Grant, now: Instant) {
  const kind = 'device_authorization'
  const getsRefreshToken =
    grantsOfflineAccess(grant.grantedScope) && allowsGrantType(client, 'refresh_token')
  const chain = getsRefreshToken
    ? { id: asChainId(services.random.hex(16)), generation: 0 }
    : undefined
  const ends = tokenEnds(services, { client, kind, now })
  return approveUser(services, {
    client,
    grant,
    session: openGrantSession(services.sealer, grant.session),
    kind,
    chain,
    now,
    ends,
    hookClaims: 'add',
    async commit() {
      const redeemed = await services.storage.grants.redeemCode(
        grant.id,
        now,
        chain === undefined ? undefined : newChain(grant, chain.id, ends),
      )
      return redeemed ? ok(undefined) : spentCode()
    },
  })
}

function unknownCode() {
  return err(
    oauthError(
      'invalid_grant',
      'The device code does not exist, or was issued to another client or by another server.',
    ),
  )
}

/** Devices repeat polls whose answer got lost, so a second use is no sign of theft and revokes nothing. */
function spentCode() {
  return err(oauthError('invalid_grant', 'The device code has already been used or was revoked.'))
}
