/** What the stores ask of a database engine; sqlite/ and postgres/ implement it. */

import type { ProjectId } from '../../brand.ts'
import { StorageUnavailable } from '../storage.ts'
import type { Dialect } from './dialect.ts'
import type { Outcome, Statement } from './statement.ts'

/**
 * Several statements that take effect together or not at all: a generator that yields each and is handed what it did.
 * It does nothing else, because it runs again from the start when the database asks for a retry. A unit that throws is
 * rolled back.
 */
export type Unit<T> = Generator<Step, T, Outcome>

/** One statement, or the last ones of the unit. */
export type Step = Statement<unknown> | { readonly last: readonly Statement<unknown>[] }

/** Inside a unit: runs a statement for the number of rows it changed. */
export function* change(statement: Statement<unknown>): Unit<number> {
  return (yield statement).changes
}

/** Inside a unit: runs a statement for its rows. */
export function* rows<R>(statement: Statement<R>): Unit<readonly R[]> {
  return (yield statement).rows as readonly R[]
}

/** Inside a unit: runs a statement for its first row. */
export function* first<R>(statement: Statement<R>): Unit<R | undefined> {
  return (yield statement).rows[0] as R | undefined
}

/**
 * Inside a unit: runs its last statements without looking at what they do, so that a server gets them together with the
 * commit. Only a `return` may follow.
 */
export function* finish(...last: readonly Statement<unknown>[]): Unit<void> {
  yield { last }
}

/** A unique key exists already; `cause` is the driver's error. Stores translate it to `already_exists`. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
}

/** The database was lost before it answered: what was asked may have been committed or not. */
export class OutcomeUnknown extends StorageUnavailable {}

/**
 * One database. Reads see what was committed, the own process's writes included; writes are durable when their promise
 * resolves; outages are thrown as `StorageUnavailable`.
 */
export interface Engine {
  readonly dialect: Dialect
  read<R>(statement: Statement<R>): Promise<readonly R[]>
  /** Runs one statement that writes; it is atomic by itself. */
  write<R>(statement: Statement<R>): Promise<Outcome<R>>
  /** Runs statements that take effect together, none of which depends on what another did but through the database. */
  writeAll(statements: readonly Statement<unknown>[]): Promise<readonly Outcome[]>
  /** Runs a unit atomically. Serialization failures are retried, a bounded number of times. */
  transact<T>(unit: () => Unit<T>): Promise<T>
  /** Runs a unit as the only one of its kind in any process, without a limit of time. */
  migrate<T>(unit: () => Unit<T>): Promise<T>
  /** Tells caches of one project whether the clients and keys they hold are still true. */
  freshness(project: ProjectId): Freshness
  close(): Promise<void>
}

/** The link between a cache and the writes that make it stale. */
export interface Freshness {
  /**
   * A number that differs from the former one after any process wrote clients or keys of the project, and covers every
   * such write that resolved before the call.
   */
  stamp(): number | Promise<number>
  /** Called after such a write committed; resolves when no process answers from memory what was true before. */
  settled(): Promise<void>
}
