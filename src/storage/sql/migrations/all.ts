import { initial } from './0001-initial.ts'
import { logoutNotifications } from './0002-logout-notifications.ts'
import { deviceRequests } from './0003-device-requests.ts'
import { trustedIssuers } from './0004-trusted-issuers.ts'
import { accountProfiles } from './0005-account-profiles.ts'
import { attempts } from './0006-attempts.ts'
import { clientSearch } from './0007-client-search.ts'
import { rememberedScope } from './0008-remembered-scope.ts'
import type { Migration } from './migration.ts'

/** Every migration, in order. To add one, add a file and a line. */
export const migrations: readonly Migration[] = [
  initial,
  logoutNotifications,
  deviceRequests,
  trustedIssuers,
  accountProfiles,
  attempts,
  clientSearch,
  rememberedScope,
]
