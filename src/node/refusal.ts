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
