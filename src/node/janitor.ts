/** Removes what nothing can refer to any more, in small batches, while the server serves. */

import type { Services } from '../context.ts'
import { cautiousClock } from './cautious-clock.ts'
import { sleep, startRounds, type Rounds } from './rounds.ts'

/** What the janitor cleans, and how often. */
export interface JanitorOptions {
  /** Pause between two runs. */
  readonly intervalMilliseconds: number
  /** Rows of each table that one statement removes. */
  readonly batch: number
}

/** Pause between two batches of one run, so that requests get their turn at the database. */
const breathMilliseconds = 50

/**
 * Starts the janitor. A failed run is logged, and the next one tries again. A clock that is set forward does not make it
 * remove at once what keeps tokens revoked and assertions used.
 */
export function startJanitor(
  { storage, clock, log }: Pick<Services, 'storage' | 'clock' | 'log'>,
  { intervalMilliseconds, batch }: JanitorOptions,
): Rounds {
  const time = cautiousClock(clock)
  return startRounds(intervalMilliseconds, async (signal) => {
    try {
      let removed = 0
      for (;;) {
        const count = await storage.purgeExpired(time(), batch)
        removed += count
        if (signal.aborted || count < batch) break
        await sleep(breathMilliseconds, signal)
      }
      if (removed > 0) log.debug({ removed }, 'Expired rows were removed.')
    } catch (error) {
      // An outage of the database must not end the janitor of a server that will recover.
      log.warn({ error }, 'Expired rows could not be removed; the next run tries again.')
    }
  })
}
