/** Serves a fetch handler on a TCP port or a unix socket. */

import cluster from 'node:cluster'
import { chmod, chown, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { limits as limitsSection } from '../config/sections/limits.ts'
import type { Config } from '../config/schema.ts'
import type { FetchHandler, Peer } from '../http/handler.ts'
import { refusalOf } from './refusal.ts'
import { answerSmall, isSmall } from './small-exchange.ts'

/** Where to listen, and how. */
export interface ListenOptions {
  /** A name or address, or `unix:/path/to.sock`. */
  readonly host: string
  /** 0 lets the system choose. Ignored on a unix socket. */
  readonly port: number
  /** Mode, owner and group (numbers) of the unix socket. */
  readonly socket?: { readonly mode: number; readonly uid?: number; readonly gid?: number }
  /** PEM texts. Without it plain HTTP is spoken. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Shorter or longer than usual. */
  readonly timeouts?: Partial<Timeouts>
  /** More or less than usual. */
  readonly sizes?: Partial<Sizes>
}

/** How long a peer may take, in milliseconds; what takes longer is cut off. */
export interface Timeouts {
  /** Until the head of a request is there. */
  readonly headersTimeout: number
  /** Until the whole request is there. */
  readonly requestTimeout: number
  /** Between two requests. */
  readonly keepAliveTimeout: number
  /** Without any byte moving while a request is answered. */
  readonly timeout: number
  /** How often the first two are checked. */
  readonly connectionsCheckingInterval: number
}

/** How much a peer may send. */
export interface Sizes {
  /** Of the URL, in bytes. */
  readonly maxUrlBytes: number
  /** Of the whole head, in bytes. */
  readonly maxHeaderBytes: number
  /** Header fields. */
  readonly maxHeaders: number
  /** 0: no limit. */
  readonly maxConnections: number
  /** 0: no limit. */
  readonly maxRequestsPerConnection: number
}

/** A listener at work. */
export interface Listener {
  /** `http://127.0.0.1:4444`, or `unix:/path`. */
  readonly url: string
  /** Replaces the certificate for connections to come. Throws when the pair does not fit. */
  setCertificate(tls: { readonly cert: string; readonly key: string }): void
  /** From now on every response ends its connection, so that clients come back to another process. */
  retire(): void
  /**
   * Accepts no more connections, lets running requests end, and after `graceMilliseconds` cuts those that have not.
   * Connections between two requests are closed at once, or after `lingerMilliseconds` if given: a client that was
   * just about to use one would fail. Resolves when every connection is closed.
   */
  close(graceMilliseconds: number, lingerMilliseconds?: number): Promise<void>
}

/** Resolves `limits` of a configuration to what a listener takes. */
export function listenLimits(limits: Config['limits']): {
  readonly timeouts: Timeouts
  readonly sizes: Sizes
} {
  const { timeouts } = limits
  return {
    timeouts: {
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      keepAliveTimeout: timeouts.idle,
      timeout: timeouts.inactivity,
      connectionsCheckingInterval: 1000,
    },
    sizes: {
      maxUrlBytes: limits.max_url_bytes,
      maxHeaderBytes: limits.max_header_bytes,
      maxHeaders: limits.max_headers,
      maxConnections: limits.max_connections,
      maxRequestsPerConnection: limits.max_requests_per_connection,
    },
  }
}

/** What a configuration without `limits` says. */
const usual = () => listenLimits(limitsSection.parse({}))

/** Forward-secret suites with authenticated encryption; TLS 1.3 suites are all of that kind. */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

/** Starts to listen. Rejects when the address is taken or may not be used. */
export async function listen(handler: FetchHandler, options: ListenOptions): Promise<Listener> {
  const server = newServer(handler, options)
  const path = pathOf(options.host)
  // In a worker the socket belongs to the primary, and the others use it.
  if (cluster.isPrimary) await removeStaleSocket(options.host)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    const place = path === undefined ? { host: options.host, port: options.port } : { path }
    server.listen({ ...place, backlog: 1024 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  if (path !== undefined && options.socket !== undefined) await own(path, options.socket)
  return {
    url: path === undefined ? urlOf(server, options) : `unix:${path}`,
    setCertificate(tls) {
      if ('setSecureContext' in server) server.setSecureContext(tls)
    },
    retire: () => retire(server),
    close: (graceMilliseconds, lingerMilliseconds = 0) =>
      close(server, graceMilliseconds, lingerMilliseconds),
  }
}

/** Removes the unix socket that an earlier process has left behind, if `host` names one. */
export async function removeStaleSocket(host: string): Promise<void> {
  const path = pathOf(host)
  if (path !== undefined) await rm(path, { force: true })
}

function pathOf(host: string): string | undefined {
  return host.startsWith('unix:') ? host.slice('unix:'.length) : undefined
}

type AnyServer = Server | ReturnType<typeof createSecureServer>

function newServer(handler: FetchHandler, { tls, ...options }: ListenOptions): AnyServer {
  const timeouts = { ...usual().timeouts, ...options.timeouts }
  const sizes = { ...usual().sizes, ...options.sizes }
  const listener = getRequestListener(
    (request, { incoming, outgoing }) =>
      handler(request, new SocketPeer(incoming as IncomingMessage, outgoing as ServerResponse)),
    { errorHandler: () => new Response(null, { status: 400 }), overrideGlobalObjects: false },
  )
  const refused = new WeakSet<Socket>()
  const guarded = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // RFC 9112 §9.6: whatever came behind a request that ended its connection is not processed.
    if (refused.has(incoming.socket)) return
    const refusal = refusalOf(incoming, sizes)
    if (refusal !== undefined) {
      // What is left of a request that is not read must not be taken for the next one.
      refused.add(incoming.socket)
      outgoing.writeHead(refusal, { connection: 'close' }).end()
      return
    }
    if (isSmall(incoming)) answerSmall(handler, incoming, outgoing)
    else void listener(incoming, outgoing)
  }
  const limits = {
    ...timeouts,
    maxHeaderSize: sizes.maxHeaderBytes,
    noDelay: true,
    // refusalOf asks for the host: Node.js would go on with what came behind.
    requireHostHeader: false,
  }
  const server =
    tls === undefined
      ? createServer(limits, guarded)
      : createSecureServer(
          // A peer that never shakes hands is no better than one that never sends a head.
          {
            ...limits,
            ...tls,
            minVersion: 'TLSv1.2',
            ciphers,
            handshakeTimeout: timeouts.headersTimeout,
          },
          guarded,
        )
  server.timeout = timeouts.timeout
  // Node.js drops what is beyond; one more shows that there was something to drop.
  server.maxHeadersCount = sizes.maxHeaders + 1
  if (sizes.maxConnections > 0) server.maxConnections = sizes.maxConnections
  server.maxRequestsPerSocket = sizes.maxRequestsPerConnection
  return server
}

class SocketPeer implements Peer {
  readonly #incoming: IncomingMessage
  readonly #outgoing: ServerResponse

  constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
    this.#incoming = incoming
    this.#outgoing = outgoing
  }

  get address(): string | undefined {
    return this.#incoming.socket.remoteAddress
  }

  setHeader(name: string, value: string): void {
    this.#outgoing.setHeader(name, value)
  }
}

async function own(
  path: string,
  { mode, uid, gid }: NonNullable<ListenOptions['socket']>,
): Promise<void> {
  await chmod(path, mode)
  if (uid !== undefined || gid !== undefined) await chown(path, uid ?? -1, gid ?? -1)
}

function urlOf(server: AnyServer, { tls }: ListenOptions): string {
  const { address, family, port } = server.address() as AddressInfo
  const host = family === 'IPv6' ? `[${address}]` : address
  return `${tls === undefined ? 'http' : 'https'}://${host}:${port}`
}

const sweepMilliseconds = 20

function retire(server: AnyServer): void {
  server.prependListener('request', (_incoming: IncomingMessage, outgoing: ServerResponse) => {
    outgoing.shouldKeepAlive = false
  })
}

async function close(
  server: AnyServer,
  graceMilliseconds: number,
  lingerMilliseconds: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.once('close', () => resolve())
  })
  // The method of HTTP servers closes idle connections at once.
  NetServer.prototype.close.call(server)
  if (lingerMilliseconds > 0)
    await Promise.race([closed, delay(lingerMilliseconds, undefined, { ref: false })])
  server.close()
  // A connection whose request ends only now would be kept for the next one.
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMilliseconds)
  const cut = setTimeout(() => server.closeAllConnections(), graceMilliseconds)
  server.closeIdleConnections()
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}
