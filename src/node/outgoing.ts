/** Requests that the server sends, within limits of size, time and address. */

import type { LookupAddress } from 'node:dns'
import { lookup as resolveName } from 'node:dns/promises'
import * as http from 'node:http'
import * as https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import type { Outgoing, OutgoingRequest, OutgoingResponse } from '../context.ts'
import { err, ok, type Result } from '../result.ts'
import type { Settings } from '../settings.ts'
import { exceptionCheck, isAllowedAddress } from './address-rules.ts'

const maxRedirects = 5
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308]

/** One sentence for everything that can happen before a response, so that answers do not map the network. */
const unreachable = 'the host cannot be reached'

/** Finds all addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

/** Where outgoing requests may go. */
export interface OutgoingOptions {
  readonly rules: Settings['clientsHttp']
  /** The system's resolver if not given. */
  readonly resolve?: Resolve
}

const systemResolve: Resolve = (hostname) => resolveName(hostname, { all: true })

/** A refusal that ends an exchange; its message may be shown. */
class Refused extends Error {}

/** The host of a URL as an address or a name, IPv6 without its brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/gu, '')
}

/**
 * The hook through which every socket finds its address: the check and the connection see the same answer of DNS, so
 * that a name cannot change in between.
 */
function guardedLookup(resolve: Resolve, isAllowed: (address: string) => boolean): LookupFunction {
  const allowedAddresses = callbackify(async (hostname: string) => {
    const addresses = await resolve(hostname)
    const [first, ...others] = addresses.filter(({ address }) => isAllowed(address))
    if (first === undefined) throw new Refused(unreachable)
    return { first, all: [first, ...others] }
  })
  return (hostname, options, callback) => {
    allowedAddresses(hostname, (error, found) => {
      if (error !== null) callback(error, '', 0)
      else if (options.all === true) callback(null, found.all)
      else callback(null, found.first.address, found.first.family)
    })
  }
}

interface Agents {
  readonly 'http:': http.Agent
  readonly 'https:': https.Agent
}

function agents(lookup: LookupFunction): Agents {
  const options = { keepAlive: true, timeout: 60_000, lookup }
  return { 'http:': new http.Agent(options), 'https:': new https.Agent(options) }
}

async function readText(response: http.IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new Refused('the response is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function headersOf(response: http.IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

/** Where a response sends a GET; `undefined` when it does not. */
function redirectTarget(url: URL, response: OutgoingResponse): URL | undefined {
  const location = response.headers['location']
  if (!redirectStatuses.includes(response.status) || location === undefined) return undefined
  const target = URL.parse(location, url)
  if (target === null) throw new Refused('it redirects to what is no URL')
  if (url.protocol === 'https:' && target.protocol !== 'https:')
    throw new Refused('it redirects from https to an insecure URL')
  return target
}

/** What may be sent to another origin than the one that was named. */
function forOtherOrigin(headers: OutgoingRequest['headers']): OutgoingRequest['headers'] {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.toLowerCase() === 'accept'),
  )
}

/** Makes the way out of a server. Idle connections end by themselves. */
export function createOutgoing({ rules, resolve = systemResolve }: OutgoingOptions): Outgoing {
  const isException = exceptionCheck(rules.privateIpExceptionUrls)
  const isAllowed = (address: string) => isAllowedAddress(address, rules.disallowPrivateIpRanges)
  const guarded = agents(guardedLookup(resolve, isAllowed))
  // A connection that was opened for an exception must not serve another URL of the same host.
  const exceptional = agents(guardedLookup(resolve, () => true))

  function agentFor(url: URL): http.Agent {
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new Refused('only http and https URLs can be requested')
    if (isException(url)) return exceptional[url.protocol]
    const host = hostOf(url)
    // Sockets do not look addresses up.
    if (isIP(host) !== 0 && !isAllowed(host)) throw new Refused(unreachable)
    return guarded[url.protocol]
  }

  function exchange(
    url: URL,
    request: OutgoingRequest,
    signal: AbortSignal,
  ): Promise<OutgoingResponse> {
    const agent = agentFor(url)
    const { request: send } = url.protocol === 'https:' ? https : http
    return new Promise((resolve, reject) => {
      const outgoing = send(url, {
        agent,
        signal,
        method: request.method,
        headers: {
          'user-agent': 'Firebrand',
          ...request.headers,
          // Compressed responses could grow beyond the limit while they are read.
          'accept-encoding': 'identity',
        },
      })
      outgoing.on('error', reject)
      outgoing.on('response', (response) => {
        const status = response.statusCode ?? 0
        const headers = headersOf(response)
        const text = readText(response, request.maxBytes)
        text.then((text) => resolve({ status, headers, text })).catch(reject)
      })
      outgoing.end(request.body)
    })
  }

  async function follow(
    first: URL,
    request: OutgoingRequest,
    signal: AbortSignal,
  ): Promise<OutgoingResponse> {
    let url = first
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const headers =
        url.origin === first.origin ? request.headers : forOtherOrigin(request.headers)
      const response = await exchange(url, { ...request, headers }, signal)
      const target = request.method === 'GET' ? redirectTarget(url, response) : undefined
      if (target === undefined) return response
      url = target
    }
    throw new Refused('it redirects too often')
  }

  return {
    async fetch(request): Promise<Result<OutgoingResponse, string>> {
      const url = URL.parse(request.url)
      if (url === null) return err('it is not a URL')
      const signal = AbortSignal.timeout(request.timeout)
      try {
        return ok(await follow(url, request, signal))
      } catch (error) {
        if (signal.aborted) return err('it took too long')
        return err(error instanceof Refused ? error.message : unreachable)
      }
    },

    async mayConnect(text) {
      const url = URL.parse(text)
      if (url === null || !/^https?:$/u.test(url.protocol)) return false
      if (isException(url)) return true
      const host = hostOf(url)
      if (isIP(host) !== 0) return isAllowed(host)
      const addresses = await resolve(host).catch(() => [])
      return addresses.length > 0 && addresses.every(({ address }) => isAllowed(address))
    },
  }
}
