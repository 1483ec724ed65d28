/**
 * Claims that an account adds to ID tokens and userinfo.
 *
 * @see OpenID Connect Core §5.1 and §5.4
 */

import { epochSeconds } from '../brand.ts'
import type { JsonObject } from '../protocol/json.ts'
import type { Account } from '../storage/storage.ts'

/** The claims behind the granted scopes; nothing is told that was not granted. */
export function accountClaims(account: Account, grantedScope: readonly string[]): JsonObject {
  return {
    // Nobody proved to us that the address is theirs.
    ...(grantedScope.includes('email') ? { email: account.email, email_verified: false } : {}),
    ...(grantedScope.includes('profile')
      ? {
          ...(account.name === '' ? {} : { name: account.name }),
          updated_at: epochSeconds(account.updatedAt),
        }
      : {}),
  }
}
