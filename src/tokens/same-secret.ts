/** Compares what nobody may find out piece by piece. */

import { timingSafeEqual } from 'node:crypto'

/** Whether two texts are the same; the time taken tells their lengths at most. */
export function isSameSecret(one: string, other: string): boolean {
  const left = Buffer.from(one)
  const right = Buffer.from(other)
  return left.length === right.length && timingSafeEqual(left, right)
}
