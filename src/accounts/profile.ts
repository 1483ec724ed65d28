/**
 * The standard claims of an account.
 *
 * @see OpenID Connect Core §5.1
 */

import type { Services } from '../context.ts'
import { parseJson, type Json, type JsonObject } from '../protocol/json.ts'
import { err, ok, type Result } from '../result.ts'
import type { Account } from '../storage/storage.ts'

/** Characters of the whole profile as JSON. */
const longestProfile = 8000

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isFlag = (value: unknown): boolean => typeof value === 'boolean'
const isWebAddress = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:/u.test(value) && URL.canParse(value)

const addressMembers = new Set([
  'formatted',
  'street_address',
  'locality',
  'region',
  'postal_code',
  'country',
])

function isAddress(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const members = Object.entries(value)
  return (
    members.length > 0 && members.every(([name, each]) => addressMembers.has(name) && isText(each))
  )
}

interface Claim {
  readonly accepts: (value: unknown) => boolean
  /** Completes "must be …". */
  readonly form: string
}

const text: Claim = { accepts: isText, form: 'a text' }
const flag: Claim = { accepts: isFlag, form: 'true or false' }
const webAddress: Claim = { accepts: isWebAddress, form: 'a http or https address' }

/** Claims that can be set. `sub`, `name`, `email` and `updated_at` come from the account itself. */
const claims: Readonly<Record<string, Claim>> = {
  given_name: text,
  family_name: text,
  middle_name: text,
  nickname: text,
  preferred_username: text,
  profile: webAddress,
  picture: webAddress,
  website: webAddress,
  email_verified: flag,
  gender: text,
  birthdate: {
    accepts: (value) => typeof value === 'string' && /^\d{4}(?:-\d\d-\d\d)?$/u.test(value),
    form: 'a date such as 1815-12-10, or a year',
  },
  zoneinfo: text,
  locale: text,
  phone_number: text,
  phone_number_verified: flag,
  address: {
    accepts: isAddress,
    form: `an object of texts: ${[...addressMembers].join(', ')}`,
  },
}

/** Names of the claims that an account can be given. */
export const profileClaims: readonly string[] = Object.keys(claims)

/**
 * Checks a profile that an operator wrote.
 *
 * @returns a sentence that names the first claim that is unknown or of another form.
 */
export function checkProfile(profile: JsonObject): Result<JsonObject, string> {
  for (const [name, value] of Object.entries(profile)) {
    const claim = Object.hasOwn(claims, name) ? claims[name] : undefined
    if (claim === undefined)
      return err(`There is no claim '${name}'. Use ${profileClaims.join(', ')}.`)
    if (!claim.accepts(value)) return err(`The claim '${name}' must be ${claim.form}.`)
  }
  return JSON.stringify(profile).length > longestProfile
    ? err(`The profile must have at most ${longestProfile} characters.`)
    : ok(profile)
}

/** Seals a profile for {@link Account.sealedProfile}; an empty one is `''`. */
export function sealProfile({ sealer }: Pick<Services, 'sealer'>, profile: JsonObject): string {
  return Object.keys(profile).length === 0
    ? ''
    : sealer.seal('account_profile', JSON.stringify(profile))
}

/** The profile of an account. @throws when no secret opens it. */
export function openProfile({ sealer }: Pick<Services, 'sealer'>, account: Account): JsonObject {
  if (account.sealedProfile === '') return {}
  const opened = sealer.open('account_profile', account.sealedProfile)
  if (opened === undefined)
    throw new Error('an account profile does not open under any of secrets.system')
  return parseJson(opened) as JsonObject
}

/** A value as it is typed on a command line: flags are read as such, everything else is a text. */
export function claimValue(name: string, typed: string): Json {
  const isTruth = Object.hasOwn(claims, name) && claims[name] === flag
  return isTruth && (typed === 'true' || typed === 'false') ? typed === 'true' : typed
}
