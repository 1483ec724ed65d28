/** Chooses among what a model holds. */

import { constantFrom, nat, oneof, type Arbitrary } from 'fast-check'

/** How far back to reach: mostly to the newest, where there is something to break. */
export const recent: Arbitrary<number> = oneof(
  { weight: 3, arbitrary: constantFrom(0, 0, 1) },
  { weight: 1, arbitrary: nat(30) },
)

/** The entry at a place, counted around. */
export function pick<T>(all: readonly T[], at: number): T {
  const found = all[at % all.length]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

/** The entry so many places before the last, counted around. */
export function pickRecent<T>(all: readonly T[], back: number): T {
  return pick(all, all.length - 1 - (back % all.length))
}
