/** Puts the client's address in the place of the proxy's, for listeners behind proxies. */

import type { FetchHandler, Peer } from '../http/handler.ts'
import { clientAddress, withinNetworks, type ForwardedHeader } from '../protocol/forwarded.ts'

/** Whose reports of addresses are believed. */
export interface ProxyTrust {
  /** CIDRs of proxies. */
  readonly networks: readonly string[]
  /** Whether peers without an address are proxies: those of a unix socket. */
  readonly unnamedPeers: boolean
  readonly header: ForwardedHeader
}

/**
 * Resolves the address of every request's peer before `handler` sees it. Without trusted proxies it is `handler` itself, so that
 * nobody pays for what is not used.
 */
export function withClientAddress(handler: FetchHandler, trust: ProxyTrust): FetchHandler {
  if (trust.networks.length === 0 && !trust.unnamedPeers) return handler
  const { header } = trust
  const isTrusted = withinNetworks(trust.networks)
  return (request, peer) => {
    if (peer === undefined || (peer.address === undefined && !trust.unnamedPeers))
      return handler(request, peer)
    const report = { header, value: request.headers.get(header) }
    return handler(request, new ForwardedPeer(peer, clientAddress(peer.address, report, isTrusted)))
  }
}

class ForwardedPeer implements Peer {
  readonly address: string | undefined
  readonly setHeader?: (name: string, value: string) => void

  constructor(proxy: Peer, address: string | undefined) {
    this.address = address
    if (proxy.setHeader !== undefined) this.setHeader = proxy.setHeader.bind(proxy)
  }
}
