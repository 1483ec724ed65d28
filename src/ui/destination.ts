/** Where the answer of an authorization request goes, in words. */

import type { Client } from '../protocol/client.ts'

/**
 * Hosts (or schemes of apps) that the answer may go to: that of the `redirect_uri`, or all that are registered when the
 * request does not say it plainly, as with a request object.
 */
export function destinationOf(requestUrl: string, client: Pick<Client, 'redirect_uris'>): string {
  const params = new URL(requestUrl).searchParams
  const hidden = params.has('request') || params.has('request_uri')
  const sent = hidden ? '' : (params.get('redirect_uri') ?? '')
  const places = (sent === '' ? client.redirect_uris : [sent]).map(placeOf)
  return [...new Set(places)].join(' or ')
}

const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/u

function placeOf(address: string): string {
  if (!URL.canParse(address)) return address
  const { protocol, host, hostname } = new URL(address)
  if (protocol !== 'https:' && protocol !== 'http:') return `${protocol} (an app on this device)`
  return loopback.test(hostname) ? `${host} (this device)` : host
}
