/** Signals of the operating system. */

/** The first signal to end; a second one calls `force`. */
export async function toldToEnd(force: () => void): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve(signal)
        process.once(signal, force)
      })
    }
  })
}
