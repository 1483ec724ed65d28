/** The account that development mode seeds, as the reference's login app has it. */

import type { Account } from '../storage/storage.ts'
import type { Services } from '../context.ts'
import { changeProfile, insertAccount, type AccountServices } from './accounts.ts'

/** Known to everybody: never created outside development mode. */
export const demoAccount = { email: 'foo@bar.com', password: 'foobar', name: 'Foo Bar' } as const

/** All standard claims, so that every scope has something to show; the numbers and addresses are those reserved for examples. */
const demoProfile = {
  given_name: 'Foo',
  family_name: 'Bar',
  middle_name: 'Quux',
  nickname: 'foo',
  preferred_username: 'foobar',
  profile: 'https://example.com/foo',
  picture: 'https://example.com/foo.png',
  website: 'https://foo.example.com/',
  email_verified: true,
  gender: 'other',
  birthdate: '2000-02-29',
  zoneinfo: 'Europe/Paris',
  locale: 'en-US',
  phone_number: '+1 202 555 0100',
  phone_number_verified: true,
  address: {
    formatted: '1 Example Street\nExampleville, EX 00000\nUnited States',
    street_address: '1 Example Street',
    locality: 'Exampleville',
    region: 'EX',
    postal_code: '00000',
    country: 'United States',
  },
} as const

/** Creates the demo account unless there is one, and gives it all standard claims; an existing one keeps its password. */
export async function seedDemoAccount(
  services: AccountServices & Pick<Services, 'sealer'>,
): Promise<Account | undefined> {
  const account = await findOrCreate(services)
  if (account?.sealedProfile !== '') return account
  const change = { name: undefined, claims: demoProfile, removed: [] }
  const changed = await changeProfile(services, account.email, change)
  return changed.ok ? changed.value : account
}

async function findOrCreate(services: AccountServices): Promise<Account | undefined> {
  const existing = await services.storage.accounts.findByEmail(demoAccount.email)
  if (existing !== undefined) return existing
  const created = await insertAccount(services, demoAccount)
  if (created.ok) return created.value
  // Another process was faster.
  return services.storage.accounts.findByEmail(demoAccount.email)
}
