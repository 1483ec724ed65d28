/** URIs of client metadata, taken apart without changing a byte: they are matched as they were registered. */

/** A URI with a scheme (RFC 3986 §3). Absent parts are `''`. */
export interface Uri {
  /** Lower-cased, without the colon. */
  readonly scheme: string
  readonly userInfo: string | undefined
  /** As written; an IPv6 address keeps its brackets. */
  readonly host: string
  /** Digits as written; default ports are not left out. */
  readonly port: string
  readonly path: string
  readonly query: string | undefined
  readonly fragment: string | undefined
}

/**
 * Control characters, white space and backslashes: browsers drop the first two and take the last for slashes (URL Standard §4.4),
 * where RFC 3986 §2 knows none of them.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const ambiguous = /[\u0000-\u001f\u007f\s\\\u200b\ufeff]/u
const badEscape = /%(?![0-9a-f]{2})/iu
const parts = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/isu
/** User info, host and port. A host is a name of RFC 3986 §3.2.2, international letters, or an address in brackets. */
const authority =
  /^(?:([a-z0-9\-._~!$&'()*+,;=:%@]*)@)?(\[[0-9a-f:.%a-z~_-]+\]|(?:[a-z0-9\-._~!$&'()*+,;=]|%[89a-f][0-9a-f]|[\u0080-\u{10ffff}])*)(?::(\d*))?$/iu

/** Takes a URI apart; `undefined` for relative references, control characters, white space, backslashes, bad escapes, hosts and ports. */
export function parseUri(text: string): Uri | undefined {
  if (ambiguous.test(text) || badEscape.test(text)) return undefined
  const match = parts.exec(text)
  if (match === null) return undefined
  const [, scheme = '', location, path = '', query, fragment] = match
  const place = authority.exec(location ?? '')
  if (place === null || (location === undefined && path === '')) return undefined
  return {
    scheme: scheme.toLowerCase(),
    userInfo: place[1],
    host: place[2] ?? '',
    port: place[3] ?? '',
    path,
    query,
    fragment,
  }
}

/** Whether a URI names something on a web server. */
export function isWebUri(uri: Uri): boolean {
  return (uri.scheme === 'https' || uri.scheme === 'http') && uri.host !== ''
}

/** Whether two URIs have the scheme, the host and the explicit port in common. */
export function haveSameOrigin(one: Uri, other: Uri): boolean {
  return one.scheme === other.scheme && one.host === other.host && one.port === other.port
}
