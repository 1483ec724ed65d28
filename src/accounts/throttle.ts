/**
 * Slows down guessing. Attempts are counted in the database before a password is looked at, so the limits hold exactly
 * for any number of concurrent attempts in any number of processes.
 */

import { createHash } from 'node:crypto'
import type { Services } from '../context.ts'
import { networkOf } from '../protocol/network.ts'
import { err, ok, type Result } from '../result.ts'

/** One attempt to sign in. */
export interface Attempt {
  readonly email: string
  /** Address of the client, `undefined` in embedded use. Never a header that the client chose. */
  readonly address: string | undefined
}

/** Attempts are refused for this long. */
export interface Throttled {
  readonly retryAfterSeconds: number
}

type ThrottleServices = Pick<Services, 'storage' | 'clock'>

interface Limit {
  readonly name: string
  readonly windowMilliseconds: number
  readonly attempts: number
  /** What is counted together; `undefined` when the limit does not apply. */
  subject(email: string, network: string | undefined): string | undefined
  /** Whether a success starts the count anew. */
  readonly forgiving: boolean
}

const minute = 60_000

/**
 * One account from one network: somebody tries passwords, or forgot theirs. One account from anywhere: a botnet does;
 * the limit is higher, because reaching it locks its owner out too. One network: somebody tries one password with many
 * accounts; an office behind one address must still get in.
 */
const limits: readonly Limit[] = [
  {
    name: 'account-network',
    windowMilliseconds: 15 * minute,
    attempts: 10,
    subject: (email, network) => `${email} ${network ?? ''}`,
    forgiving: true,
  },
  {
    name: 'account',
    windowMilliseconds: 60 * minute,
    attempts: 50,
    subject: (email) => email,
    forgiving: true,
  },
  {
    name: 'network',
    windowMilliseconds: 15 * minute,
    attempts: 300,
    subject: (_email, network) => network,
    forgiving: false,
  },
]

/** Counts an attempt. @returns how long to wait when a limit was passed; the attempt must then be refused unseen. */
export async function countAttempt(
  services: ThrottleServices,
  attempt: Attempt,
): Promise<Result<void, Throttled>> {
  const now = services.clock()
  const waits = await Promise.all(
    limits.map(async (limit) => {
      const key = keyOf(limit, attempt, now)
      if (key === undefined) return 0
      const count = await services.storage.rates.hit(key, now, limit.windowMilliseconds)
      return count > limit.attempts
        ? limit.windowMilliseconds - (now % limit.windowMilliseconds)
        : 0
    }),
  )
  const wait = Math.max(...waits)
  return wait > 0 ? err({ retryAfterSeconds: Math.ceil(wait / 1000) }) : ok(undefined)
}

/** Forgets the attempts on an account that were counted with this one, once it succeeded. */
export async function forgiveAttempts(services: ThrottleServices, attempt: Attempt): Promise<void> {
  const now = services.clock()
  const keys = limits
    .filter((limit) => limit.forgiving)
    .map((limit) => keyOf(limit, attempt, now))
    .filter((key) => key !== undefined)
  await Promise.all(keys.map((key) => services.storage.rates.clear(key)))
}

/** The window is part of the key, so that its end is known. Emails are hashed: the table names nobody. */
function keyOf(limit: Limit, { email, address }: Attempt, now: number): string | undefined {
  const network = address === undefined ? undefined : networkOf(address)
  const subject = limit.subject(email.trim().toLowerCase(), network)
  if (subject === undefined) return undefined
  const digest = createHash('sha256').update(subject).digest('base64url').slice(0, 22)
  return `sign-in:${limit.name}:${Math.floor(now / limit.windowMilliseconds)}:${digest}`
}
