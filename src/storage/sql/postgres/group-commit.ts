/**
 * Writes of many requests in one transaction: one round trip and one flush to disk serve all of them. None reads what it
 * decides on, so it does not matter to any what the others do.
 */

import type { Outcome } from '../statement.ts'
import type { Bound, Connections } from './connections.ts'
import { Gathering } from './gathering.ts'

/** Statements that take effect together. */
type Write = readonly Bound[]

/** Commits writes together while others are being committed; what is gathered resolves after the commit with what its statements did. */
export function groupCommit(connections: Connections): Gathering<Write, readonly Outcome[]> {
  return new Gathering<Write, readonly Outcome[]>({
    async one(statements) {
      const [only] = statements
      return only !== undefined && statements.length === 1
        ? [await connections.run(only)]
        : connections.retrying(() => connections.runAll(statements))
    },
    async many(writes) {
      const outcomes = await connections.runAll(writes.flat())
      let from = 0
      return writes.map(({ length }) => outcomes.slice(from, (from += length)))
    },
    isSeparable: (error) => connections.isSeparable(error),
  })
}
