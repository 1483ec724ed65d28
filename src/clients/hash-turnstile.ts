/** The one queue in which all slow hashes of a server wait: passwords of accounts and chosen client secrets. */

import type { Settings } from '../settings.ts'
import { createTurnstile, type Turnstile } from './turnstile.ts'

/** Thrown when too many hashes wait already; whoever asked should come back later. */
export class TooBusy extends Error {
  constructor() {
    super('too many slow hashes are waiting')
  }
}

const turnstiles = new WeakMap<Settings['limits'], Turnstile>()

/** The queue of the server that runs on these settings, as `limits.password_hashes` bounds it. */
export function hashTurnstile({ limits }: Pick<Settings, 'limits'>): Turnstile {
  const known = turnstiles.get(limits)
  if (known !== undefined) return known
  const { concurrent, waiting } = limits.passwordHashes
  const turnstile = createTurnstile({ running: concurrent, waiting })
  turnstiles.set(limits, turnstile)
  return turnstile
}

/** Hashes, or checks a hash, when its turn comes. @throws TooBusy when the queue is full. */
export async function hashInTurn<T>(
  settings: Pick<Settings, 'limits'>,
  task: () => Promise<T>,
): Promise<T> {
  const outcome = await hashTurnstile(settings).pass(task)
  if (!outcome.ok) throw new TooBusy()
  return outcome.value
}
