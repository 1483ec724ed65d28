import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'
import type { Schema } from '../schema.ts'
import type { Buildable } from '../statement.ts'

/** A step of the schema. One that shipped is never edited. */
export interface Migration {
  /** Four digits and a few words; sorts in the order of application. */
  readonly name: string
  readonly statements: (db: Kysely<Schema>, dialect: Dialect) => readonly Buildable<unknown>[]
}
