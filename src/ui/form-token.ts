/**
 * Binds a form to the browser that was shown it and to its flow, so that no other site can submit it.
 *
 * The browser holds a sealed random id in a cookie; the form holds a sealed value that names the same id and the
 * challenge. Only this server makes either, and neither opens as the other.
 *
 * @see RFC 9700 §4.7
 */

import { createHash } from 'node:crypto'
import type { Services } from '../context.ts'
import { isSameSecret } from '../tokens/same-secret.ts'
import { readCookie, setCookie } from './cookies.ts'

type TokenServices = Pick<Services, 'settings' | 'sealer' | 'random'>

const cookiePrefix = 'page-cookie:'
const formPrefix = 'page-form:'

/** Both halves of the protection of a form against forgery: the field and the cookie. */
export interface FormToken {
  /** Value of the field `_csrf`. */
  readonly csrf: string
  /** Headers that give the browser its half, unless it has one. */
  readonly headers: readonly (readonly ['set-cookie', string])[]
}

/** Makes the token of a form. A browser keeps its cookie, so that forms in other tabs stay good. */
export function issueFormToken(
  services: TokenServices,
  request: Request,
  challenge: string,
): FormToken {
  const known = browserId(services, request)
  const id = known ?? services.random.hex(16)
  const { settings, sealer } = services
  return {
    csrf: sealer.seal('csrf_cookie', formPayload(id, challenge)),
    headers:
      known === undefined
        ? [setCookie(settings, 'form', sealer.seal('csrf_cookie', cookiePrefix + id))]
        : [],
  }
}

/** Whether a submitted form was shown to this browser, for this challenge. */
export function checkFormToken(
  services: TokenServices,
  request: Request,
  form: { readonly challenge: string; readonly csrf: string },
): boolean {
  if (comesFromElsewhere(services, request)) return false
  const id = browserId(services, request)
  if (id === undefined || form.csrf === '') return false
  const shown = services.sealer.open('csrf_cookie', form.csrf)
  return shown !== undefined && isSameSecret(shown, formPayload(id, form.challenge))
}

/**
 * Whether a browser says that another site's page sent the request (W3C Fetch Metadata §2.4, RFC 6454 §7); the cookie alone
 * would do. Our own forms have the origin `null`, because our pages tell no referrer.
 */
function comesFromElsewhere(
  { settings }: Pick<Services, 'settings'>,
  { headers, url }: Request,
): boolean {
  if (headers.get('sec-fetch-site') === 'cross-site') return true
  const origin = headers.get('origin') ?? 'null'
  if (origin === 'null') return false
  const hosts = [url, settings.publicUrl].map((each) => new URL(each).host)
  return !URL.canParse(origin) || !hosts.includes(new URL(origin).host)
}

function browserId(services: TokenServices, request: Request): string | undefined {
  const sealed = readCookie(services.settings, request, 'form')
  const opened = sealed === undefined ? undefined : services.sealer.open('csrf_cookie', sealed)
  return opened?.startsWith(cookiePrefix) === true ? opened.slice(cookiePrefix.length) : undefined
}

function formPayload(id: string, challenge: string): string {
  return `${formPrefix}${id}:${createHash('sha256').update(challenge).digest('hex')}`
}
