/** Removes what nothing can refer to any more, in small slices, while the server serves. */

import type { Services } from '../context.ts'
import { cautiousClock } from './cautious-clock.ts'
import { sleep, startRounds, type Rounds } from './rounds.ts'

/** What the janitor cleans, and how often. */
export interface JanitorOptions {
  /** Pause before it looks again, once nothing is left. */
  readonly intervalMilliseconds: number
  /** Most rows of each table that one statement removes. */
  readonly batch: number
}

/** Shortest pause between two slices, so that requests get their turn at the database. */
const breathMilliseconds = 50

/** The pause after a slice, in times of the slice: at most a third of the database's time goes to the janitor. */
const breathShare = 2

/** Rows of each table in a slice when there is little to do: so few that no request waits for them noticeably. */
const smallestSlice = 50

/** A run that lasts longer has more to do than its slices are made for. */
const stintMilliseconds = 1000

/** What came of a second of work. */
interface Stint {
  readonly removed: number
  /** Nothing is left. */
  readonly isDone: boolean
  /** A slice took longer than the shortest pause. */
  readonly isSlow: boolean
}

/**
 * Starts the janitor. It removes slice after slice until nothing is left; slices double for every second that this takes, and halve when it
 * takes less, so that what expires steadily is removed steadily, and a backlog does not grow. Slices that take long are followed by long
 * pauses and do not grow: where the machine is busy, requests come first. A failed run is logged, and the next
 * one tries again. A clock that is set forward does not make it remove at once what keeps tokens revoked and assertions used.
 */
export function startJanitor(
  { storage, clock, log }: Pick<Services, 'storage' | 'clock' | 'log'>,
  { intervalMilliseconds, batch }: JanitorOptions,
): Rounds {
  const time = cautiousClock(clock)
  const smallest = Math.min(smallestSlice, batch)
  let slice = smallest

  /** Removes slices for a second, or until one is not full. */
  async function stint(signal: AbortSignal): Promise<Stint> {
    const end = performance.now() + stintMilliseconds
    let [removed, slowest] = [0, 0]
    while (!signal.aborted && performance.now() < end) {
      const begun = performance.now()
      const count = await storage.purgeExpired(time(), slice)
      const elapsed = performance.now() - begun
      removed += count
      slowest = Math.max(slowest, elapsed)
      if (count < slice) return { removed, isDone: true, isSlow: false }
      await sleep(Math.max(breathMilliseconds, breathShare * elapsed), signal)
    }
    return { removed, isDone: false, isSlow: slowest > breathMilliseconds }
  }

  function nextSlice({ isDone, isSlow }: Stint): number {
    if (isDone || isSlow) return Math.max(smallest, Math.floor(slice / 2))
    return Math.min(batch, slice * 2)
  }

  return startRounds(intervalMilliseconds, async (signal) => {
    try {
      while (!signal.aborted) {
        const full = slice
        const done = await stint(signal)
        const { removed, isDone } = done
        slice = nextSlice(done)
        if (removed > 0) log.debug({ removed }, 'Expired rows were removed.')
        if (isDone && removed < full) return
        // What expires steadily is not left to pile up until the next run.
        if (isDone) await sleep(Math.min(stintMilliseconds, intervalMilliseconds), signal)
      }
    } catch (error) {
      // An outage of the database must not end the janitor of a server that will recover.
      log.warn({ error }, 'Expired rows could not be removed; the next run tries again.')
    }
  })
}
