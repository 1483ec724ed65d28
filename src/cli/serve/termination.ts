/** Plain-HTTP listeners behind proxies that terminate TLS. */

import ipaddr from 'ipaddr.js'
import type { FetchHandler, Peer } from '../../http/handler.ts'

type Network = ReturnType<typeof ipaddr.parseCIDR>

/** Probes of orchestrators come straight to the port. */
const exempt = /^(?:\/admin)?\/(?:health\/(?:alive|ready)|metrics\/prometheus)\/?$/

/**
 * Lets only requests through that a trusted proxy received over HTTPS: the socket's peer lies in one of the networks and says
 * `X-Forwarded-Proto: https`. Forwarded addresses are not looked at: anybody can write them.
 * @param networks CIDRs, v4 or v6.
 */
export function requireTermination(
  handler: FetchHandler,
  networks: readonly string[],
): FetchHandler {
  const trusted = networks.map((network) => ipaddr.parseCIDR(network))
  return async (request, peer) => {
    const isForwarded = request.headers.get('x-forwarded-proto')?.trim().toLowerCase() === 'https'
    if ((isForwarded && comesFrom(trusted, peer)) || exempt.test(new URL(request.url).pathname)) {
      return handler(request, peer)
    }
    const body = { error: 'error', error_description: 'The error is unrecognizable' }
    return Response.json(body, { status: 502 })
  }
}

function comesFrom(networks: readonly Network[], peer: Peer | undefined): boolean {
  if (peer?.address === undefined || !ipaddr.isValid(peer.address)) return false
  const address = ipaddr.process(peer.address)
  return networks.some((network) => network[0].kind() === address.kind() && address.match(network))
}
