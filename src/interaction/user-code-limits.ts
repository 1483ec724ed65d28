/**
 * Slows down guessing of user codes (RFC 8628 §5.1).
 *
 * A visit of the verification page may try a few codes; every try is counted before the code is looked at, so this limit holds
 * exactly. Who begins visit after visit is held up by the count of wrong codes from one network. An office, or a proxy, may be
 * one network, so that limit is higher and right codes do not count.
 */

import type { Services } from '../context.ts'
import type { DeviceChallenge } from './device-flow.ts'

type LimitServices = Pick<Services, 'storage' | 'clock'>

const minute = 60_000
const visit = { attempts: 10, windowMilliseconds: 60 * minute }
const network = { wrongCodes: 300, windowMilliseconds: 15 * minute }

/** Counts a try. False when it must be refused without looking at the code. */
export async function mayTryUserCode(
  { storage, clock }: LimitServices,
  challenge: DeviceChallenge,
): Promise<boolean> {
  const now = clock()
  const tries = await storage.rates.hit(visitKey(challenge), now, visit.windowMilliseconds)
  if (tries > visit.attempts) return false
  const key = networkKey(challenge)
  return key === undefined || (await storage.rates.peek(key, now)) < network.wrongCodes
}

/** Counts a wrong code against the network that it came from. */
export async function countWrongUserCode(
  { storage, clock }: LimitServices,
  challenge: DeviceChallenge,
): Promise<void> {
  const key = networkKey(challenge)
  if (key !== undefined) await storage.rates.hit(key, clock(), network.windowMilliseconds)
}

/** Forgets the tries of a visit whose code was right. */
export function forgiveUserCodes(
  { storage }: LimitServices,
  challenge: DeviceChallenge,
): Promise<void> {
  return storage.rates.clear(visitKey(challenge))
}

function visitKey({ id }: DeviceChallenge): string {
  return `user-code:visit:${id}`
}

function networkKey(challenge: DeviceChallenge): string | undefined {
  return challenge.network === '' ? undefined : `user-code:network:${challenge.network}`
}
