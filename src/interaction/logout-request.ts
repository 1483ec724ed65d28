/** The logout request: what the logout app is asked, and its answer. */

import type { Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import type { Client } from '../protocol/client.ts'
import type { Language } from '../protocol/language.ts'
import { err, ok, type Result } from '../result.ts'
import { challengeError, type InteractionError } from './interaction-error.ts'
import { logoutExpiry, openLogout, sealLogout } from './logout-flow.ts'
import type { RedirectTo } from './login-request.ts'

/** What the logout app is told, as the API spells it. */
export interface LogoutRequest {
  readonly challenge: string
  readonly subject: string
  readonly sid: string
  /** Path and query only. */
  readonly request_url: string
  readonly rp_initiated: boolean
  readonly requestedAt: Instant
  readonly expiresAt: Instant
  /** `undefined` when no client asked. */
  readonly client: Client | undefined
  /** What `ui_locales` asked for; not part of the API. */
  readonly language: Language | undefined
}

/** Shows a logout challenge as often as asked. */
export async function getLogoutRequest(
  services: Services,
  challenge: string,
): Promise<Result<LogoutRequest, InteractionError>> {
  const flow = openLogout(services, 'logout_challenge', challenge)
  if (!flow.ok) return err(challengeError(flow.error))
  const { subject, sid, requestUrl, rpInitiated, requestedAt, clientId, language } = flow.value
  const record = clientId === undefined ? undefined : await services.storage.clients.find(clientId)
  return ok({
    challenge,
    subject,
    sid,
    request_url: requestUrl,
    rp_initiated: rpInitiated,
    requestedAt,
    expiresAt: logoutExpiry(services, requestedAt),
    client: record?.client,
    language,
  })
}

/** Accepts a logout; the browser must follow the address to carry it out. */
export async function acceptLogout(
  services: Services,
  challenge: string,
): Promise<Result<RedirectTo, InteractionError>> {
  const flow = openLogout(services, 'logout_challenge', challenge)
  if (!flow.ok) return err(challengeError(flow.error))
  const verifier = sealLogout(services, 'logout_verifier', { ...flow.value, requestUrl: '' })
  return ok({
    redirect_to: `${services.settings.publicUrl}/oauth2/sessions/logout?logout_verifier=${encodeURIComponent(verifier)}`,
  })
}

/** Rejects a logout: the challenge is checked, and the session stays. */
export async function rejectLogout(
  services: Services,
  challenge: string,
): Promise<Result<void, InteractionError>> {
  const flow = openLogout(services, 'logout_challenge', challenge)
  return flow.ok ? ok(undefined) : err(challengeError(flow.error))
}
