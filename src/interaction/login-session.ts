/** The remembered login of a browser: its cookie and its stored session. */

import { asSessionId, type SessionId } from '../brand.ts'
import type { Services } from '../context.ts'
import type { LoginSession } from '../storage/storage.ts'
import type { CookieChange, Cookies } from './cookies.ts'

type SessionServices = Pick<Services, 'settings' | 'sealer' | 'storage' | 'clock'>

/** Session id in the browser's cookie; `undefined` when there is none that this server sealed. */
export function readSessionCookie(
  services: SessionServices,
  cookies: Cookies,
): SessionId | undefined {
  const sealed = cookies.get(services.settings.cookies.names.session) ?? ''
  const sid = sealed === '' ? undefined : services.sealer.open('session_cookie', sealed)
  return sid === undefined || sid === '' ? undefined : asSessionId(sid)
}

/** The remembered and living session of the browser. */
export async function findBrowserSession(
  services: SessionServices,
  cookies: Cookies,
): Promise<LoginSession | undefined> {
  const sid = readSessionCookie(services, cookies)
  if (sid === undefined) return undefined
  const session = await services.storage.loginSessions.find(sid)
  return session !== undefined && session.remember && session.expiresAt > services.clock()
    ? session
    : undefined
}

/** Sets the session cookie for `maxAgeSeconds`. */
export function setSessionCookie(
  services: SessionServices,
  sid: SessionId,
  maxAgeSeconds: number,
): CookieChange {
  const { names, sessionPath } = services.settings.cookies
  return {
    name: names.session,
    value: services.sealer.seal('session_cookie', sid),
    maxAgeSeconds,
    path: sessionPath,
  }
}

/** Deletes the session cookie. */
export function deleteSessionCookie(services: SessionServices): CookieChange {
  const { names, sessionPath } = services.settings.cookies
  return { name: names.session, value: '', maxAgeSeconds: 0, path: sessionPath }
}
