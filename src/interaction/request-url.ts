/** URLs of the authorization endpoint as the flows use them. */

import type { Settings } from '../settings.ts'

/** The authorization endpoint as advertised. */
export function authorizationUrl(settings: Pick<Settings, 'discovery' | 'publicUrl'>): string {
  return settings.discovery.authUrl ?? `${settings.publicUrl}/oauth2/auth`
}

/** The authorization request as the login and consent objects show it. */
export function requestUrl(
  settings: Pick<Settings, 'discovery' | 'publicUrl'>,
  query: string,
): string {
  return `${authorizationUrl(settings)}?${query}`
}

/** The next pass: the request with one verifier more, keys sorted, repeated ones kept. */
export function passUrl(
  settings: Pick<Settings, 'discovery' | 'publicUrl'>,
  query: string,
  verifier: { readonly name: 'login_verifier' | 'consent_verifier'; readonly value: string },
): string {
  const params = new URLSearchParams(query)
  params.append(verifier.name, verifier.value)
  params.sort()
  return requestUrl(settings, params.toString())
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
  params.sort()
  return params.toString()
}
