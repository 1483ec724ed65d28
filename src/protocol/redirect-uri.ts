/**
 * Which `redirect_uri` a response may go to.
 *
 * @see RFC 6749 §3.1.2, RFC 8252 §7.3 (loopback), RFC 9700 §2.1 (exact matching)
 */

interface LoopbackUri {
  readonly host: string
  /** Path and raw query. */
  readonly rest: string
}

/** Taken apart by hand: a URL parser would normalise `0x7f.1`, dot segments and upper case into a match (RFC 9700 §2.1). */
function parseLoopback(uri: string, schemes: RegExp): LoopbackUri | undefined {
  const match =
    /^([a-z]+):\/\/(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::(\d{1,5}))?((?:[/?][^#]*)?)$/u.exec(
      uri,
    )
  if (match === null || !schemes.test(match[1] ?? '')) return undefined
  const host = match[2] ?? ''
  if (
    !host.startsWith('[') &&
    !host.split('.').every((part) => part === String(Number(part)) && Number(part) <= 255)
  )
    return undefined
  if (Number(match[3] ?? 0) > 65_535) return undefined
  return { host, rest: match[4] ?? '' }
}

/** Whether an absolute URI carries a scheme and no fragment. */
export function isAbsoluteUri(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]*:./iu.test(uri) && !uri.includes('#')
}

/**
 * Finds the URI to answer to.
 *
 * @param requested the `redirect_uri` parameter, `undefined` when it was not sent.
 * @returns the requested URI when it equals a registered one byte for byte, or differs from a loopback one in the port
 *   alone; the only registered URI when none was requested; `undefined` otherwise.
 */
export function matchRedirectUri(
  requested: string | undefined,
  registered: readonly string[],
): string | undefined {
  if (requested === undefined) {
    const [only, ...others] = registered
    return only !== undefined && others.length === 0 && isAbsoluteUri(only) ? only : undefined
  }
  if (!isAbsoluteUri(requested)) return undefined
  if (registered.includes(requested)) return requested
  const wanted = parseLoopback(requested, /^http$/u)
  if (wanted === undefined) return undefined
  const matches = registered.some((candidate) => {
    const known = parseLoopback(candidate, /^https?$/u)
    return known !== undefined && known.host === wanted.host && known.rest === wanted.rest
  })
  return matches ? requested : undefined
}

/** Whether a host name names this very machine: `localhost`, `*.localhost`, 127.0.0.0/8 or `::1`. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase()
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/u.test(name)
  )
}

/** Host of a plain `http` URI, `undefined` for any other scheme. */
function httpHost(uri: string): string | undefined {
  const match = /^http:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/iu.exec(uri)
  return match === null ? undefined : (match[1] ?? '')
}

/** Whether a response may go there without being read on the way: anything but plain http to another machine. */
export function isSecureRedirectUri(uri: string): boolean {
  const host = httpHost(uri)
  return host === undefined || isLoopbackHost(host)
}

/**
 * Whether consent may be skipped for a public client at this URI: https, or http on this machine.
 * A custom scheme may belong to another app that poses as the client (RFC 8252 §8.6).
 */
export function identifiesPublicClient(uri: string): boolean {
  const host = httpHost(uri)
  return host === undefined ? /^https:\/\//iu.test(uri) : isLoopbackHost(host)
}
