/** What no handler sees. @see RFC 9112 §3.2, RFC 9110 §15.5 */

import type { IncomingMessage } from 'node:http'

/** How much of a request is read. */
interface HeadSizes {
  readonly maxUrlBytes: number
  readonly maxHeaders: number
}

/** The status for a request that is refused before anything looks into it; `undefined` for all others. */
export function refusalOf(
  { url = '', rawHeaders, headers, httpVersion }: IncomingMessage,
  { maxUrlBytes, maxHeaders }: HeadSizes,
): number | undefined {
  if (url.length > maxUrlBytes) return 414
  if (rawHeaders.length > 2 * maxHeaders) return 431
  // RFC 9112 §3.2: with two hosts, this server and a proxy in front of it could each believe another one.
  if (headers.host === undefined ? httpVersion !== '1.0' : isHostRepeated(rawHeaders)) return 400
  if (!isHost(headers.host ?? '')) return 400
  return climbs(url) ? 404 : undefined
}

/** Node.js keeps the first of two. */
function isHostRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1
  }
  return count > 1
}

/**
 * Whether a path holds dot segments, plain or encoded. URL parsers resolve them, proxies compare them as they are, and
 * between the two a closed path opens; no client of ours sends them.
 */
function climbs(target: string): boolean {
  if (!target.includes('/.') && !target.includes('%2')) return false
  const [path = ''] = target.split(/[?#]/u, 1)
  return /\/(?:\.|%2e){1,2}(?:[/;]|%2f|$)/iu.test(path)
}

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const ipv4 = `(?:${octet}\\.){3}${octet}`
/** The last label begins with no digit, or parsers of URLs would take the whole for an address. */
const name = '(?:[a-z0-9_-]+\\.)*[a-z_-][a-z0-9_-]*'
const port = '(?:[1-9]\\d{3}|[1-5]\\d{4}|6[0-4]\\d{3})'

const plainHost = new RegExp(`^(?:${ipv4}|${name})(?::${port})?$`, 'u')

/** Whether a host is of the usual kind, which any URL can hold. */
export function isPlainHost(host: string): boolean {
  return plainHost.test(host)
}

/** Whether a URL can hold a host. An empty one names nobody, and is replaced further on. */
function isHost(host: string): boolean {
  return host === '' || isPlainHost(host) || URL.canParse(`http://${host}`)
}
