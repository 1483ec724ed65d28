/** Work that costs nearly the same for many as for one. */

/** How much is done at once. */
export interface GatheringLimits {
  /** Batches that run at the same time; what comes meanwhile waits for the next one. */
  readonly atOnce: number
  /** Items of one batch. */
  readonly largest: number
}

/**
 * Gathers what comes in one turn of the event loop, and what comes while enough is running, and runs it together. So nothing
 * waits while there is little to do, and batches grow with the load.
 */
export class Gathering<T> {
  readonly #run: (items: readonly T[]) => Promise<void>
  readonly #limits: GatheringLimits
  #waiting: T[] = []
  #running = 0
  #isScheduled = false

  /** @param run settles every item itself and never rejects. */
  constructor(run: (items: readonly T[]) => Promise<void>, limits: GatheringLimits) {
    this.#run = run
    this.#limits = limits
  }

  /** Takes an item into the next batch. */
  add(item: T): void {
    this.#waiting.push(item)
    if (this.#isScheduled || this.#running >= this.#limits.atOnce) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#begin()
    })
  }

  #begin(): void {
    while (this.#waiting.length > 0 && this.#running < this.#limits.atOnce)
      void this.#runBatch(this.#waiting.splice(0, this.#limits.largest))
  }

  async #runBatch(items: readonly T[]): Promise<void> {
    this.#running += 1
    await this.#run(items)
    this.#running -= 1
    this.#begin()
  }
}

/**
 * Two batches, so that the server works on one while this process works on the other. The size bounds how long a
 * transaction holds its rows.
 */
export const gatheringLimits: GatheringLimits = { atOnce: 2, largest: 64 }
