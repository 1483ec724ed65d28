/** How one engine spells what SQL leaves open. Queries never ask for it; migrations and drivers do. */

import type { RawBuilder } from 'kysely'
import type { SqlWriter, Statement } from './statement.ts'

/** How a table is used, which decides how it is laid out. */
export type TableUse =
  /** Short rows, read by their key. */
  | 'narrow'
  /** Short rows that change often without changing an index. */
  | 'hot'
  /** Long rows. */
  | 'wide'

/** What differs between the engines. */
export interface Dialect extends SqlWriter {
  readonly name: 'sqlite' | 'postgres'
  /** Text that compares byte by byte. */
  readonly text: RawBuilder<unknown>
  /** What follows the columns in `CREATE TABLE`. */
  tableEnd(use: TableUse): RawBuilder<unknown> | undefined
  /** Names of the tables in the database's current schema. */
  tables(): Statement<{ readonly name: string }>
}
