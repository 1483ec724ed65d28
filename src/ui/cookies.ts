/** Cookies of the pages. */

import { createHash } from 'node:crypto'
import { parseCookies } from '../interaction/cookies.ts'
import type { Settings } from '../settings.ts'
import { frameOf } from './frame.ts'

/** What a cookie is for; part of its name. */
export type PageCookie = 'form' | 'demo_request' | 'demo_tokens'

/** Browsers share cookies between the ports of a host, so the name tells servers apart. */
function cookieName(settings: Settings, cookie: PageCookie): string {
  const server = createHash('sha256').update(settings.publicUrl).digest('hex').slice(0, 8)
  return `firebrand_${cookie}_${server}`
}

/** The value of a cookie that the browser sent. */
export function readCookie(
  settings: Settings,
  request: Request,
  cookie: PageCookie,
): string | undefined {
  return parseCookies(request.headers.get('cookie')).get(cookieName(settings, cookie))
}

/**
 * A `Set-Cookie` for the pages only, until the browser closes; `''` deletes the cookie. `Lax`, because the pages are
 * reached from other sites, and a cookie that is not sent then would be replaced under an open form.
 */
export function setCookie(
  settings: Settings,
  cookie: PageCookie,
  value: string,
): readonly ['set-cookie', string] {
  const { base } = frameOf(settings)
  const attributes = [
    `${cookieName(settings, cookie)}=${value}`,
    `Path=${base}/ui`,
    'HttpOnly',
    'SameSite=Lax',
    ...(settings.cookies.secure ? ['Secure'] : []),
    ...(value === '' ? ['Max-Age=0'] : []),
  ]
  return ['set-cookie', attributes.join('; ')]
}
