/**
 * Changes that work once, over connections that may break during the commit.
 *
 * Each attempt has a name, and the row that it changed keeps it, so that it can be made again: it finds either its own
 * work or somebody else's. While the database is away, an attempt stays open and is taken up by the next one for the
 * same thing in this process; when the database is back, what nobody was told of is undone, for other processes to find.
 * So a client that was answered 503 finds its code or refresh token as it was.
 */

import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { StorageUnavailable } from '../storage.ts'
import { OutcomeUnknown } from './engine.ts'

/** How long a request that lost its connection tries to learn what came of it. */
const patienceMilliseconds = 2000
const pauseMilliseconds = 50

/** Between two looks whether the database is back. */
const undoPauseMilliseconds = 250
/** A commit that was on its way when its connection broke may come to pass later: so often is looked for it. */
const undoTries = 40
/** Longer than a read can be under way that began before something was undone. */
const staleMilliseconds = 60_000

/** Bounds the memory of open attempts; the oldest is forgotten first. */
const maximum = 10_000

const process = randomBytes(9).toString('base64url')
let made = 0

/** What an attempt does. */
export interface Work {
  /**
   * Changes a row if nobody did before, or if the attempt of that name did; tells whether. It is told whether the attempt may
   * have changed it already.
   */
  readonly make: (name: string, isRepeated: boolean) => Promise<boolean>
  /** Takes back what the attempt of that name did, if nobody went on from there; tells whether there was something. */
  readonly undo: (name: string) => Promise<boolean>
}

interface OpenAttempt {
  readonly name: string
  readonly undo: Work['undo']
  triesLeft: number
}

/** The attempts of one store. */
export class Attempts {
  readonly #open = new LRUCache<string, OpenAttempt>({ max: maximum })
  /** Names of attempts that were undone, for those who read before. */
  readonly #undone = new LRUCache<string, string>({ max: maximum, ttl: staleMilliseconds })
  readonly #undoing = new Map<string, Promise<unknown>>()
  #isWatching = false

  /** Whether an attempt at `what` was made under this name, and nobody was told how it ended. */
  isOpen(what: string, name: string | null): boolean {
    if (name === null) return false
    const isOpen = this.#open.size > 0 && this.#open.peek(what)?.name === name
    return isOpen || (this.#undone.size > 0 && this.#undone.get(what) === name)
  }

  /**
   * Makes an attempt, until its outcome is known or the patience is over.
   *
   * @throws StorageUnavailable when the outcome is not known, or nothing was done.
   */
  async settle(what: string, { make, undo }: Work): Promise<boolean> {
    const undoing = this.#undoing.get(what)
    if (undoing !== undefined) await undoing
    const taken = this.#take(what)
    const name = taken ?? `${process}${(made += 1).toString(36)}`
    let isOpen = taken !== undefined
    for (const end = performance.now() + patienceMilliseconds; ;) {
      try {
        return await make(name, isOpen)
      } catch (error) {
        isOpen ||= error instanceof OutcomeUnknown
        const goesOn = isOpen && error instanceof StorageUnavailable
        if (goesOn && performance.now() <= end) {
          await delay(pauseMilliseconds)
          continue
        }
        if (isOpen) this.#leaveOpen(what, { name, undo, triesLeft: undoTries })
        throw error
      }
    }
  }

  /** The name of an open attempt. Taken, so that of two requests that come now only one goes on with it. */
  #take(what: string): string | undefined {
    const name = this.#open.get(what)?.name
    if (name !== undefined) this.#open.delete(what)
    return name
  }

  #leaveOpen(what: string, attempt: OpenAttempt): void {
    this.#open.set(what, attempt)
    if (!this.#isWatching) void this.#watch()
  }

  /** Undoes open attempts when the database is back. Does not keep the process alive, and never rejects. */
  async #watch(): Promise<void> {
    this.#isWatching = true
    for (;;) {
      await delay(undoPauseMilliseconds, undefined, { ref: false })
      const waiting = [...this.#open.entries()].filter(([, { triesLeft }]) => triesLeft > 0)
      if (waiting.length === 0) break
      for (const [what, attempt] of waiting) if (!(await this.#tryUndo(what, attempt))) break
    }
    this.#isWatching = false
  }

  /** @returns whether the database answered. */
  async #tryUndo(what: string, attempt: OpenAttempt): Promise<boolean> {
    // Somebody took it up meanwhile.
    if (this.#open.peek(what) !== attempt) return true
    const undoing = this.#undo(what, attempt)
    this.#undoing.set(what, undoing)
    try {
      return await undoing
    } finally {
      this.#undoing.delete(what)
    }
  }

  async #undo(what: string, attempt: OpenAttempt): Promise<boolean> {
    try {
      if (await attempt.undo(attempt.name)) {
        this.#undone.set(what, attempt.name)
        this.#open.delete(what)
      } else attempt.triesLeft -= 1
      return true
    } catch (error) {
      if (error instanceof StorageUnavailable) return false
      // It stays open for this process, as it was.
      attempt.triesLeft = 0
      return true
    }
  }
}
