/**
 * The short way from the HTTP parser of Node.js to a handler and back, for requests whose body is small and whose length is
 * stated: nearly all. Streams are made for nobody here. Everything else goes the long way, through a library.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FetchHandler, Peer } from '../http/handler.ts'
import { plainParts, type PlainHeaders } from '../http/plain-response.ts'
import { bufferedRequest } from './buffered-request.ts'
import { isPlainHost } from './refusal.ts'

/** Bodies up to here are gathered before the handler runs. */
const maxBodyBytes = 65_536

/** Methods of the API, but `HEAD`: the length that it states may have to be counted first. */
const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const plainTarget = /^\/[\w!$%&'()*+,./:;=?@[\]~-]*$/u

/** Whether {@link answerSmall} can serve a request. Anything out of the ordinary is for others to judge. */
export function isSmall({ method = '', url = '', headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return (
    methods.has(method) &&
    headers['transfer-encoding'] === undefined &&
    headers.expect === undefined &&
    (length === undefined || isSmallLength(length, method)) &&
    isPlainHost(headers.host ?? '') &&
    plainTarget.test(url)
  )
}

function isSmallLength(length: string, method: string): boolean {
  return /^\d{1,5}$/u.test(length) && Number(length) <= (method === 'GET' ? 0 : maxBodyBytes)
}

/** Serves a request that {@link isSmall}: the handler runs when the body is there. */
export function answerSmall(
  handler: FetchHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  if (incoming.method === 'GET' || Number(incoming.headers['content-length'] ?? 0) === 0) {
    void answer(handler, { incoming, outgoing, body: undefined })
    return
  }
  const chunks: Buffer<ArrayBuffer>[] = []
  incoming.on('data', (chunk: Buffer<ArrayBuffer>) => chunks.push(chunk))
  incoming.on('end', () => {
    const [first] = chunks
    const body = chunks.length === 1 ? first : Buffer.concat(chunks)
    void answer(handler, { incoming, outgoing, body })
  })
  // The peer went away before its body was there: nobody is left to answer.
  incoming.on('error', () => undefined)
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly body: Buffer<ArrayBuffer> | undefined
}

async function answer(
  handler: FetchHandler,
  { incoming, outgoing, body }: Exchange,
): Promise<void> {
  const scheme = 'encrypted' in incoming.socket ? 'https' : 'http'
  const url = `${scheme}://${incoming.headers.host}${incoming.url}`
  const peer = new CollectingPeer(incoming)
  try {
    const response = await handler(bufferedRequest({ incoming, outgoing, url, body }), peer)
    await write(response, outgoing, peer.defaults)
  } catch {
    // A handler never rejects; a response may hold a header that cannot be sent, or a stream that fails.
    if (outgoing.headersSent) outgoing.destroy()
    else outgoing.writeHead(500, { 'content-length': '0' }).end()
  }
}

class CollectingPeer implements Peer {
  readonly #incoming: IncomingMessage
  /** Headers of the response unless it has them. */
  readonly defaults: Record<string, string> = {}

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming
  }

  get address(): string | undefined {
    return this.#incoming.socket.remoteAddress
  }

  setHeader(name: string, value: string): void {
    this.defaults[name] = value
  }
}

type Defaults = Readonly<Record<string, string>>

function write(
  response: Response,
  outgoing: ServerResponse,
  defaults: Defaults,
): Promise<void> | undefined {
  const parts = plainParts(response)
  if (parts === undefined) return writeWhole(response, outgoing, defaults)
  const list = headerList(parts.headers, defaults)
  const { status } = response
  if (status !== 204 && status !== 304) list.push('content-length', String(parts.bytes))
  outgoing.writeHead(status, list)
  outgoing.end(parts.body ?? undefined)
  return undefined
}

/** Names and values in turn, which is what Node.js writes without a copy. */
function headerList(headers: PlainHeaders, defaults: Defaults): string[] {
  const list: string[] = []
  if (headers instanceof Headers) {
    for (const [name, value] of headers) list.push(name, value)
    for (const name in defaults) if (!headers.has(name)) list.push(name, defaults[name] ?? '')
    return list
  }
  for (const name in headers) list.push(name, headers[name] ?? '')
  for (const name in defaults) if (!(name in headers)) list.push(name, defaults[name] ?? '')
  return list
}

/** Writes a response of the platform, in pieces as they come. */
async function writeWhole(
  response: Response,
  outgoing: ServerResponse,
  defaults: Defaults,
): Promise<void> {
  outgoing.writeHead(response.status, headerList(response.headers, defaults))
  if (response.body === null) outgoing.end()
  else await pipeline(Readable.fromWeb(response.body), outgoing)
}
