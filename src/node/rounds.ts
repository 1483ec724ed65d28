/** Background work in rounds that never overlap. */

/** Work that goes on until it is stopped. */
export interface Rounds {
  /** Stops; resolves when a round that is under way has ended. */
  stop(): Promise<void>
}

/** Starts the rounds. Each pause is moved by up to a tenth, so that processes do not run in step. `round` must not throw. */
export function startRounds(
  pauseMilliseconds: number,
  round: (signal: AbortSignal) => Promise<void>,
): Rounds {
  const stopping = new AbortController()
  const { signal } = stopping
  const ended = work()
  return {
    stop() {
      stopping.abort()
      return ended
    },
  }

  async function work(): Promise<void> {
    while (!signal.aborted) {
      await sleep(pauseMilliseconds * (0.9 + 0.2 * Math.random()), signal)
      if (!signal.aborted) await round(signal)
    }
  }
}

/** Sleeps without keeping the process alive; ends at once when aborted. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
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
