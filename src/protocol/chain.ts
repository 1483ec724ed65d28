/**
 * Which tokens of a chain are good.
 *
 * @see RFC 6749 §6, RFC 9700 §4.14.2
 */

import type { Instant, Milliseconds } from '../brand.ts'
import type { Chain } from './grant.ts'

/** How long and how often a used refresh token may be used again. */
export interface Grace {
  /** Zero is strict rotation: a refresh token is good once. */
  readonly rotationGracePeriod: Milliseconds
  /** Uses in all, the first one included; zero does not limit them. */
  readonly rotationGraceReuseCount: number
}

/** Whether the refresh token of a generation is the current one of its chain, or was used but stands in its grace. */
export function isUsable(chain: Chain, generation: number, grace: Grace, now: Instant): boolean {
  if (chain.generation !== generation) return false
  if (chain.firstUsedAt === undefined) return true
  const { rotationGracePeriod, rotationGraceReuseCount } = grace
  const inTime = chain.firstUsedAt + rotationGracePeriod > now
  return inTime && (rotationGraceReuseCount === 0 || chain.usedTimes < rotationGraceReuseCount)
}

/** Whether the access token issued with a generation was not replaced by a refresh. */
export function isCurrent(chain: Chain, generation: number): boolean {
  return chain.generation === generation && chain.firstUsedAt === undefined
}
