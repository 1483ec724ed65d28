/** Pages and redirects as responses. */

import { redirect, type HeaderFields } from '../http/respond.ts'
import { page, type PagePolicy } from '../http/security-headers.ts'
import type { Markup } from './html.ts'

type Pairs = readonly (readonly [name: string, value: string])[]

const fresh: Pairs = [['cache-control', 'no-store']]

/** A page that no cache keeps. `headers` may repeat `set-cookie`. */
export function respondPage(
  status: number,
  markup: Markup,
  formAction: PagePolicy['formAction'] = 'nowhere',
  headers: Pairs = [],
): Response {
  const all: HeaderFields = [...fresh, ...headers]
  return page(status, markup.toString(), { formAction }, all)
}

/** Sends the browser on. 303 after a form: it must not be posted again (RFC 9110 §15.4.4). */
export function sendOn(status: 302 | 303, location: string, headers: Pairs = []): Response {
  return redirect(status, location, [...fresh, ['referrer-policy', 'no-referrer'], ...headers])
}
