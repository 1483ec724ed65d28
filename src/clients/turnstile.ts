/** Lets a few tasks run at once and a few more wait, so that expensive work cannot take over a process. */

import { err, ok, type Result } from '../result.ts'

/** Where tasks queue. */
export interface Turnstile {
  /** Whether {@link Turnstile.pass} would refuse now. */
  isFull(): boolean
  /** Runs `task` when its turn comes, in order of arrival. @returns `full` when too many wait already. */
  pass<T>(task: () => Promise<T>): Promise<Result<T, 'full'>>
}

/** @param limits tasks that run at once, and tasks that may wait for them. */
export function createTurnstile(limits: {
  readonly running: number
  readonly waiting: number
}): Turnstile {
  let running = 0
  const queue: (() => void)[] = []
  const isFull = () => running >= limits.running && queue.length >= limits.waiting

  async function enter(): Promise<void> {
    if (running < limits.running) running += 1
    // Who leaves hands its place over, so that nobody slips in between.
    else await new Promise<void>((resolve) => queue.push(resolve))
  }

  function leave(): void {
    const next = queue.shift()
    if (next === undefined) running -= 1
    else next()
  }

  return {
    isFull,
    async pass(task) {
      if (isFull()) return err('full')
      await enter()
      try {
        return ok(await task())
      } finally {
        leave()
      }
    },
  }
}
