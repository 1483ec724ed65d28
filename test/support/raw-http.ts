/** Bytes on a socket: what no HTTP client would send. */

import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'

/** A connection and all that came back on it. */
export interface RawConnection {
  readonly socket: Socket
  readonly received: () => string
  /** Whether the other side has ended the connection. */
  readonly isClosed: () => boolean
  /** Resolves with what was received when the connection is over; with what there is after `milliseconds`. */
  ended(milliseconds: number): Promise<string>
}

/** Opens a connection to the listener at a URL, over TLS where that says https. Certificates are not looked at. */
export async function rawConnection(url: string): Promise<RawConnection> {
  const { hostname, port, protocol } = new URL(url)
  const target = { host: hostname, port: Number(port) }
  const socket =
    protocol === 'https:'
      ? connectSecurely({ ...target, rejectUnauthorized: false })
      : connect(target)
  let received = ''
  let closed = false
  socket.on('data', (chunk) => {
    received = (received + chunk.toString('latin1')).slice(0, 100_000)
  })
  // A reset is an end like any other.
  socket.on('error', () => undefined)
  const over = new Promise<void>((resolve) => {
    socket.once('close', () => {
      closed = true
      resolve()
    })
  })
  await new Promise<void>((resolve) => {
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', resolve)
    void over.then(resolve)
  })
  return {
    socket,
    received: () => received,
    isClosed: () => closed,
    async ended(milliseconds) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds)
      })
      await Promise.race([over, late])
      clearTimeout(timer)
      socket.destroy()
      return received
    },
  }
}

/** The status of the first response in what was received; 0 when there is none. */
export function statusOf(received: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/u.exec(received)?.[1] ?? 0)
}

/** Sends bytes (latin1) as they are over plain HTTP, and gathers the answer until the other side ends the connection. Rejects when it is reset. */
export function exchangeRaw(url: string, ...parts: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => {
      for (const part of parts) socket.write(part, 'latin1')
    })
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
