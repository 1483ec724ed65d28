/** Where the answer of an authorization request goes, in words. */

import type { Client } from '../protocol/client.ts'
import type { Messages } from './messages/en.ts'

type Words = Pick<Messages['consent'], 'appHere' | 'thisDevice' | 'or'>

/**
 * Hosts (or schemes of apps) that the answer may go to: that of the `redirect_uri`, or all that are registered when the
 * request does not say it plainly, as with a request object.
 */
export function destinationOf(
  requestUrl: string,
  client: Pick<Client, 'redirect_uris'>,
  words: Words,
): string {
  const params = new URL(requestUrl).searchParams
  const hidden = params.has('request') || params.has('request_uri')
  const sent = hidden ? '' : (params.get('redirect_uri') ?? '')
  const places = (sent === '' ? client.redirect_uris : [sent]).map((address) =>
    placeOf(address, words),
  )
  return [...new Set(places)].join(` ${words.or} `)
}

const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/u

function placeOf(address: string, { appHere, thisDevice }: Words): string {
  if (!URL.canParse(address)) return address
  const { protocol, host, hostname } = new URL(address)
  if (protocol !== 'https:' && protocol !== 'http:') return `${protocol} (${appHere})`
  return loopback.test(hostname) ? `${host} (${thisDevice})` : host
}
