/** A wall clock for those who destroy things. */

import { instant } from '../brand.ts'
import type { Clock } from '../context.ts'

/** How much faster than real time the cautious clock catches up. */
const pace = 2

/**
 * Follows a wall clock back at once, but forward at most at twice the pace of time. Where the wall clock is set forward by
 * mistake, what is removed by this one is still there when it is set right; where it is set forward rightly, this one has
 * caught up when as much time has passed again.
 *
 * @param monotonic milliseconds that nobody sets.
 */
export function cautiousClock(
  wall: Clock,
  monotonic: () => number = () => performance.now(),
): Clock {
  let trusted = wall()
  let askedAt = monotonic()
  return () => {
    const elapsed = monotonic() - askedAt
    askedAt += elapsed
    trusted = instant(Math.min(wall(), Math.floor(trusted + pace * elapsed)))
    return trusted
  }
}
