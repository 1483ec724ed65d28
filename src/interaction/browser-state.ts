/**
 * The state of the end user's browser at this server, as clients may watch it: a random value in a cookie that scripts of
 * `check_session_iframe` read. It changes whenever the end user signs in or out.
 *
 * @see OpenID Connect Session Management 1.0 §2 and §3
 */

import { createHash } from 'node:crypto'
import type { Services } from '../context.ts'
import type { CookieChange, Cookies } from './cookies.ts'

type StateServices = Pick<Services, 'settings' | 'random'>

/** The change of the cookie when the end user has signed in or out; none where clients watch nothing. */
export function changeBrowserState(services: StateServices): readonly CookieChange[] {
  return services.settings.sessionManagement ? [stateCookie(services, newState(services))] : []
}

function newState({ random }: StateServices): string {
  return Buffer.from(random.bytes(24)).toString('base64url')
}

function stateCookie({ settings }: StateServices, value: string): CookieChange {
  const { cookies, ttl } = settings
  return {
    name: cookies.names.browserState,
    value,
    maxAgeSeconds: Math.floor(ttl.authenticationSession / 1000),
    path: cookies.sessionPath,
    isForFrames: true,
  }
}

/** What an authorization response tells its client about the browser. */
export interface SessionState {
  readonly params: Readonly<Record<string, string>>
  readonly cookies: readonly CookieChange[]
}

/**
 * `session_state` of an authorization response: the hash of the client, the origin of its redirect URI and the browser's state,
 * with a salt of its own. A page of another origin learns nothing from it.
 *
 * @returns nothing where session management is off, and for redirect URIs that have no origin (an app's own scheme).
 */
export function sessionState(
  services: StateServices,
  { clientId, redirectUri }: { readonly clientId: string; readonly redirectUri: string },
  cookies: Cookies,
): SessionState {
  const origin = URL.canParse(redirectUri) ? new URL(redirectUri).origin : 'null'
  if (!services.settings.sessionManagement || origin === 'null') return { params: {}, cookies: [] }
  const known = cookies.get(services.settings.cookies.names.browserState) ?? ''
  const state = known === '' ? newState(services) : known
  const salt = services.random.hex(16)
  const hash = createHash('sha256').update(`${clientId} ${origin} ${state} ${salt}`).digest('hex')
  return {
    params: { session_state: `${hash}.${salt}` },
    cookies: known === '' ? [stateCookie(services, state)] : [],
  }
}
