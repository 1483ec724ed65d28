/**
 * Networks as one customer of a provider holds them: what attempts are counted by.
 *
 * @see RFC 6177 §2
 */

import ipaddr from 'ipaddr.js'

/**
 * The part of an address that one customer of a provider holds: an IPv4 address, or the first 64 bits of an IPv6 one,
 * since anybody with IPv6 has 2^64 addresses to change between.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  const prefix = parsed.parts.slice(0, 4).map((part) => part.toString(16))
  return `${prefix.join(':')}::/64`
}

/** Whether an address is of the internet, and not of a private network, the machine itself, or a special purpose (RFC 6890). */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}
