/** URLs of the endpoints that a browser visits several times in a flow. */

import type { Settings } from '../settings.ts'
import type { FlowStart } from './flow.ts'

/** The authorization endpoint as advertised. */
export function authorizationUrl(settings: Pick<Settings, 'discovery' | 'publicUrl'>): string {
  return settings.discovery.authUrl ?? `${settings.publicUrl}/oauth2/auth`
}

/** `verification_uri` of RFC 8628 §3.2: where end users bring the codes of their devices. */
export function verificationUrl(settings: Pick<Settings, 'publicUrl'>): string {
  return `${settings.publicUrl}/oauth2/device/verify`
}

/** The request as the login and consent objects show it; that of a device is the verification URL. */
export function requestUrl(
  settings: Pick<Settings, 'discovery' | 'publicUrl'>,
  { query, device }: Pick<FlowStart, 'query' | 'device'>,
): string {
  const endpoint = device === undefined ? authorizationUrl(settings) : verificationUrl(settings)
  return `${endpoint}?${query}`
}

/** The next pass: the request with one verifier more, keys sorted, repeated ones kept. */
export function passUrl(
  settings: Pick<Settings, 'discovery' | 'publicUrl'>,
  { query, device }: Pick<FlowStart, 'query' | 'device'>,
  verifier: { readonly name: 'login_verifier' | 'consent_verifier'; readonly value: string },
): string {
  const params = new URLSearchParams(query)
  params.append(verifier.name, verifier.value)
  params.sort()
  return requestUrl(settings, { query: params.toString(), device })
}

/** Adds parameters to a page's URL: behind its own query, before its fragment (single-page apps route in it). */
export function withParams(url: string, params: Readonly<Record<string, string>>): string {
  const [beforeFragment = '', ...fragment] = url.split('#')
  const [path = '', ...query] = beforeFragment.split('?')
  const own = new URLSearchParams(query.join('?'))
  for (const [name, value] of Object.entries(params)) own.set(name, value)
  const base = /^[a-z][a-z0-9+.-]*:\/\/[^/]+$/iu.test(path) ? `${path}/` : path
  return `${base}?${own.toString()}${fragment.length > 0 ? `#${fragment.join('#')}` : ''}`
}

/** The query of a request without the verifiers, in an order that two equal requests share. */
export function canonicalQuery(query: string): string {
  const params = new URLSearchParams(query)
  params.delete('login_verifier')
  params.delete('consent_verifier')
  params.delete('device_verifier')
  params.sort()
  return params.toString()
}
