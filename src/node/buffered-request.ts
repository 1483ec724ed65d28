/**
 * A `Request` over an HTTP/1.1 message whose body is in memory. The one of the platform costs more than answering most requests;
 * this one makes it only when somebody asks for a member that is not here.
 *
 * @see Fetch Standard §5.4
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { leaveToPlatform } from '../http/lazy-whole.ts'

class BufferedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly #outgoing: ServerResponse
  readonly #body: Buffer<ArrayBuffer> | undefined
  #isUsed = false
  #whole: Request | undefined
  #signal: AbortSignal | undefined

  constructor({ incoming, outgoing, url, body }: BufferedParts) {
    this.method = incoming.method ?? 'GET'
    this.url = url
    this.headers = new IncomingHeaders(incoming) as unknown as Headers
    this.#outgoing = outgoing
    this.#body = body
  }

  get signal(): AbortSignal {
    return (this.#signal ??= signalOf(this.#outgoing))
  }

  get bodyUsed(): boolean {
    return this.#whole?.bodyUsed ?? this.#isUsed
  }

  text(): Promise<string> {
    if (this.#whole !== undefined || this.#isUsed) return BufferedRequest.wholeOf(this).text()
    this.#isUsed = this.#body !== undefined
    return Promise.resolve(this.#body === undefined ? '' : decode(this.#body))
  }

  /** The same as an object of the platform. */
  static wholeOf(request: object): Request {
    if (!(#whole in request)) throw new TypeError('Illegal invocation')
    if (request.#whole !== undefined) return request.#whole
    const body = request.#body
    const whole = new Request(request.url, {
      method: request.method,
      headers: new Headers([...request.headers]),
      body: body ?? null,
      signal: request.signal,
    })
    if (request.#isUsed) void whole.arrayBuffer()
    request.#whole = whole
    return whole
  }

  static {
    leaveToPlatform(BufferedRequest.prototype, Request.prototype, {
      attributes: [
        'body',
        'cache',
        'credentials',
        'destination',
        'duplex',
        'integrity',
        'keepalive',
        'mode',
        'redirect',
        'referrer',
        'referrerPolicy',
      ],
      methods: ['arrayBuffer', 'blob', 'bytes', 'clone', 'formData', 'json'],
      wholeOf: (request) => BufferedRequest.wholeOf(request),
    })
  }
}

/** Header fields as they were sent. A name that was sent twice has both values (RFC 9110 §5.3). */
class IncomingHeaders {
  readonly #raw: readonly string[]
  #whole: Headers | undefined

  constructor({ rawHeaders }: IncomingMessage) {
    this.#raw = rawHeaders
  }

  get(name: string): string | null {
    if (this.#whole !== undefined) return this.#whole.get(name)
    const lower = name.toLowerCase()
    let value: string | null = null
    for (let at = 0; at < this.#raw.length; at += 2) {
      const raw = this.#raw[at] ?? ''
      if (raw.length !== lower.length || raw.toLowerCase() !== lower) continue
      const more = trim(this.#raw[at + 1] ?? '')
      value = value === null ? more : `${value}${lower === 'cookie' ? '; ' : ', '}${more}`
    }
    return value
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }

  /** The same as an object of the platform. */
  static wholeOf(headers: object): Headers {
    if (!(#whole in headers)) throw new TypeError('Illegal invocation')
    if (headers.#whole !== undefined) return headers.#whole
    const whole = new Headers()
    const raw = headers.#raw
    for (let at = 0; at < raw.length; at += 2) whole.append(raw[at] ?? '', raw[at + 1] ?? '')
    const cookie = headers.get('cookie')
    if (cookie !== null) whole.set('cookie', cookie)
    headers.#whole = whole
    return whole
  }

  static {
    const methods = ['append', 'delete', 'entries', 'forEach', 'getSetCookie', 'keys'] as const
    leaveToPlatform(IncomingHeaders.prototype, Headers.prototype, {
      attributes: [],
      methods: [...methods, 'set', 'values', Symbol.iterator],
      wholeOf: (headers) => IncomingHeaders.wholeOf(headers),
    })
  }
}

/** The parser of Node.js leaves white space at the end of a value. */
function trim(value: string): string {
  const last = value.charCodeAt(value.length - 1)
  return last === space || last === tab ? value.trimEnd() : value
}

const space = 0x20
const tab = 0x09
const byteOrderMark = 0xfeff

/** UTF-8 decode of the Encoding Standard. */
function decode(body: Buffer): string {
  const text = body.toString()
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text
}

/** Aborted when the connection is lost before the response is written. */
function signalOf(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController()
  const abort = (): void => {
    if (!outgoing.writableFinished) {
      controller.abort(new DOMException('The client went away.', 'AbortError'))
    }
  }
  if (outgoing.closed || outgoing.destroyed) abort()
  else outgoing.once('close', abort)
  return controller.signal
}

/** What a request is made of. */
export interface BufferedParts {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** Absolute. */
  readonly url: string
  /** `undefined` without one. */
  readonly body: Buffer<ArrayBuffer> | undefined
}

/** Makes a `Request`. It is aborted when the peer goes away before `outgoing` is written. */
export function bufferedRequest(parts: BufferedParts): Request {
  return new BufferedRequest(parts) as unknown as Request
}
