/** A TCP proxy in front of a database that cuts connections at the worst moment: after the server's work, before its answer. */

import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** The proxy and what it does to connections. */
export interface CutProxy {
  /** The DSN with the proxy's address. */
  readonly dsn: string
  /** Cuts all connections, and from then on each whose next message holds `text`, once the server has answered it. */
  cutAfter(text: string): void
  /** Cuts all connections, and refuses new ones until `open`. */
  refuse(): void
  /** Refuses new connections until `open`; those that are there go on. */
  refuseNew(): void
  /** How many connections there are. */
  readonly connections: () => number
  open(): void
  /** Cuts all connections and leads new ones to another database, as a virtual address does that moves. */
  moveTo(dsn: string): void
  /** How many answers were thrown away. */
  readonly cuts: () => number
  close(): Promise<void>
}

/** Starts the proxy on a free port of 127.0.0.1. */
export async function cutProxy(dsn: string): Promise<CutProxy> {
  let target = new URL(dsn)
  const pairs = new Set<readonly [Socket, Socket]>()
  let text: string | undefined
  let refusing = false
  let cuts = 0

  function cutAll(): void {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
  }
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    const pair = [client, upstream] as const
    pairs.add(pair)
    let doomed = false
    client.on('data', (chunk) => {
      doomed ||= text !== undefined && chunk.includes(text)
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (!doomed) {
        client.write(chunk)
        return
      }
      cuts += 1
      for (const socket of pair) socket.destroy()
    })
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        pairs.delete(pair)
        for (const each of pair) each.destroy()
      })
    }
    if (refusing) for (const socket of pair) socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = new URL(dsn)
  address.port = String((server.address() as AddressInfo).port)
  return {
    dsn: address.href,
    cutAfter(wanted) {
      text = wanted
      cutAll()
    },
    refuse() {
      refusing = true
      cutAll()
    },
    refuseNew() {
      refusing = true
    },
    connections: () => pairs.size,
    open() {
      refusing = false
      text = undefined
    },
    moveTo(other) {
      target = new URL(other)
      cutAll()
    },
    cuts: () => cuts,
    async close() {
      cutAll()
      server.close()
      await once(server, 'close')
    },
  }
}
