import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** A complete HTTP/1.1 request, ready to be written. */
export type RawRequest = string

/** Where a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** An answer, parsed as far as the load generator needs it. */
export interface Answer {
  readonly status: number
  /** The header block, from the status line, without the empty line. */
  readonly head: string
  /** The body, one character per byte. */
  readonly body: string
}

/**
 * Writes an HTTP/1.1 request as text.
 *
 * @param headers lines without line ends; `Host` and `Content-Length` are added.
 */
export function rawRequest(
  method: string,
  path: string,
  headers: readonly string[],
  body?: string,
): RawRequest {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers]
  if (body !== undefined) lines.push(`Content-Length: ${body.length}`)
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}

/** The value of the first header of this lower-case name, `undefined` when there is none. */
export function header(answer: Answer, name: string): string | undefined {
  return headers(answer, name)[0]
}

/** The values of all headers of this lower-case name, in order. */
export function headers(answer: Answer, name: string): string[] {
  return answer.head
    .split('\r\n')
    .filter((line) => line.slice(0, name.length + 1).toLowerCase() === `${name}:`)
    .map((line) => line.slice(name.length + 1).trim())
}

/**
 * One keep-alive connection with one request in flight.
 *
 * The answer is handed over synchronously from the read callback and one buffer is reused for all reads: on a
 * small machine the client must cost less than the server it measures.
 */
export class Connection {
  /** Bytes of all answers, headers included. */
  bytesRead = 0
  readonly #socket: Socket
  #pending: Buffer | undefined
  #onAnswer: ((answer: Answer) => void) | undefined
  #onError: (error: Error) => void = () => {}
  #closed = false

  private constructor(address: Address) {
    this.#socket = connect({
      ...address,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(64 * 1024),
        callback: (length, buffer) => {
          this.#read((buffer as Buffer).subarray(0, length))
          return true
        },
      },
    })
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  /** Connects; rejects when nobody listens. */
  static async open(address: Address): Promise<Connection> {
    const connection = new Connection(address)
    await new Promise<void>((resolve, reject) => {
      connection.#onError = reject
      connection.#socket.once('connect', resolve)
    })
    return connection
  }

  /** Sets what is called once when the connection breaks or answers something that is not HTTP. */
  onError(listener: (error: Error) => void): void {
    this.#onError = listener
  }

  /** Sends one request; exactly one of `onAnswer` and the error listener is called. */
  send(request: RawRequest, onAnswer: (answer: Answer) => void): void {
    this.#onAnswer = onAnswer
    this.#socket.write(request, 'latin1')
  }

  close(): void {
    this.#closed = true
    this.#socket.destroy()
  }

  #fail(error: Error): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.destroy()
    this.#onError(error)
  }

  #read(chunk: Buffer): void {
    this.bytesRead += chunk.length
    const data = this.#pending === undefined ? chunk : Buffer.concat([this.#pending, chunk])
    let answer: Answer | undefined
    try {
      answer = parseAnswer(data.toString('latin1'))
    } catch (error) {
      this.#fail(error as Error)
      return
    }
    if (answer === undefined) {
      this.#pending = data === chunk ? Buffer.from(chunk) : data
      return
    }
    this.#pending = undefined
    const onAnswer = this.#onAnswer
    this.#onAnswer = undefined
    if (onAnswer === undefined) this.#fail(new Error('an answer nobody asked for'))
    else onAnswer(answer)
  }
}

/**
 * Parses a complete answer.
 *
 * @returns `undefined` while bytes are missing; throws when more bytes follow than one answer has.
 */
export function parseAnswer(text: string): Answer | undefined {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  if (!text.startsWith('HTTP/1.1 ')) throw new Error(`not HTTP/1.1: ${text.slice(0, 40)}`)
  const head = text.slice(0, headEnd)
  const status = Number(text.slice(9, 12))
  const bodyStart = headEnd + 4
  const length = contentLength(head)
  if (length === undefined) {
    if (status === 204 || status === 304) return { status, head, body: '' }
    return parseChunked(text, bodyStart, { status, head })
  }
  if (text.length < bodyStart + length) return undefined
  if (text.length > bodyStart + length) throw new Error('more bytes than Content-Length')
  return { status, head, body: text.slice(bodyStart) }
}

function contentLength(head: string): number | undefined {
  let at = head.indexOf('\r\nContent-Length: ')
  if (at < 0) at = head.indexOf('\r\ncontent-length: ')
  if (at < 0) at = head.search(/\r\ncontent-length: /i)
  return at < 0 ? undefined : Number.parseInt(head.slice(at + 18), 10)
}

function parseChunked(
  text: string,
  start: number,
  answer: Pick<Answer, 'status' | 'head'>,
): Answer | undefined {
  if (!/\r\ntransfer-encoding: *chunked/i.test(answer.head)) {
    throw new Error('an answer with neither Content-Length nor chunks')
  }
  let body = ''
  for (let at = start; ;) {
    const lineEnd = text.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(text.slice(at, lineEnd), 16)
    if (Number.isNaN(size)) throw new Error('a chunk without a size')
    const next = lineEnd + 2 + size + 2
    if (text.length < next) return undefined
    if (size === 0) return { ...answer, body }
    body += text.slice(lineEnd + 2, lineEnd + 2 + size)
    at = next
  }
}
