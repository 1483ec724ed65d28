/** The verification page's side of a device flow: a user code was entered. */

import type { Services } from '../context.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import { normalizeUserCode } from '../protocol/user-code.ts'
import { err, ok, type Result } from '../result.ts'
import type { DeviceRequest } from '../storage/storage.ts'
import { openDeviceChallenge, sealDeviceVerifier } from './device-flow.ts'
import { challengeError, type InteractionError } from './interaction-error.ts'
import type { RedirectTo } from './login-request.ts'
import { verificationUrl } from './request-url.ts'
import { userCodeHashes } from './user-code-hash.ts'
import { countUserCodeTry, forgiveUserCodes } from './user-code-limits.ts'

/** Body of the accept operation; names are the wire's. */
export interface AcceptDeviceBody {
  readonly user_code?: string | undefined
}

/** What the page that takes the code is told of its visit. */
export interface DeviceVisit {
  /** Query of the verification URL, user codes masked. */
  readonly query: string
}

/** Shows a device challenge as often as asked. @returns an error when the challenge cannot be used at all. */
export function getDeviceVisit(
  services: Services,
  challenge: string,
): Result<DeviceVisit, InteractionError> {
  const visit = openDeviceChallenge(services, challenge)
  return visit.ok ? ok({ query: visit.value.query }) : err(challengeError(visit.error))
}

/**
 * Accepts a user code for a visit of the verification page. May be called again: the code is spent at the end of the flow, by
 * exactly one browser.
 *
 * @returns `invalid_request` for a code that is empty, unknown, expired or decided, with status 429 after too many wrong ones.
 */
export async function acceptDevice(
  services: Services,
  challenge: string,
  body: AcceptDeviceBody,
): Promise<Result<RedirectTo, InteractionError>> {
  const userCode = body.user_code ?? ''
  if (normalizeUserCode(userCode) === '') return refused("Field 'user_code' must not be empty.")
  const visit = openDeviceChallenge(services, challenge)
  if (!visit.ok) return err(challengeError(visit.error))
  const counted = await countUserCodeTry(services, visit.value)
  if (counted === undefined) {
    return refused('Too many wrong user codes were entered. Wait a while, then start again.', 429)
  }
  const request = await findPending(services, userCode)
  if (request === undefined) {
    return refused('The user code is unknown, has expired or was used before.')
  }
  await forgiveUserCodes(services, counted)
  const query = new URLSearchParams(visit.value.query)
  query.set('client_id', request.clientId)
  query.set(
    'device_verifier',
    sealDeviceVerifier(services, {
      challenge: visit.value,
      requestId: request.id,
      clientId: request.clientId,
    }),
  )
  return ok({ redirect_to: `${verificationUrl(services.settings)}?${query.toString()}` })
}

async function findPending(
  { settings, storage, clock }: Services,
  userCode: string,
): Promise<DeviceRequest | undefined> {
  for (const hash of userCodeHashes(settings, userCode)) {
    const request = await storage.deviceRequests.findByUserCode(hash)
    if (request?.state === 'pending' && request.expiresAt > clock()) return request
  }
  return undefined
}

function refused(hint: string, status = 400): Result<never, InteractionError> {
  return err({ kind: 'refused', error: { ...oauthError('invalid_request', hint), status } })
}
