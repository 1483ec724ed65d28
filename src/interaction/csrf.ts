/**
 * Binds a flow to the browser that started it: the value sealed in the flow must come back in a cookie.
 *
 * Several tabs of one client (for devices: of one browser) share one cookie, so the value of a cookie that is still good is used again. Only a browser
 * that has none yet gets a second cookie named after the flow, for tabs that start at the same moment and overwrite each
 * other's first cookie.
 *
 * @see RFC 6749 §10.12, RFC 9700 §4.7
 */

import type { ClientId, FlowId } from '../brand.ts'
import type { Services } from '../context.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { isSameSecret } from '../tokens/same-secret.ts'
import type { CookieChange, Cookies } from './cookies.ts'
import { murmur3 } from './murmur3.ts'

/** The step of a flow that a cookie binds to its browser. */
export type CsrfPurpose = 'loginCsrf' | 'consentCsrf' | 'deviceCsrf'

type CsrfServices = Pick<Services, 'settings' | 'sealer' | 'random'>

interface Binding {
  readonly purpose: CsrfPurpose
  /** `undefined` while it is not known which client a device belongs to. */
  readonly clientId: ClientId | undefined
  readonly flowId: FlowId
}

function sharedName(services: CsrfServices, { purpose, clientId }: Binding): string {
  const name = services.settings.cookies.names[purpose]
  return clientId === undefined ? name : `${name}_${murmur3(clientId)}`
}

function flowName(services: CsrfServices, binding: Binding): string {
  return `${sharedName(services, binding)}_${binding.flowId.slice(0, 8)}`
}

function readValue(services: CsrfServices, cookies: Cookies, name: string): string | undefined {
  const sealed = cookies.get(name) ?? ''
  const primary = sealed === '' ? undefined : services.sealer.open('csrf_cookie', sealed)
  const { sameSite, sameSiteLegacyWorkaround } = services.settings.cookies
  if (primary !== undefined || sameSite !== 'None' || !sameSiteLegacyWorkaround) return primary
  const legacy = cookies.get(`${name}_legacy`) ?? ''
  return legacy === '' ? undefined : services.sealer.open('csrf_cookie', legacy)
}

/** Chooses the value for a new flow and the cookies that carry it. */
export function bindBrowser(
  services: CsrfServices,
  cookies: Cookies,
  binding: Binding,
): { readonly csrf: string; readonly changes: readonly CookieChange[] } {
  const shared = sharedName(services, binding)
  const known = readValue(services, cookies, shared)
  const csrf = known ?? services.random.hex(16)
  const names = known === undefined ? [shared, flowName(services, binding)] : [shared]
  return { csrf, changes: names.flatMap((name) => cookieChanges(services, name, csrf)) }
}

function cookieChanges(
  services: CsrfServices,
  name: string,
  csrf: string,
): readonly CookieChange[] {
  const { sameSite, sameSiteLegacyWorkaround } = services.settings.cookies
  const change: CookieChange = {
    name,
    value: services.sealer.seal('csrf_cookie', csrf),
    maxAgeSeconds: Math.floor(services.settings.ttl.loginConsentRequest / 1000),
    path: '/',
  }
  return sameSite === 'None' && sameSiteLegacyWorkaround
    ? [change, { ...change, name: `${name}_legacy`, withoutSameSite: true }]
    : [change]
}

/** Clears the cookie that was named after the flow, if the browser has one. */
export function forgetFlow(
  services: CsrfServices,
  cookies: Cookies,
  binding: Binding,
): readonly CookieChange[] {
  const name = flowName(services, binding)
  return cookies.has(name) ? [{ name, value: '', maxAgeSeconds: 0, path: '/' }] : []
}

/** Checks that the browser holds the flow's value. @returns `request_forbidden` when it does not, `undefined` when it does. */
export function checkBrowser(
  services: CsrfServices,
  cookies: Cookies,
  binding: Binding,
  csrf: string,
): OAuthError | undefined {
  const names = [sharedName(services, binding), flowName(services, binding)]
  const values = names
    .map((name) => readValue(services, cookies, name))
    .filter((value) => value !== undefined)
  if (values.some((value) => isSameSecret(value, csrf))) return undefined
  if (values.length > 0) {
    return oauthError(
      'request_forbidden',
      'The CSRF value of the browser does not match the one of the flow. It may have been started in another browser.',
    )
  }
  const sent = names.some((name) => (cookies.get(name) ?? '') !== '')
  return sent
    ? oauthError('request_forbidden', 'The CSRF session cookie could not be decoded.')
    : oauthError(
        'request_forbidden',
        'No CSRF value is available in the session cookie. Are cookies blocked, or did the host name change on the way?',
      )
}
