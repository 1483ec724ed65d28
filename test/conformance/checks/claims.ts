/** Types of the standard claims (OpenID Connect Core §5.1), wherever they turn up. */

import { expect } from 'vitest'
import { expectText } from './values.ts'

/** A claims set. */
export type Claims = Readonly<Record<string, unknown>>

/** Claims of the scope `profile` (OpenID Connect Core §5.4). */
export const profileClaims = [
  'name',
  'family_name',
  'given_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'updated_at',
] as const

/** Claims of every standard scope. */
export const scopeClaims = {
  profile: profileClaims,
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
} as const

/** Name of a scope with standard claims. */
export type ClaimScope = keyof typeof scopeClaims

/** All standard claims but `sub`. */
export const standardClaims: readonly string[] = Object.values(scopeClaims).flat()

const booleans = new Set(['email_verified', 'phone_number_verified'])
const addressMembers = new Set([
  'formatted',
  'street_address',
  'locality',
  'region',
  'postal_code',
  'country',
])

/** Holds every standard claim that is there to its type. */
export function checkClaimTypes(claims: Claims): void {
  for (const [name, value] of Object.entries(claims)) {
    expect(value, name).not.toBeNull()
    if (typeof value === 'string') expectText(value, name)
    if (!standardClaims.includes(name)) continue
    if (booleans.has(name)) expect(value, name).toBeTypeOf('boolean')
    else if (name === 'updated_at') expectSeconds(value)
    else if (name === 'address') checkAddress(value)
    else expectText(value, name)
  }
  const { birthdate } = claims
  if (birthdate !== undefined) expect(birthdate).toMatch(/^\d{4}(?:-\d\d-\d\d)?$/u)
  checkDistributed(claims)
}

/** Seconds, not milliseconds: before the year 2100. */
function expectSeconds(value: unknown): void {
  expect(value).toBeTypeOf('number')
  expect(value).toBeLessThan(Date.UTC(2100, 0) / 1000)
}

function checkAddress(value: unknown): void {
  expect(value).toBeTypeOf('object')
  const members = Object.entries(value as object)
  expect(members).not.toHaveLength(0)
  for (const [name, text] of members) {
    expect(addressMembers.has(name), name).toBe(true)
    expectText(text, name)
  }
}

/** Core §5.6.2: each named source is there. */
function checkDistributed({
  _claim_names: names = {},
  _claim_sources: sources = {},
}: Claims): void {
  for (const source of Object.values(names as object))
    expect(sources).toHaveProperty(String(source))
}
