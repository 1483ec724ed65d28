import type { CaseName, Dialect } from '../case.ts'
import type { Addresses } from '../load/user.ts'
import type { Amounts } from '../load-data.ts'
import type { EventLoop } from '../measure/event-loop.ts'
import type { Cores } from '../measure/cores.ts'

export const engines = ['sqlite', 'postgres'] as const

export type Engine = (typeof engines)[number]

export const serverKinds = ['bare', 'oidc-provider', 'firebrand'] as const

/** `url` is a server that somebody else started. */
export type ServerKind = (typeof serverKinds)[number] | 'url'

/** A running server that a load can be put on. */
export interface ServerUnderTest {
  /** As it is called in the report, unique in a run. */
  readonly name: string
  readonly kind: ServerKind
  /** What it stores in; `undefined` for one that stores nothing or whose engine is not known. */
  readonly engine: Engine | undefined
  readonly addresses: Addresses
  readonly dialect: Dialect
  /** The process whose CPU and memory are read, with its children; `undefined` when not known. */
  readonly pid: number | undefined
  /** PostgreSQL's first process. */
  readonly databasePid: number | undefined
  /** Its event loop, when this run has started it. */
  readonly eventLoop: EventLoop | undefined
  /** Cases that it is left out of, with the reason for the report. */
  readonly lacks: Partial<Readonly<Record<CaseName, string>>>
  /** Called before a case is set up, where cases need something of their own; returns what is called after it. */
  readonly enter?: (name: CaseName) => Promise<() => Promise<void>>
  /** Facts the reader of the report must know. */
  readonly notes: readonly string[]
  stop(): Promise<void>
}

/** What a server needs to be started. */
export interface StartOptions {
  readonly cores: Cores
  /** What is to be in Firebrand's database before the first request; `undefined` leaves it empty. */
  readonly load: Amounts | undefined
  /** The executable of Firebrand as an operator starts it, not watched; `undefined` for the source with its event loop watched. */
  readonly main: string | undefined
  /** Flags of `node` for a Firebrand from source. */
  readonly nodeFlags: readonly string[]
  /** Firebrand's processes that serve. */
  readonly workers: number
  /** An empty directory of its own. */
  readonly directory: string
  /** The database, when the server has one. */
  readonly database: Database | undefined
}

export type Database =
  | { readonly engine: 'sqlite' }
  | { readonly engine: 'postgres'; readonly url: string; readonly pid: number | undefined }

/** How engines are written in the report. */
export const engineNames: Record<Engine, string> = { sqlite: 'SQLite', postgres: 'PostgreSQL' }
