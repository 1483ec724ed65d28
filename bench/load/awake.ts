/**
 * Keeps the generator from sleeping while it waits for answers. A process that sleeps is woken by the kernel in the time of the
 * server that writes to it, on a virtual machine for as long as a small answer takes in all; the slower a server, the more
 * often. Awake, every server pays the same for a write. A database on the generator's core would be starved by that: then it sleeps.
 */
export class Awake {
  readonly #progress: () => number
  readonly #polls: boolean
  #cpu = process.cpuUsage()
  #last: number
  #lastAt = performance.now()
  #idleMs = 0
  #isStopped = false

  /** @param progress a number that grows with every answer. */
  constructor(progress: () => number, polls: boolean) {
    this.#progress = progress
    this.#polls = polls
    this.#last = progress()
    if (polls) this.#turn()
  }

  begin(): void {
    this.#idleMs = 0
    this.#cpu = process.cpuUsage()
  }

  /** Share of the time since `begin` in which there was something to do: turns of the event loop with answers, or time on the processor. */
  busyShare(seconds: number): number {
    if (this.#polls) return 1 - this.#idleMs / 1000 / seconds
    const { user, system } = process.cpuUsage(this.#cpu)
    return (user + system) / 1_000_000 / seconds
  }

  stop(): void {
    this.#isStopped = true
  }

  #turn(): void {
    const now = performance.now()
    const progress = this.#progress()
    if (progress === this.#last) this.#idleMs += now - this.#lastAt
    this.#last = progress
    this.#lastAt = now
    if (!this.#isStopped) setImmediate(() => this.#turn())
  }
}
