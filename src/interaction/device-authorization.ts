/**
 * The device authorization request: a device without a browser asks for a pair of codes.
 *
 * @see RFC 8628 §3.1 and §3.2
 */

import { after, asGrantId, milliseconds, wholeSeconds, type GrantId } from '../brand.ts'
import type { Services } from '../context.ts'
import { allowsGrantType, type Client } from '../protocol/client.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { checkRequestedAccess, type RequestedAccess } from '../protocol/requested-access.ts'
import { scopeStrategies } from '../protocol/scope.ts'
import { makeUserCode } from '../protocol/user-code.ts'
import { err, ok, type Result } from '../result.ts'
import { deviceCodeGrantType, mintDeviceCode } from '../tokens/device-code.ts'
import { verificationUrl } from './request-url.ts'
import { drawBelow, userCodeHashes } from './user-code-hash.ts'

/** The response; names are the wire's. */
export interface DeviceAuthorization {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
  /** Seconds. */
  readonly expires_in: number
  /** Seconds; left out when the operator set none. */
  readonly interval?: number
}

/** A user code that is taken is drawn again, this often in all. */
const draws = 3

/**
 * Stores what the device of an authenticated client asks for and gives it its codes.
 *
 * @returns `invalid_request` when the form names no or another client or an audience that is not
 *   allowed, `invalid_grant` when the client may not use the grant, `invalid_scope`; `server_error` when no free user code was drawn.
 */
export async function authorizeDevice(
  services: Services,
  client: Client,
  form: Parameters,
): Promise<Result<DeviceAuthorization, OAuthError>> {
  if (form.get('client_id') !== client.client_id) {
    // RFC 8628 §3.1: the client_id is a parameter of its own here.
    return err(
      oauthError(
        'invalid_request',
        'The form must hold the client_id of the client that authenticates.',
      ),
    )
  }
  if (!allowsGrantType(client, deviceCodeGrantType)) {
    return err(
      oauthError(
        'invalid_grant',
        `The client may not use the grant type '${deviceCodeGrantType}'.`,
      ),
    )
  }
  const strategy = scopeStrategies[services.settings.strategies.scope]
  const access = checkRequestedAccess(form, client, strategy)
  return access.ok ? issueCodes(services, client, access.value) : access
}

async function issueCodes(
  services: Services,
  client: Client,
  access: RequestedAccess,
): Promise<Result<DeviceAuthorization, OAuthError>> {
  for (let draw = 0; draw < draws; draw++) {
    const id = asGrantId(services.random.hex(16))
    const userCode = makeUserCode(services.settings.deviceAuthorization.userCode, (below) =>
      drawBelow(services.random, below),
    )
    if (await isStored(services, client, access, { id, userCode }))
      return ok(responseOf(services, id, userCode))
  }
  return err(oauthError('server_error', 'No free user code was found. Try again.'))
}

async function isStored(
  { settings, storage, clock }: Services,
  client: Client,
  access: RequestedAccess,
  { id, userCode }: { readonly id: GrantId; readonly userCode: string },
): Promise<boolean> {
  const [userCodeHash = ''] = userCodeHashes(settings, userCode)
  const now = clock()
  const expiresAt = after(wholeSeconds(now), settings.ttl.deviceUserCode)
  // A visit of the verification page, and then the login and consent behind it, may last as long again; until then the row is the
  // witness that the visit is spent.
  const witness = milliseconds(2 * settings.ttl.loginConsentRequest)
  const created = await storage.deviceRequests.create({
    id,
    userCodeHash,
    clientId: client.client_id,
    requestedScope: access.scope,
    requestedAudience: access.audience,
    requestedAt: now,
    expiresAt,
    interval: settings.deviceAuthorization.pollingInterval,
    state: 'pending',
    purgeAt: after(expiresAt, witness),
  })
  return created.ok
}

function responseOf(services: Services, id: GrantId, userCode: string): DeviceAuthorization {
  const { settings } = services
  const interval = Math.ceil(settings.deviceAuthorization.pollingInterval / 1000)
  const uri = verificationUrl(settings)
  return {
    device_code: mintDeviceCode(services, id),
    user_code: userCode,
    verification_uri: uri,
    verification_uri_complete: `${uri}?${new URLSearchParams({ user_code: userCode }).toString()}`,
    expires_in: Math.floor(settings.ttl.deviceUserCode / 1000),
    ...(interval > 0 ? { interval } : {}),
  }
}
