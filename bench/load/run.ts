import type { Case, Dialect } from '../case.ts'
import { Awake } from './awake.ts'
import { Pacer } from './pacer.ts'
import { User } from './user.ts'
import type { Addresses, ScriptedUser } from './user.ts'

/** What one measured window gave. */
export interface Window {
  readonly operations: number
  readonly seconds: number
  /** Milliseconds of every operation that ended in the window, sorted. */
  readonly latencies: Float64Array
  /** Bytes of the answers. */
  readonly bytes: number
  /** Share of the window in which the generator had something to do. */
  readonly busyShare: number
}

/** What a window gave in which operations were due at fixed times. */
export interface PacedWindow extends Window {
  /** Milliseconds of every request, sorted; those of the first one of an operation count from when it was due. */
  readonly requestLatencies: Float64Array
  /** By how many milliseconds operations were begun late, because the generator or all users were busy; sorted. */
  readonly startLags: Float64Array
}

/** How long a run takes, and how it waits. */
export interface LoadTimes {
  readonly warmUpMs: number
  readonly windowMs: number
  /** Whether the generator polls while it waits; not beside a database on its core. */
  readonly polls?: boolean
}

/** Called at the two ends of the measured window, to read counters. */
export interface Hooks {
  readonly begin: () => void
  readonly end: () => void
}

/** How many times as long as planned a window may become until an operation has ended in it. */
const mostExtensions = 20

/** One case on one server: its users are set up once, then run in as many windows as there are rounds. */
export class Load {
  readonly #users: ScriptedUser[] = []

  /** Sets up the connections' scripts, one after the other. */
  static async prepare(
    test: Pick<Case, 'prepare'>,
    dialect: Dialect,
    options: { addresses: Addresses; connections: number },
  ): Promise<Load> {
    const load = new Load()
    for (let index = 0; index < options.connections; index++) {
      const user = new User(options.addresses)
      try {
        const script = await user.perform(test.prepare(dialect))
        load.#users.push({ user, script })
      } finally {
        user.disconnect()
      }
    }
    return load
  }

  /**
   * Runs all users for a warm-up and a measured window, lets the operations in flight end, and disconnects.
   *
   * @throws the first unexpected answer, broken connection or overdue answer.
   */
  async run(times: LoadTimes, hooks: Hooks): Promise<Window> {
    const latencies: number[] = []
    let phase: 'warm-up' | 'window' | 'ending' = 'warm-up'
    const onDone = (milliseconds: number): boolean => {
      if (phase === 'window') latencies.push(milliseconds)
      return phase !== 'ending'
    }
    return this.#watched(times, async (awake) => {
      const loops = Promise.all(this.#users.map(({ user, script }) => user.loop(script, onDone)))
      await Promise.race([sleep(times.warmUpMs), loops])
      hooks.begin()
      awake.begin()
      const bytesBefore = this.#bytesRead()
      phase = 'window'
      const startedAt = performance.now()
      await Promise.race([sleep(times.windowMs), loops])
      // On a machine that is busy with something else a short window may be too short for a single operation.
      for (let more = 0; more < mostExtensions && latencies.length === 0; more++) {
        await Promise.race([sleep(times.windowMs), loops])
      }
      const seconds = (performance.now() - startedAt) / 1000
      const busyShare = awake.busyShare(seconds)
      phase = 'ending'
      hooks.end()
      const bytes = this.#bytesRead() - bytesBefore
      await loops
      return {
        operations: latencies.length,
        seconds,
        latencies: sorted(latencies),
        bytes,
        busyShare,
      }
    }).finally(() => {
      phase = 'ending'
    })
  }

  /**
   * Starts operations at fixed times, whether the server has answered or not, and counts their time from then. An operation that
   * finds all users busy waits for one; that is part of its time. All that were due in the window are counted, however late they end.
   *
   * @param rate operations per second, in the warm-up as well.
   * @throws like `run`.
   */
  async runPaced(times: LoadTimes, rate: number, hooks: Hooks): Promise<PacedWindow> {
    return this.#watched(times, async (awake) => {
      const bytesBefore = this.#bytesRead()
      const pacer = new Pacer(this.#users, { ...times, rate })
      const all = pacer.start()
      await Promise.race([sleep(times.warmUpMs), all])
      hooks.begin()
      awake.begin()
      await Promise.race([sleep(times.windowMs), all])
      const busyShare = awake.busyShare(times.windowMs / 1000)
      hooks.end()
      await all
      const { operations, requests, lags } = pacer
      return {
        operations: operations.length,
        seconds: pacer.secondsToLastEnd,
        latencies: sorted(operations),
        requestLatencies: sorted(requests),
        startLags: sorted(lags),
        bytes: this.#bytesRead() - bytesBefore,
        busyShare,
      }
    })
  }

  /** Runs with a watch over overdue answers; disconnects all users in the end. */
  async #watched<T>(times: LoadTimes, run: (awake: Awake) => Promise<T>): Promise<T> {
    const awake = new Awake(() => this.#bytesRead(), times.polls ?? true)
    const watch = setInterval(() => {
      const now = performance.now()
      for (const { user } of this.#users) user.failIfStuck(now)
    }, 1000)
    try {
      return await run(awake)
    } finally {
      clearInterval(watch)
      awake.stop()
      for (const { user } of this.#users) user.disconnect()
    }
  }

  #bytesRead(): number {
    return this.#users.reduce((sum, { user }) => sum + user.bytesRead, 0)
  }
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort()
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
