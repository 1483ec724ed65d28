/** The state of one run through logout, as it travels sealed in its challenge and verifier. */

import { after, type ClientId, type Instant, type SessionId, type Subject } from '../brand.ts'
import type { Services } from '../context.ts'
import type { Language } from '../protocol/language.ts'
import { err, ok, type Result } from '../result.ts'
import type { FlowUnavailable } from './flow-codec.ts'

/** What the end user is asked to end. */
export interface LogoutFlow {
  readonly subject: Subject
  readonly sid: SessionId
  readonly requestedAt: Instant
  /** True when a client asked, with an `id_token_hint`. */
  readonly rpInitiated: boolean
  readonly clientId: ClientId | undefined
  /** Path and query of the logout request. */
  readonly requestUrl: string
  /** Where the browser goes in the end. */
  readonly redirectTo: string
  /** The first of `ui_locales` that the built-in pages speak (RP-Initiated Logout §2). */
  readonly language: Language | undefined
}

type Kind = 'logout_challenge' | 'logout_verifier'

/** When a logout that started at `requestedAt` runs out. */
export function logoutExpiry(services: Pick<Services, 'settings'>, requestedAt: Instant): Instant {
  return after(requestedAt, services.settings.ttl.loginConsentRequest)
}

/** Seals a logout flow as a challenge or a verifier. */
export function sealLogout(
  services: Pick<Services, 'sealer'>,
  kind: Kind,
  flow: LogoutFlow,
): string {
  return services.sealer.seal(kind, JSON.stringify(flow))
}

/** Opens a challenge or verifier; `expired` also for the UUIDs that former versions of the API used. */
export function openLogout(
  services: Pick<Services, 'sealer' | 'settings' | 'clock'>,
  kind: Kind,
  value: string,
): Result<LogoutFlow, FlowUnavailable> {
  if (/^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/iu.test(value)) return err('expired')
  const text = services.sealer.open(kind, value)
  if (text === undefined) return err('unknown')
  const flow = JSON.parse(text) as LogoutFlow
  return logoutExpiry(services, flow.requestedAt) < services.clock() ? err('expired') : ok(flow)
}
