/** The services one running server consists of. Handlers get them; rules never do. */

import type { Instant, Milliseconds } from './brand.ts'
import type { KeyRing } from './keys/key-ring.ts'
import type { NoteAllowance, RateLimited } from './protocol/rate-limit.ts'
import type { Result } from './result.ts'
import type { Settings } from './settings.ts'
import type { Storage } from './storage/storage.ts'
import type { Sealer } from './tokens/sealer.ts'

/** Wall clock; injected so that tests travel in time. */
export type Clock = () => Instant

/** Source of unpredictable values; injected so that tests repeat. */
export interface Random {
  /** `n` bytes from a cryptographically secure generator. */
  bytes(n: number): Uint8Array<ArrayBuffer>
  /** `2 × n` lower-case hex digits. */
  hex(n: number): string
  /** UUIDv4 with dashes. */
  uuid(): string
}

/** Structured log. Fields never hold credentials; the logger redacts the names it knows all the same. */
export interface Log {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** A request that the server itself sends to a URL which a client, an operator or a partner named. */
export interface OutgoingRequest {
  /** Absolute, http or https. */
  readonly url: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** A longer response is a failure. */
  readonly maxBytes: number
  /** For the whole exchange, redirects included. */
  readonly timeout: Milliseconds
}

/** What a server that we asked has answered, its body read whole. */
export interface OutgoingResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** The only way out of the server. It refuses addresses that `clients.http` forbids, at the moment of connecting. */
export interface Outgoing {
  /**
   * Sends a request. A GET follows redirects, each hop under the same rules; a POST does not.
   *
   * @returns the response whatever its status, or a sentence on what went wrong. The sentence does not tell a refused
   *   address from a name that does not exist, so that nobody can explore the network with it.
   */
  fetch(request: OutgoingRequest): Promise<Result<OutgoingResponse, string>>
  /** Whether the host of a URL resolves, and to addresses that may be connected to only. */
  mayConnect(url: string): Promise<boolean>
}

/** Limits of requests over time. Each process counts for itself; what security needs exactly is counted in the database. */
export interface RateLimits {
  /**
   * Counts a request of an authenticated client. `note` is told what is left where there is a limit.
   *
   * @returns why it must be refused, `undefined` when it may go on.
   */
  takeOfClient(clientId: string, note?: NoteAllowance): RateLimited | undefined
  /** Counts a request of an address, IPv6 by /64. Without an address, or with a private one, there is no limit. */
  takeOfAddress(
    limit: AddressLimit,
    address: string | undefined,
    note?: NoteAllowance,
  ): RateLimited | undefined
  /** Takes a count back, when the request turned out not to be what is limited. */
  giveBackToAddress(limit: AddressLimit, address: string | undefined): void
}

/** Limits by address: requests of browsers, registrations of clients, and client authentications that fail. */
export type AddressLimit = 'per_address' | 'registrations' | 'failed_authentications'

/** What the running process tells about itself. */
export interface ProcessState {
  /** Whether it has begun to shut down, so that no new requests should be sent to it. */
  isDraining(): boolean
  /** Metrics in the text format of Prometheus. */
  metrics(): Promise<string>
}

/** What the parts of the server are built from; the composition root makes it once. */
export interface Services {
  readonly settings: Settings
  readonly storage: Storage
  readonly sealer: Sealer
  readonly keys: KeyRing
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly outgoing: Outgoing
  readonly rateLimits: RateLimits
  /** Absent where endpoints are called without a server around them. */
  readonly process?: ProcessState
}
