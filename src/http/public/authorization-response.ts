/**
 * Writes authorization responses in the mode the client asked for.
 *
 * @see RFC 6749 §4.1.2, OAuth 2.0 Multiple Response Types §2.1, OAuth 2.0 Form Post Response Mode
 */

import type { ResponsePlace } from '../../interaction/outcome.ts'

/** The response to a browser: a redirect (303), or a page that posts itself (200). */
export type AuthorizationResponse =
  | { readonly kind: 'redirect'; readonly location: string }
  | {
      readonly kind: 'form_post'
      readonly action: string
      readonly fields: ReadonlyMap<string, string>
    }

/** Places the parameters; keys in alphabetical order, same-named ones of the redirect URI's query replaced. */
export function authorizationResponse(
  { redirectUri, responseMode }: ResponsePlace,
  params: Readonly<Record<string, string>>,
): AuthorizationResponse {
  const entries = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))
  switch (responseMode) {
    case 'query':
      return { kind: 'redirect', location: withQuery(redirectUri, entries) }
    case 'fragment':
      return {
        kind: 'redirect',
        location: `${redirectUri}#${new URLSearchParams(entries).toString()}`,
      }
    case 'form_post':
      return { kind: 'form_post', action: redirectUri, fields: new Map(entries) }
  }
}

/** The rest of the registered query is kept byte for byte. */
function withQuery(redirectUri: string, entries: readonly (readonly [string, string])[]): string {
  const at = redirectUri.indexOf('?')
  const base = at < 0 ? redirectUri : redirectUri.slice(0, at)
  const names = new Set(entries.map(([name]) => name))
  const kept = (at < 0 ? '' : redirectUri.slice(at + 1))
    .split('&')
    .filter((pair) => pair !== '' && !names.has(nameOf(pair)))
  const added = new URLSearchParams(entries.map(([name, value]) => [name, value])).toString()
  return `${base}?${[...kept, added].join('&')}`
}

function nameOf(pair: string): string {
  const [name = ''] = new URLSearchParams(pair).keys()
  return name
}
