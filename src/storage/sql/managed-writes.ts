/** Writes to clients and keys: they move the project's epoch, so that every cache forgets. */

import type { ProjectId } from '../../brand.ts'
import { first, type Engine, type Freshness, type Unit } from './engine.ts'
import { bumpEpoch } from './epochs.ts'
import type { Statement } from './statement.ts'

/** What a store with a cache works on. */
export interface Managed {
  readonly engine: Engine
  readonly project: ProjectId
  readonly freshness: Freshness
}

/** What a unit says about its writes. */
export interface Announcer {
  /** A statement that moves the epoch; one must be part of every unit that writes. */
  move(): Statement<unknown>
  /** Moves the epoch, which locks it until the unit ends: such units run one after the other. Answers the new one. */
  epoch(): Unit<number>
  /** Something that others may remember has changed; of clients absence is never remembered. */
  changed(): void
}

/** Runs a unit that may change clients or keys, and resolves when no process can answer what was true before. */
export async function managedWrite<T>(
  { engine, project, freshness }: Managed,
  unit: (announcer: Announcer) => Unit<T>,
): Promise<T> {
  let hasChanged = false
  const value = await engine.transact(() => {
    hasChanged = false
    return unit({
      move: () => bumpEpoch({ project }),
      *epoch() {
        return (yield* first(bumpEpoch({ project })))?.epoch ?? 0
      },
      changed() {
        hasChanged = true
      },
    })
  })
  if (hasChanged) await freshness.settled()
  return value
}
