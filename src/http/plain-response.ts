/**
 * Responses whose body is in memory. A `Response` of the platform makes a stream for every body, which costs more than the
 * rest of a small answer; these make one only for whoever asks. To everybody else they are a `Response` like any other.
 *
 * @see Fetch Standard §5.5
 */

import { leaveToPlatform } from './lazy-whole.ts'

/** A body that is there as a whole. */
export type PlainBody = string | Uint8Array<ArrayBuffer> | null

/** Names in lower case; a `Headers` object where a name repeats. */
export type PlainHeaders = Readonly<Record<string, string>> | Headers

/** What a listener writes. */
export interface PlainParts {
  readonly headers: PlainHeaders
  readonly body: PlainBody
  /** Of the body. */
  readonly bytes: number
}

class PlainResponse {
  readonly status: number
  /** Of the body. */
  readonly bytes: number
  readonly #body: PlainBody
  #headers: PlainHeaders
  #whole: Response | undefined

  constructor(status: number, body: PlainBody, headers: PlainHeaders) {
    this.status = status
    this.bytes = typeof body === 'string' ? Buffer.byteLength(body) : (body?.byteLength ?? 0)
    this.#body = body
    this.#headers = headers
  }

  get headers(): Headers {
    if (this.#whole !== undefined) return this.#whole.headers
    // What is changed from now on must be seen by whoever writes the response.
    if (!(this.#headers instanceof Headers)) this.#headers = new Headers(this.#headers)
    return this.#headers
  }

  get ok(): boolean {
    return this.status >= 200 && this.status <= 299
  }

  static partsOf(response: object): PlainParts | undefined {
    if (!(#whole in response) || response.#whole !== undefined) return undefined
    return { headers: response.#headers, body: response.#body, bytes: response.bytes }
  }

  /** The same as an object of the platform. */
  static wholeOf(response: object): Response {
    if (!(#whole in response)) throw new TypeError('Illegal invocation')
    response.#whole ??= new Response(response.#body, {
      status: response.status,
      headers: response.#headers,
    })
    return response.#whole
  }

  static {
    leaveToPlatform(PlainResponse.prototype, Response.prototype, {
      attributes: ['body', 'bodyUsed', 'redirected', 'statusText', 'type', 'url'],
      methods: ['arrayBuffer', 'blob', 'clone', 'formData', 'json', 'text'],
      wholeOf: (response) => PlainResponse.wholeOf(response),
    })
  }
}

/** Makes a response. A text needs a `content-type` among its headers. */
export function plainResponse(status: number, body: PlainBody, headers: PlainHeaders): Response {
  return new PlainResponse(status, body, headers) as unknown as Response
}

/** The parts of a response that {@link plainResponse} made and nobody has begun to read; `undefined` for others. */
export function plainParts(response: Response): PlainParts | undefined {
  return PlainResponse.partsOf(response)
}
