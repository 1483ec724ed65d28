/** The account that development mode seeds, as the reference's login app has it. */

import type { Account } from '../storage/storage.ts'
import { insertAccount, type AccountServices } from './accounts.ts'

/** Known to everybody: never created outside development mode. */
export const demoAccount = { email: 'foo@bar.com', password: 'foobar', name: 'Foo Bar' } as const

/** Creates the demo account unless there is one; an existing one keeps its password. */
export async function seedDemoAccount(services: AccountServices): Promise<Account | undefined> {
  const existing = await services.storage.accounts.findByEmail(demoAccount.email)
  if (existing !== undefined) return existing
  const created = await insertAccount(services, demoAccount)
  if (created.ok) return created.value
  // Another process was faster.
  return services.storage.accounts.findByEmail(demoAccount.email)
}
