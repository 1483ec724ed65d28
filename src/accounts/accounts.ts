/** The built-in users: created, listed and changed by the operator. */

import { asSubject, type Instant, type Subject } from '../brand.ts'
import type { Services } from '../context.ts'
import { err, ok, type Result } from '../result.ts'
import type { Account } from '../storage/storage.ts'
import type { JsonObject } from '../protocol/json.ts'
import { checkProfile, openProfile, sealProfile } from './profile.ts'
import { checkNewPassword, passwordHasher } from './password.ts'

/** Why an operation on an account was refused; `message` is a sentence for the operator. */
export interface AccountError {
  readonly reason:
    | 'invalid_email'
    | 'invalid_name'
    | 'invalid_claim'
    | 'invalid_password'
    | 'already_exists'
    | 'not_found'
  readonly message: string
}

/** What the operations need of the server. */
export type AccountServices = Pick<Services, 'storage' | 'clock' | 'random'>

/** What an account is created from. */
export interface NewAccount {
  readonly email: string
  /** `''` when there is none. */
  readonly name: string
  readonly password: string
}

/** RFC 5321 §4.5.3.1.3: a path of 256 octets, less its angle brackets. */
const longestEmail = 254

const longestName = 200

/** Creates an account with a random subject. The email is unique without regard to case. */
export async function createAccount(
  services: AccountServices,
  account: NewAccount,
): Promise<Result<Account, AccountError>> {
  const password = checkNewPassword(account.password)
  if (!password.ok) return failure('invalid_password', password.error)
  return insertAccount(services, account)
}

/** Creates an account whatever its password; only for the demo account, which is older than our rules. */
export async function insertAccount(
  services: AccountServices,
  { email, name, password }: NewAccount,
): Promise<Result<Account, AccountError>> {
  const address = parseEmail(email)
  if (address === undefined)
    return failure('invalid_email', 'The email address must have the form name@domain.')
  if (name.length > longestName)
    return failure('invalid_name', `The name must have at most ${longestName} characters.`)
  const now = services.clock()
  const account: Account = {
    id: asSubject(services.random.uuid()),
    email: address,
    name: name.trim(),
    passwordHash: await passwordHasher.hash(password, services.random.bytes(16)),
    sealedProfile: '',
    createdAt: now,
    updatedAt: now,
    disabledAt: undefined,
  }
  const created = await services.storage.accounts.create(account)
  return created.ok
    ? ok(account)
    : failure('already_exists', 'There is an account with this email address already.')
}

/** A page of accounts by lower-cased email, behind `after` (an email). */
export function listAccounts(
  services: AccountServices,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly Account[]> {
  return services.storage.accounts.list(page)
}

/** Sets a password and ends every remembered sign-in of the account. Tokens that applications hold live on. */
export async function setPassword(
  services: AccountServices,
  email: string,
  password: string,
): Promise<Result<Account, AccountError>> {
  const checked = checkNewPassword(password)
  if (!checked.ok) return failure('invalid_password', checked.error)
  const passwordHash = await passwordHasher.hash(password, services.random.bytes(16))
  return changeAccount(services, email, (account) => ({ ...account, passwordHash }))
}

/** What changes the profile of an account. */
export interface ProfileChange {
  /** `undefined` leaves it. */
  readonly name: string | undefined
  /** Added to the claims that there are. */
  readonly claims: JsonObject
  readonly removed: readonly string[]
}

/** Changes the name and the standard claims of an account. Its remembered sign-ins go on; tokens keep what they were granted. */
export async function changeProfile(
  services: AccountServices & Pick<Services, 'sealer'>,
  email: string,
  { name, claims, removed }: ProfileChange,
): Promise<Result<Account, AccountError>> {
  if (name !== undefined && name.length > longestName)
    return failure('invalid_name', `The name must have at most ${longestName} characters.`)
  const account = await services.storage.accounts.findByEmail(email)
  if (account === undefined) return notFound()
  const kept = Object.entries(openProfile(services, account)).filter(
    ([each]) => !removed.includes(each),
  )
  const profile = checkProfile({ ...Object.fromEntries(kept), ...claims })
  if (!profile.ok) return failure('invalid_claim', profile.error)
  const changed = {
    ...account,
    name: name === undefined ? account.name : name.trim(),
    sealedProfile: sealProfile(services, profile.value),
    updatedAt: services.clock(),
  }
  const replaced = await services.storage.accounts.replace(changed)
  return replaced.ok ? ok(changed) : notFound()
}

/** Disables an account, or enables it again. A disabled one cannot sign in; its remembered sign-ins end. */
export function setDisabled(
  services: AccountServices,
  email: string,
  disabled: boolean,
): Promise<Result<Account, AccountError>> {
  return changeAccount(services, email, (account, now) => ({
    ...account,
    disabledAt: disabled ? (account.disabledAt ?? now) : undefined,
  }))
}

/** Deletes an account with its remembered sign-ins. */
export async function deleteAccount(
  services: AccountServices,
  email: string,
): Promise<Result<void, AccountError>> {
  const account = await services.storage.accounts.findByEmail(email)
  if (account === undefined || !(await services.storage.accounts.delete(account.id)))
    return notFound()
  await services.storage.loginSessions.deleteBySubject(account.id)
  return ok(undefined)
}

/** The account behind a subject, if it may be used: absent when it was deleted or disabled. */
export async function findUsableAccount(
  services: Pick<Services, 'storage'>,
  subject: Subject,
): Promise<Account | undefined> {
  const account = await services.storage.accounts.find(subject)
  return account?.disabledAt === undefined ? account : undefined
}

async function changeAccount(
  services: AccountServices,
  email: string,
  change: (account: Account, now: Instant) => Account,
): Promise<Result<Account, AccountError>> {
  const account = await services.storage.accounts.findByEmail(email)
  if (account === undefined) return notFound()
  const now = services.clock()
  const changed = { ...change(account, now), updatedAt: now }
  const replaced = await services.storage.accounts.replace(changed)
  if (!replaced.ok) return notFound()
  await services.storage.loginSessions.deleteBySubject(account.id)
  return ok(changed)
}

/** A plain check: one `@` with something on both sides and no blanks. Whether it works is for a message to find out. */
function parseEmail(text: string): string | undefined {
  const email = text.trim()
  return email.length <= longestEmail && /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email)
    ? email
    : undefined
}

function notFound(): Result<never, AccountError> {
  return failure('not_found', 'There is no account with this email address.')
}

function failure(reason: AccountError['reason'], message: string): Result<never, AccountError> {
  return err({ reason, message })
}
