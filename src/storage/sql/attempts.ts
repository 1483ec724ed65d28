/**
 * Changes that work once, over connections that may break during the commit.
 *
 * Each attempt has a name, and the row that it changed keeps it, so that it can be made again: it finds either its own
 * work or somebody else's. While the database is away, an attempt stays open and is taken up by the next one for the
 * same thing in this process. So a client that was answered 503 finds its code or refresh token as it was.
 */

import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { StorageUnavailable } from '../storage.ts'
import { OutcomeUnknown } from './engine.ts'

/** How long a request that lost its connection tries to learn what came of it. */
const patienceMilliseconds = 2000
const pauseMilliseconds = 50

/** Bounds the memory of open attempts; the oldest is forgotten first. */
const maximum = 10_000

const process = randomBytes(9).toString('base64url')
let made = 0

/** The attempts of one store. */
export class Attempts {
  readonly #open = new LRUCache<string, string>({ max: maximum })

  /** Whether an attempt at `what` was made under this name, and nobody was told how it ended. */
  isOpen(what: string, name: string | null): boolean {
    return name !== null && this.#open.size > 0 && this.#open.peek(what) === name
  }

  /**
   * Makes an attempt, until its outcome is known or the patience is over.
   *
   * @param work changes a row if nobody did before, or if the attempt of that name did; it tells whether. It is told
   *   whether the attempt may have changed it already.
   * @throws StorageUnavailable when the outcome is not known, or nothing was done.
   */
  async settle(
    what: string,
    work: (name: string, isRepeated: boolean) => Promise<boolean>,
  ): Promise<boolean> {
    const taken = this.#open.get(what)
    // Taken, so that of two requests that come now only one goes on with it.
    if (taken !== undefined) this.#open.delete(what)
    const name = taken ?? `${process}${(made += 1).toString(36)}`
    let isOpen = taken !== undefined
    for (const end = performance.now() + patienceMilliseconds; ;) {
      try {
        return await work(name, isOpen)
      } catch (error) {
        isOpen ||= error instanceof OutcomeUnknown
        const goesOn = isOpen && error instanceof StorageUnavailable
        if (isOpen && (!goesOn || performance.now() > end)) this.#open.set(what, name)
        if (!goesOn || performance.now() > end) throw error
      }
      await delay(pauseMilliseconds)
    }
  }
}
