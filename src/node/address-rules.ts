/** Which addresses the server may connect to on behalf of a URL that somebody else named (SSRF). */

import ipaddr from 'ipaddr.js'

/** Networks of an organisation and the machine itself. Refused with `clients.http.disallow_private_ip_ranges` only. */
const privateRanges = [
  '10.0.0.0/8',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
]

/** Special-purpose ranges (RFC 6890) that no honest URL means: metadata services of clouds, multicast, documentation. */
const specialRanges = [
  '0.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
]

/** The IPv6 addresses that are routed at all. */
const globalUnicast = ['2000::/3']

type Range = ReturnType<typeof ipaddr.parseCIDR>

const parse = (texts: readonly string[]): readonly Range[] =>
  texts.map((text) => ipaddr.parseCIDR(text))

const ranges = {
  private: parse(privateRanges),
  special: parse(specialRanges),
  global: parse(globalUnicast),
} as const

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, among: readonly Range[]): boolean {
  return among.some(([network, bits]) =>
    network.kind() === address.kind() ? address.match([network, bits] as never) : false,
  )
}

/**
 * Whether a connection to an IP address is allowed. IPv4 in IPv6 clothes counts as IPv4.
 *
 * @param text an address as DNS or a URL gave it, IPv6 without brackets; anything else is not allowed.
 */
export function isAllowedAddress(text: string, disallowPrivate: boolean): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  if (isWithin(address, ranges.private)) return !disallowPrivate
  if (isWithin(address, ranges.special)) return false
  return address.kind() === 'ipv4' || isWithin(address, ranges.global)
}

/** Turns a glob into an expression: `*` and `?` stop at `.` and `/`, `**` does not. */
function globExpression(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*|[*?]|[^*?]+/gu, (part) => {
    if (part === '**') return '.*'
    if (part === '*') return '[^./]*'
    return part === '?' ? '[^./]' : part.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&')
  })
  return new RegExp(`^${source}$`, 'su')
}

/** Makes the check of `clients.http.private_ip_exception_urls`: a URL without its query against the globs. */
export function exceptionCheck(globs: readonly string[]): (url: URL) => boolean {
  const expressions = globs.map(globExpression)
  return (url) => {
    const text = `${url.protocol}//${url.host}${url.pathname}`
    return expressions.some((expression) => expression.test(text))
  }
}
