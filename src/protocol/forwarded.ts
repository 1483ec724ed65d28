/**
 * Who sent a request that came through proxies: the addresses that proxies report, and how far they are believed.
 *
 * @see RFC 7239 (`Forwarded`), and the older `X-Forwarded-For`
 */

import ipaddr from 'ipaddr.js'

/** The header in which proxies report whom they serve. Only one is ever read: a proxy passes the other on as it came. */
export type ForwardedHeader = 'x-forwarded-for' | 'forwarded'

/** Tells whether an address is that of a proxy of ours. */
export type IsTrusted = (address: string) => boolean

/** Makes the test of CIDRs, v4 or v6. IPv4 in IPv6 clothes counts as IPv4. Anything but an address is not within. */
export function withinNetworks(cidrs: readonly string[]): IsTrusted {
  const networks = cidrs.map((cidr) => ipaddr.parseCIDR(cidr))
  return (text) => {
    if (!ipaddr.isValid(text)) return false
    const address = ipaddr.process(text)
    return networks.some(
      (network) => network[0].kind() === address.kind() && address.match(network),
    )
  }
}

/**
 * The address of the client: the last one that a trusted proxy reported and that is not itself a trusted proxy.
 *
 * The header is read from its end, since each proxy appends whom it serves; what lies before the first untrusted hop may be
 * the invention of that hop. A hop that is hidden, or no address, ends the search at the proxy that reported it.
 *
 * @param peer address of the socket's other end, `undefined` on a unix socket whose users are trusted.
 * @param value the header as received, `null` when there is none.
 */
export function clientAddress(
  peer: string | undefined,
  report: { readonly header: ForwardedHeader; readonly value: string | null },
  isTrusted: IsTrusted,
): string | undefined {
  let address = peer === undefined ? undefined : (plainAddress(peer) ?? peer)
  if (report.value === null || (address !== undefined && !isTrusted(address))) return address
  const hops = report.header === 'forwarded' ? forwardedFor(report.value) : listOf(report.value)
  for (const hop of hops.toReversed()) {
    const next = addressOf(hop)
    if (next === undefined) break
    address = next
    if (!isTrusted(address)) break
  }
  return address
}

function listOf(value: string): readonly string[] {
  return value.split(',').map((hop) => hop.trim())
}

/** The `for` of each element of RFC 7239 §4; `''` when an element has none. A broken header has no elements. */
function forwardedFor(value: string): readonly string[] {
  return elementsOf(value).map((element) => {
    const pair = element.find(([name]) => name.toLowerCase() === 'for')
    return pair?.[1] ?? ''
  })
}

type Pair = readonly [name: string, value: string]

/** One pair and what separates it from the next: `;` inside an element, `,` or the end behind one. */
const pairs = /[ \t]*([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^",;\s]*))[ \t]*([,;]|$)/uy

function elementsOf(value: string): readonly (readonly Pair[])[] {
  const elements: Pair[][] = [[]]
  pairs.lastIndex = 0
  while (pairs.lastIndex < value.length) {
    const match = pairs.exec(value)
    if (match === null) return []
    const [, name = '', quoted, bare = '', separator] = match
    elements.at(-1)?.push([name, quoted?.replaceAll(/\\(.)/gu, '$1') ?? bare])
    if (separator === ',') elements.push([])
  }
  return elements
}

/** An address with or without a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`. */
function addressOf(hop: string): string | undefined {
  const bracketed = /^\[([^\]]+)\](?::\w+)?$/u.exec(hop)?.[1]
  if (bracketed !== undefined) return plainAddress(bracketed)
  return plainAddress(/^([\d.]+):\w+$/u.exec(hop)?.[1] ?? hop)
}

/** IPv4 written in full, also out of IPv6 clothes; IPv6 in its short form. `undefined` for anything else. */
function plainAddress(text: string): string | undefined {
  if (ipaddr.IPv4.isValid(text) && !ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined
  return ipaddr.isValid(text) ? ipaddr.process(text).toString() : undefined
}
