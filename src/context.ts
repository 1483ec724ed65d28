/** The services one running server consists of. Handlers get them; rules never do. */

import type { Instant } from './brand.ts'
import type { KeyRing } from './keys/key-ring.ts'
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

export interface Services {
  readonly settings: Settings
  readonly storage: Storage
  readonly sealer: Sealer
  readonly keys: KeyRing
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}
