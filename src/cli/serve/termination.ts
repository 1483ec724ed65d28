/** Plain-HTTP listeners behind proxies that terminate TLS. */

import type { FetchHandler } from '../../http/handler.ts'
import { withinNetworks } from '../../protocol/forwarded.ts'

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
  const isTrusted = withinNetworks(networks)
  return async (request, peer) => {
    const isForwarded = request.headers.get('x-forwarded-proto')?.trim().toLowerCase() === 'https'
    if (
      (isForwarded && isTrusted(peer?.address ?? '')) ||
      exempt.test(new URL(request.url).pathname)
    ) {
      return handler(request, peer)
    }
    const body = { error: 'error', error_description: 'The error is unrecognizable' }
    return Response.json(body, { status: 502 })
  }
}
