/** Rate limits of this process, in memory. */

import { LRUCache } from 'lru-cache'
import type { Clock, RateLimits } from '../context.ts'
import { isPublicAddress, networkOf } from '../protocol/network.ts'
import {
  allowanceOf,
  giveOneBack,
  takeOne,
  type NoteAllowance,
  type RateLimited,
  type RatePolicy,
} from '../protocol/rate-limit.ts'
import type { Settings } from '../settings.ts'

/** Limits that also tell how often they refused, for metrics. */
export interface CountingRateLimits extends RateLimits {
  /** Refusals by limit since the start. */
  refusals(): ReadonlyMap<string, number>
}

interface Limit {
  take(key: string, note: NoteAllowance | undefined): RateLimited | undefined
  giveBack(key: string): void
}

/** Makes the limits that the settings ask for. One that is off costs nothing. */
export function createRateLimits({ rates }: Settings['limits'], clock: Clock): CountingRateLimits {
  const refusals = new Map<string, number>()
  const limit = (name: string, policy: RatePolicy): Limit | undefined =>
    policy.requests === 0 ? undefined : createLimit(name, policy, { rates, clock, refusals })
  const ofClient = limit('per_client', rates.perClient)
  const ofAddress = {
    per_address: limit('per_address', rates.perAddress),
    registrations: limit('registrations', rates.registrations),
    failed_authentications: limit('failed_authentications', rates.failedAuthentications),
  }
  const counted = (address: string | undefined): address is string =>
    address !== undefined && (rates.privateAddresses || isPublicAddress(address))
  return {
    takeOfClient: (clientId, note) => ofClient?.take(clientId, note),
    takeOfAddress(name, address, note) {
      const chosen = ofAddress[name]
      if (chosen === undefined || !counted(address)) return undefined
      return chosen.take(networkOf(address), note)
    },
    giveBackToAddress(name, address) {
      const chosen = ofAddress[name]
      if (chosen !== undefined && counted(address)) chosen.giveBack(networkOf(address))
    },
    refusals: () => refusals,
  }
}

interface Surroundings {
  readonly rates: Settings['limits']['rates']
  readonly clock: Clock
  readonly refusals: Map<string, number>
}

function createLimit(
  name: string,
  policy: RatePolicy,
  { rates, clock, refusals }: Surroundings,
): Limit {
  const states = new LRUCache<string, number>({ max: rates.remembered })
  return {
    take(key, note) {
      const now = clock()
      const taken = takeOne(policy, states.get(key), now)
      if (taken.allowed) {
        states.set(key, taken.fullAt)
        note?.(allowanceOf(name, policy, { fullAt: taken.fullAt, now }))
        return undefined
      }
      refusals.set(name, (refusals.get(name) ?? 0) + 1)
      return { limit: name, policy, retryAfterSeconds: Math.ceil(taken.waitMilliseconds / 1000) }
    },
    giveBack(key) {
      const state = states.get(key)
      if (state !== undefined) states.set(key, giveOneBack(policy, state))
    },
  }
}
