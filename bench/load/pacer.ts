import type { ScriptedUser } from './user.ts'

/** How fast, and for how long. */
export interface Pace {
  /** Operations per second, evenly spaced. */
  readonly rate: number
  /** Operations that are due in this time are not counted. */
  readonly warmUpMs: number
  readonly windowMs: number
  /** Whether it polls while it waits; else it may be up to a millisecond late, more than which a timer cannot promise. */
  readonly polls?: boolean
}

/**
 * Begins operations at fixed times. A closed loop asks less of a server that is slow, and so measures few of its slow answers
 * (coordinated omission); here each time counts from when the operation was due, and none is dropped.
 */
export class Pacer {
  /** Milliseconds from when an operation was due to its end. */
  readonly operations: number[] = []
  /** Milliseconds of requests; the first of an operation counts from when that was due. */
  readonly requests: number[] = []
  /** Milliseconds from when an operation was due to its beginning. */
  readonly lags: number[] = []
  readonly #idle: ScriptedUser[]
  readonly #pace: Pace
  readonly #uncounted: number
  readonly #total: number
  #begun = 0
  #ended = 0
  #startedAt = 0
  #lastEndAt = 0
  #isOver = false
  #onEnd: () => void = () => {}
  #onError: (error: Error) => void = () => {}

  constructor(users: readonly ScriptedUser[], pace: Pace) {
    this.#idle = [...users]
    this.#pace = pace
    this.#uncounted = Math.ceil((pace.warmUpMs / 1000) * pace.rate)
    this.#total = this.#uncounted + Math.max(1, Math.floor((pace.windowMs / 1000) * pace.rate))
  }

  /** Resolves when all operations have ended; rejects with the first that fails. */
  async start(): Promise<void> {
    this.#startedAt = performance.now()
    try {
      await new Promise<void>((resolve, reject) => {
        this.#onEnd = resolve
        this.#onError = reject
        this.#turn()
      })
    } finally {
      this.#isOver = true
    }
  }

  /** Seconds from the first counted operation's time to the end of the last one. */
  get secondsToLastEnd(): number {
    return (this.#lastEndAt - this.#dueAt(this.#uncounted)) / 1000
  }

  #turn(): void {
    if (this.#isOver) return
    this.#beginDue()
    if (this.#begun === this.#total) return
    if (this.#pace.polls === false) setTimeout(() => this.#turn(), 1)
    else setImmediate(() => this.#turn())
  }

  #dueAt(index: number): number {
    return this.#startedAt + (index / this.#pace.rate) * 1000
  }

  #beginDue(): void {
    const now = performance.now()
    while (this.#begun < this.#total && this.#dueAt(this.#begun) <= now) {
      // The one that has been idle longest, so that no connection is idle for so long that the server closes it.
      const next = this.#idle.shift()
      if (next === undefined) return
      this.#begin(next, this.#begun)
      this.#begun += 1
    }
  }

  #begin(each: ScriptedUser, index: number): void {
    const at = this.#dueAt(index)
    const isCounted = index >= this.#uncounted
    if (isCounted) this.lags.push(performance.now() - at)
    const due = {
      at,
      onRequest: (milliseconds: number) => {
        if (isCounted) this.requests.push(milliseconds)
      },
      onDone: () => {
        this.#lastEndAt = performance.now()
        if (isCounted) this.operations.push(this.#lastEndAt - at)
        this.#idle.push(each)
        this.#ended += 1
        if (this.#ended === this.#total) this.#onEnd()
        else if (!this.#isOver) this.#beginDue()
      },
    }
    each.user.begin(each.script(), due, (error) => this.#onError(error))
  }
}
