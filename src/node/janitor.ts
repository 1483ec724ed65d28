/** Removes what nothing can refer to any more, in small batches, while the server serves. */

import type { Services } from '../context.ts'

export interface JanitorOptions {
  /** Pause between two runs; each is moved by up to a tenth so that processes do not run in step. */
  readonly intervalMilliseconds: number
  /** Rows of each table that one statement removes. */
  readonly batch: number
}

/** A janitor at work. */
export interface Janitor {
  /** Stops; resolves when a run that is under way has ended. */
  stop(): Promise<void>
}

/** Pause between two batches of one run, so that requests get their turn at the database. */
const breathMilliseconds = 50

/** Starts the rounds; runs never overlap. A failed run is logged, and the next one tries again. */
export function startJanitor(
  { storage, clock, log }: Pick<Services, 'storage' | 'clock' | 'log'>,
  { intervalMilliseconds, batch }: JanitorOptions,
): Janitor {
  const stopping = new AbortController()
  const { signal } = stopping
  const rounds = work()
  return {
    stop() {
      stopping.abort()
      return rounds
    },
  }

  async function work(): Promise<void> {
    while (!signal.aborted) {
      await sleep(intervalMilliseconds * (0.9 + 0.2 * Math.random()))
      if (!signal.aborted) await sweep()
    }
  }

  async function sweep(): Promise<void> {
    try {
      let removed = 0
      for (;;) {
        const count = await storage.purgeExpired(clock(), batch)
        removed += count
        if (signal.aborted || count < batch) break
        await sleep(breathMilliseconds)
      }
      if (removed > 0) log.debug({ removed }, 'Expired rows were removed.')
    } catch (error) {
      // An outage of the database must not end the janitor of a server that will recover.
      log.warn({ error }, 'Expired rows could not be removed; the next run tries again.')
    }
  }

  function sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(end, milliseconds)
      timer.unref()
      signal.addEventListener('abort', end, { once: true })
      function end(): void {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
    })
  }
}
