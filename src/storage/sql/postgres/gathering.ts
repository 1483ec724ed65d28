/** Work that costs nearly the same for many as for one. */

/** How much is done at once. */
export interface GatheringLimits {
  /** Batches that run at the same time; what comes meanwhile waits for the next one. */
  readonly atOnce: number
  /** Items of one batch. */
  readonly largest: number
}

/**
 * Two batches, so that the server works on one while this process works on the other. The size bounds how long a
 * transaction holds its rows.
 */
const usual: GatheringLimits = { atOnce: 2, largest: 64 }

/** How the work is done. */
export interface Gathered<In, Out> {
  readonly one: (input: In) => Promise<Out>
  /** Results in the order of the inputs, of which there are several. It either does all of it or fails. */
  readonly many: (inputs: readonly In[]) => Promise<readonly Out[]>
  /** Whether an error of `many` means that nothing was done, and that each may have another outcome by itself. */
  readonly isSeparable: (error: unknown) => boolean
}

interface Item<In, Out> {
  readonly input: In
  readonly resolve: (output: Out) => void
  readonly reject: (error: unknown) => void
}

/**
 * Gathers what comes in one turn of the event loop, and what comes while enough is running, and does it together. So nothing
 * waits while there is little to do, and batches grow with the load. Nobody fails for what another one asked.
 */
export class Gathering<In, Out> {
  readonly #work: Gathered<In, Out>
  readonly #limits: GatheringLimits
  #waiting: Item<In, Out>[] = []
  #running = 0
  #isScheduled = false

  constructor(work: Gathered<In, Out>, limits = usual) {
    this.#work = work
    this.#limits = limits
  }

  /** Takes an input into the next batch. */
  add(input: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject })
      if (this.#isScheduled || this.#running >= this.#limits.atOnce) return
      this.#isScheduled = true
      setImmediate(() => {
        this.#isScheduled = false
        this.#begin()
      })
    })
  }

  #begin(): void {
    while (this.#waiting.length > 0 && this.#running < this.#limits.atOnce)
      void this.#run(this.#waiting.splice(0, this.#limits.largest))
  }

  async #run(items: readonly Item<In, Out>[]): Promise<void> {
    this.#running += 1
    const [first] = items
    if (first !== undefined && items.length === 1) await this.#settle(first)
    else await this.#settleAll(items)
    this.#running -= 1
    this.#begin()
  }

  async #settle({ input, resolve, reject }: Item<In, Out>): Promise<void> {
    try {
      resolve(await this.#work.one(input))
    } catch (error) {
      reject(error)
    }
  }

  async #settleAll(items: readonly Item<In, Out>[]): Promise<void> {
    try {
      const outputs = await this.#work.many(items.map(({ input }) => input))
      for (const [at, { resolve }] of items.entries()) resolve(outputs[at] as Out)
    } catch (error) {
      if (this.#work.isSeparable(error)) for (const item of items) void this.#settle(item)
      else for (const { reject } of items) reject(error)
    }
  }
}
