import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'
import type { Schema } from '../schema.ts'
import type { Buildable } from '../statement.ts'
import { initial } from './0001-initial.ts'
import { logoutNotifications } from './0002-logout-notifications.ts'
import { deviceRequests } from './0003-device-requests.ts'
import { trustedIssuers } from './0004-trusted-issuers.ts'

/** A step of the schema. One that shipped is never edited. */
export interface Migration {
  /** Four digits and a few words; sorts in the order of application. */
  readonly name: string
  readonly statements: (db: Kysely<Schema>, dialect: Dialect) => readonly Buildable<unknown>[]
}

/** Every migration, in order. To add one, add a file and a line. */
export const migrations: readonly Migration[] = [
  initial,
  logoutNotifications,
  deviceRequests,
  trustedIssuers,
]
