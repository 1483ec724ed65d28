/** Remembers what the database said, for as long as nobody wrote. */

import { LRUCache } from 'lru-cache'
import type { Freshness } from './engine.ts'

/** Caches one kind of rows of one project by a string key. Absence is not remembered. */
export class FreshCache<V extends object> {
  readonly #freshness: Freshness
  readonly #entries: LRUCache<string, V>
  #stamp: number | undefined

  constructor(freshness: Freshness, maximum: number) {
    this.#freshness = freshness
    this.#entries = new LRUCache({ max: maximum })
  }

  /** Answers from memory if that is still true, else loads. */
  async get(key: string, load: () => Promise<V | undefined>): Promise<V | undefined> {
    const fresh = this.#freshness.stamp()
    const stamp = typeof fresh === 'number' ? fresh : await fresh
    if (stamp !== this.#stamp) {
      this.#entries.clear()
      this.#stamp = stamp
    }
    const remembered = this.#entries.get(key)
    if (remembered !== undefined) return remembered
    const loaded = await load()
    // What was read is at least as new as the stamp; a later stamp may already stand for a newer write.
    if (loaded !== undefined && this.#stamp === stamp) this.#entries.set(key, loaded)
    return loaded
  }
}
