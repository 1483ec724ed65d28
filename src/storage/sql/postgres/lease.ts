/**
 * Says what epoch clients and keys of a project are at, from memory for the length of a lease.
 *
 * A process may rely on an epoch until `leaseMilliseconds` after it asked for it. A write that changes what others may
 * remember resolves that long after its commit. So no process answers anything older than the last write that
 * resolved, by durations alone: no clocks that agree, no connection that must not break.
 */

import { setTimeout as delay } from 'node:timers/promises'
import type { Freshness } from '../engine.ts'

const leaseMilliseconds = 25

interface Verified {
  readonly epoch: number
  /** When the question was sent, in milliseconds of `performance.now()`. */
  readonly askedAt: number
}

/** @param readEpoch asks the database. */
export function leasedFreshness(readEpoch: () => Promise<number>): Freshness {
  let verified: Verified = { epoch: 0, askedAt: Number.NEGATIVE_INFINITY }
  let verification: Promise<Verified> | undefined

  function isLeased({ askedAt }: Verified): boolean {
    return performance.now() < askedAt + leaseMilliseconds
  }

  async function verify(): Promise<Verified> {
    const askedAt = performance.now()
    try {
      verified = { epoch: await readEpoch(), askedAt }
      return verified
    } finally {
      verification = undefined
    }
  }

  /** Shares one question among callers; an answer that took too long serves only those who were there before it. */
  async function current(): Promise<number> {
    const started = performance.now()
    for (;;) {
      verification ??= verify()
      const answer = await verification
      if (answer.askedAt >= started || isLeased(answer)) return answer.epoch
    }
  }

  return {
    stamp: () => (isLeased(verified) ? verified.epoch : current()),
    settled: async () => {
      verified = { ...verified, askedAt: Number.NEGATIVE_INFINITY }
      // Timers may fire a millisecond early.
      await delay(leaseMilliseconds + 1)
    },
  }
}
