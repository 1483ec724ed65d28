/** Checks an email address and a password, at the same cost whatever is wrong with them. */

import type { Services } from '../context.ts'
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
  { readonly kind: 'wrong' } | ({ readonly kind: 'throttled' } & Throttled)

/**
 * Finds the account of the credentials. Every attempt that is not throttled derives exactly one key, so that the time it
 * takes does not tell whether the account exists.
 */
export async function checkCredentials(
  services: Pick<Services, 'storage' | 'clock'>,
  credentials: Credentials,
  hasher: PasswordHasher = passwordHasher,
): Promise<Result<Account, SignInFailure>> {
  const counted = await countAttempt(services, credentials)
  if (!counted.ok) return err({ kind: 'throttled', ...counted.error })
  const account = await services.storage.accounts.findByEmail(credentials.email.trim())
  const plausible = isPlausiblePassword(credentials.password)
  const matches = await hasher.verify(
    account === undefined || !plausible ? hasher.decoy : account.passwordHash,
    plausible ? credentials.password : '',
  )
  if (account === undefined || !matches || account.disabledAt !== undefined)
    return err({ kind: 'wrong' })
  await forgiveAttempts(services, credentials)
  return ok(account)
}
