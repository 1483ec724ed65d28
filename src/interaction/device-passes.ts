/** The first and the last pass of the verification URL that know their device (RFC 8628 §3.3). */

import type { Services } from '../context.ts'
import { askedLanguage } from '../protocol/language.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import { ok, type Result } from '../result.ts'
import type { DeviceRequest } from '../storage/storage.ts'
import { checkBrowser, forgetFlow } from './csrf.ts'
import { openDeviceVerifier } from './device-flow.ts'
import type { FlowUnavailable } from './flow-codec.ts'
import { end, type NextPage, type Refusal } from './outcome.ts'
import { builtInPages, inLanguage } from './pages.ts'
import { redeemConsent } from './redeem-consent.ts'
import { withParams } from './request-url.ts'
import { askLogin, findUsableSession } from './start-login.ts'
import type { Visit } from './visit.ts'

/** The next page, unless the device request is no more. */
export type DeviceEnd = NextPage | 'gone'

/** Redeems a device verifier in the browser that began the visit, and asks the login app. The clock of the flow starts anew. */
export async function startDeviceLogin(
  services: Services,
  visit: Visit,
  value: string,
): Promise<Result<DeviceEnd, Refusal>> {
  const opened = openDeviceVerifier(services, value)
  if (!opened.ok) return unusable(opened.error)
  const { challenge, requestId, clientId } = opened.value
  const binding = { purpose: 'deviceCsrf', clientId: undefined, flowId: challenge.id } as const
  const forbidden = checkBrowser(services, visit.cookies, binding, challenge.csrf)
  if (forbidden !== undefined) return end(forbidden)
  if (clientId !== visit.client.client_id)
    return end(oauthError('invalid_client', 'The device verifier belongs to another client.'))
  const request = await services.storage.deviceRequests.find(requestId)
  if (request === undefined) return ok('gone')
  if (!isOpen(services, request)) return decided()
  const session = await findUsableSession(services, visit)
  if (!session.ok) return end(session.error)
  const page = await askLogin(services, visit, {
    session: session.value,
    grantId: request.id,
    device: {
      challengeId: challenge.id,
      scope: request.requestedScope,
      audience: request.requestedAudience,
      expiresAt: request.expiresAt,
    },
  })
  return ok({
    location: page.location,
    cookies: [...forgetFlow(services, visit.cookies, binding), ...page.cookies],
  })
}

/** Redeems a consent verifier: exactly one flow decides a device request, and its end user's grant is stored with that. */
export async function finishDevice(
  services: Services,
  visit: Visit,
  verifier: string,
): Promise<Result<DeviceEnd, Refusal>> {
  const consented = await redeemConsent(services, visit, verifier)
  if (!consented.ok) return consented
  const { start, made, cookies } = consented.value
  const { deviceRequests } = services.storage
  const accepted = await deviceRequests.accept({
    id: start.grantId,
    challengeId: start.device?.challengeId ?? '',
    now: services.clock(),
    grant: made.grant,
  })
  if (!accepted.ok) {
    return (await deviceRequests.find(start.grantId)) === undefined ? ok('gone') : decided()
  }
  const { settings } = services
  const language = askedLanguage(new URLSearchParams(visit.query).get('ui_locales'))
  const page =
    settings.urls.deviceSuccess ?? inLanguage(builtInPages(settings).deviceSuccess, language)
  return ok({ location: withParams(page, { client_id: start.clientId }), cookies })
}

function isOpen({ clock }: Services, request: DeviceRequest): boolean {
  return request.state === 'pending' && request.expiresAt > clock()
}

function unusable(reason: FlowUnavailable): Result<never, Refusal> {
  return end(
    reason === 'unknown'
      ? oauthError(
          'access_denied',
          'The device verifier has already been used, has not been granted, or is invalid.',
        )
      : oauthError('request_unauthorized', 'The device request has expired. Start again.'),
  )
}

function decided(): Result<never, Refusal> {
  return end(
    oauthError(
      'access_denied',
      'The user code has expired, or it was used before, or this visit already connected another device.',
    ),
  )
}
