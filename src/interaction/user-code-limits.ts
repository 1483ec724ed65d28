/**
 * Slows down guessing of user codes (RFC 8628 §5.1).
 *
 * Every try is counted before the code is looked at, by one atomic statement each, so that both limits hold exactly for any number
 * of tries at once. A visit of the verification page may try a few codes. Who begins visit after visit is held up by the count of
 * their network. An office, or a proxy, may be one network, so that limit is higher, and a right code gives its count back.
 */

import type { Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import type { DeviceChallenge } from './device-flow.ts'

type LimitServices = Pick<Services, 'storage' | 'clock'>

const minute = 60_000
const visit = { attempts: 10, windowMilliseconds: 60 * minute }
const network = { wrongCodes: 300, windowMilliseconds: 15 * minute }

/** A try that was counted and may look at its code. */
export interface CountedTry {
  readonly challenge: DeviceChallenge
  readonly countedAt: Instant
}

/** Counts a try. `undefined` when it must be refused without looking at the code. */
export async function countUserCodeTry(
  { storage, clock }: LimitServices,
  challenge: DeviceChallenge,
): Promise<CountedTry | undefined> {
  const countedAt = clock()
  const tries = await storage.rates.hit(visitKey(challenge), countedAt, visit.windowMilliseconds)
  if (tries > visit.attempts) return undefined
  const key = networkKey({ challenge, countedAt })
  if (key !== undefined) {
    const wrong = await storage.rates.hit(key, countedAt, network.windowMilliseconds)
    if (wrong > network.wrongCodes) return undefined
  }
  return { challenge, countedAt }
}

/** Forgets the tries of a visit whose code was right, and the count of this one against its network. */
export async function forgiveUserCodes(
  { storage }: LimitServices,
  counted: CountedTry,
): Promise<void> {
  const key = networkKey(counted)
  await Promise.all([
    storage.rates.clear(visitKey(counted.challenge)),
    key === undefined ? undefined : storage.rates.giveBack(key, counted.countedAt),
  ])
}

function visitKey({ id }: DeviceChallenge): string {
  return `user-code:visit:${id}`
}

/** The window is part of the key, so that a try gives back to the window that it was counted in. */
function networkKey({ challenge, countedAt }: CountedTry): string | undefined {
  if (challenge.network === '') return undefined
  return `user-code:network:${challenge.network}:${Math.floor(countedAt / network.windowMilliseconds)}`
}
