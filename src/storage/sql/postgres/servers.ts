/**
 * The servers that a DSN names, of which one takes writes. Connections go to the one that did last; when that refuses, the
 * others are tried in turn. Who arrives at another server leaves the former one altogether: it may be a primary that does
 * not know yet that it was replaced, and what it answers is no longer true.
 */

import { callbackify } from 'node:util'
import { Client, type ClientConfig } from 'pg'
import type { StorageLog } from '../log.ts'
import { ReadOnlyServer } from './errors.ts'

/** What a DSN says about its servers. */
export interface ServersConfig {
  /** One connection string per server, in the order of the DSN. */
  readonly servers: readonly string[]
  /** Whether a server that accepts no writes (a standby) must be refused. */
  readonly mustWrite: boolean
  /** How long one server may take to accept a connection, in milliseconds. */
  readonly connectMilliseconds: number
}

/** Chooses a server for each new connection. */
export class Servers {
  /** For the constructor of a pool: connects to the server of the moment. */
  readonly Client: new (config?: ClientConfig) => Client
  readonly #config: ServersConfig
  readonly #log: StorageLog
  readonly #connections = new Map<Client, string>()
  readonly #refusals = new WeakSet<object>()
  #current: string
  /** The server that accepted last. */
  #home: string | undefined

  constructor(config: ServersConfig, log: StorageLog) {
    this.#config = config
    this.#log = log
    this.#current = config.servers[0] ?? ''
    this.Client = clientOf(this, config)
  }

  /** How many there are. */
  get count(): number {
    return this.#config.servers.length
  }

  /** The connection string for the next connection. */
  get current(): string {
    return this.#current
  }

  /** Whether an error means that a server refused a connection: nothing was sent, so another may be tried. */
  refusedWith(error: unknown): boolean {
    const causes = [error, error instanceof Error ? error.cause : undefined]
    return causes.some((it) => typeof it === 'object' && it !== null && this.#refusals.has(it))
  }

  /** Notes that a server did not accept a connection. */
  refused(server: string, error: unknown): void {
    if (typeof error === 'object' && error !== null) this.#refusals.add(error)
    if (server !== this.#current) return
    const { servers } = this.#config
    this.#current = servers[(servers.indexOf(server) + 1) % servers.length] ?? server
  }

  /** Notes a connection; those to other servers are cut. Throws when a newer connection has left its server already. */
  accepted(server: string, client: Client): void {
    if (server !== this.#current) throw new ReadOnlyServer('The server was left for another one.')
    this.#connections.set(client, server)
    client.once('end', () => this.#connections.delete(client))
    if (this.#home !== undefined && this.#home !== server) this.#leaveOthers(server)
    this.#home = server
  }

  #leaveOthers(server: string): void {
    this.#log.warn({ server: addressOf(server) }, 'the database is at another server now')
    for (const [client, other] of this.#connections)
      if (other !== server) client.connection.stream.destroy()
  }
}

/** Host and port, without credentials. */
function addressOf(server: string): string {
  const url = new URL(server)
  return url.host === '' ? (url.searchParams.get('host') ?? '') : url.host
}

function clientOf(servers: Servers, config: ServersConfig): Servers['Client'] {
  return class ServerClient extends Client {
    readonly #server: string

    constructor(options?: ClientConfig) {
      const server = servers.current
      super({ ...options, connectionString: server })
      this.#server = server
      // Losing the connection while it is being checked must not end the process.
      this.on('error', () => undefined)
    }

    override connect(): Promise<Client>
    override connect(callback: (error: Error | null) => void): void
    override connect(callback?: (error: Error | null) => void): Promise<Client> | void {
      if (callback === undefined) return this.#connect()
      callbackify(() => this.#connect())(callback)
    }

    async #connect(): Promise<Client> {
      const timer = setTimeout(
        () => this.connection.stream.destroy(),
        config.connectMilliseconds,
      ).unref()
      try {
        await super.connect()
        if (config.mustWrite) await this.#refuseStandby()
        servers.accepted(this.#server, this)
        return this
      } catch (error) {
        servers.refused(this.#server, error)
        this.connection.stream.destroy()
        throw error
      } finally {
        clearTimeout(timer)
      }
    }

    /** A standby answers what it knows, which may be less than what was acknowledged. */
    async #refuseStandby(): Promise<void> {
      const { rows } = await this.query<{ transaction_read_only: string }>(
        'show transaction_read_only',
      )
      if (rows[0]?.transaction_read_only === 'on')
        throw new ReadOnlyServer('The server accepts no writes: it is a standby.')
    }
  }
}
