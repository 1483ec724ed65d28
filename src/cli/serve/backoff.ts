/** How soon a worker is replaced. */

/** A worker that lived this long did not fail because of how it started. */
export const soundMilliseconds = 10_000

const longestMilliseconds = 30_000

/**
 * Milliseconds before the next worker starts: none at first, then 100, doubled up to half a minute.
 *
 * @param failures how many workers in a row ended within {@link soundMilliseconds}.
 */
export function pauseBeforeRestart(failures: number): number {
  return failures === 0 ? 0 : Math.min(longestMilliseconds, 100 * 2 ** (failures - 1))
}
