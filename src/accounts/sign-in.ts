/** Checks an email address and a password, at the same cost whatever is wrong with them. */

import type { Services } from '../context.ts'
import { hashTurnstile } from '../clients/hash-turnstile.ts'
import type { Turnstile } from '../clients/turnstile.ts'
import { err, ok, type Result } from '../result.ts'
import type { Account } from '../storage/storage.ts'
import { isPlausiblePassword, passwordHasher, type PasswordHasher } from './password.ts'
import { countAttempt, forgiveAttempts, type Throttled } from './throttle.ts'

/** What a person typed into the sign-in page, and from where. */
export interface Credentials {
  readonly email: string
  readonly password: string
  /** Address of the peer. */
  readonly address: string | undefined
}

/** Why a person was not signed in. */
export type SignInFailure =
  /** No such account, a wrong password or a disabled account: nobody may learn which. */
  | { readonly kind: 'wrong' }
  | ({ readonly kind: 'throttled' } & Throttled)
  /** Too many people sign in at this moment. */
  | { readonly kind: 'busy' }

/** How passwords are checked, and how many at once. */
export interface PasswordWork {
  readonly hasher: PasswordHasher
  readonly turnstile: Turnstile
}

/**
 * Finds the account of the credentials. Every attempt that fails unthrottled derives exactly one key, so that the time it
 * takes does not tell whether the account exists. A success replaces a hash whose parameters are out of date.
 */
export async function checkCredentials(
  services: Pick<Services, 'storage' | 'clock' | 'random' | 'settings'>,
  credentials: Credentials,
  work: PasswordWork = {
    hasher: passwordHasher,
    turnstile: hashTurnstile(services.settings),
  },
): Promise<Result<Account, SignInFailure>> {
  const { hasher, turnstile } = work
  // Before it counts: who is sent away for no fault of theirs keeps their attempts.
  if (turnstile.isFull()) return err({ kind: 'busy' })
  const counted = await countAttempt(services, credentials)
  if (!counted.ok) return err({ kind: 'throttled', ...counted.error })
  const account = await services.storage.accounts.findByEmail(credentials.email.trim())
  const plausible = isPlausiblePassword(credentials.password)
  const matches = await turnstile.pass(() =>
    hasher.verify(
      account === undefined || !plausible ? hasher.decoy : account.passwordHash,
      plausible ? credentials.password : '',
    ),
  )
  if (!matches.ok) return err({ kind: 'busy' })
  if (account === undefined || !matches.value || account.disabledAt !== undefined)
    return err({ kind: 'wrong' })
  await Promise.all([
    forgiveAttempts(services, credentials),
    renewHash(services, account, credentials.password, work),
  ])
  return ok(account)
}

/** Hashes anew what an older version or another program hashed; the next success will do when there is no time now. */
async function renewHash(
  { storage, random }: Pick<Services, 'storage' | 'random'>,
  account: Account,
  password: string,
  { hasher, turnstile }: PasswordWork,
): Promise<void> {
  const from = account.passwordHash
  if (hasher.isCurrent(from)) return
  const to = await turnstile.pass(() => hasher.hash(password, random.bytes(16)))
  if (to.ok) await storage.accounts.replacePasswordHash(account.id, { from, to: to.value })
}
