/** Writes `Set-Cookie` headers (RFC 6265 §4.1). */

import type { CookieChange } from '../interaction/cookies.ts'
import type { Settings } from '../settings.ts'

/** Serialises a cookie with the configured attributes; both `Max-Age` and `Expires` are sent. */
export function setCookieHeader(
  settings: Pick<Settings, 'cookies'>,
  change: CookieChange,
  now: number,
): string {
  const { domain, secure } = settings.cookies
  const expires = new Date(change.maxAgeSeconds > 0 ? now + change.maxAgeSeconds * 1000 : 0)
  const parts = [
    `${change.name}=${change.value}`,
    `Path=${change.path}`,
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    `Expires=${clampDate(expires).toUTCString()}`,
    `Max-Age=${Math.max(0, change.maxAgeSeconds)}`,
    ...(change.isForFrames === true ? [] : ['HttpOnly']),
    ...(secure ? ['Secure'] : []),
    ...sameSiteOf(settings, change),
  ]
  return parts.join('; ')
}

function sameSiteOf(
  { cookies: { sameSite, secure } }: Pick<Settings, 'cookies'>,
  change: CookieChange,
): readonly string[] {
  // Browsers take `None` from secure cookies only (RFC 6265bis §5.7).
  if (change.isForFrames === true) return [`SameSite=${secure ? 'None' : 'Lax'}`]
  return sameSite === undefined || change.withoutSameSite === true ? [] : [`SameSite=${sameSite}`]
}

/** A lifetime beyond what a date can say counts as the last year of four digits. */
function clampDate(date: Date): Date {
  const last = new Date('9999-12-31T23:59:59Z')
  return Number.isNaN(date.getTime()) || date > last ? last : date
}
