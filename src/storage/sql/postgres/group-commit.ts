/**
 * Writes of many requests in one transaction: one round trip and one flush to disk serve all of them. None reads what it
 * decides on, so it does not matter to any what the others do.
 */

import type { Outcome } from '../statement.ts'
import type { Bound, Connections } from './connections.ts'
import { Gathering, gatheringLimits } from './gathering.ts'

interface Write {
  readonly statements: readonly Bound[]
  readonly resolve: (outcomes: readonly Outcome[]) => void
  readonly reject: (error: unknown) => void
}

/** Commits writes together while others are being committed. */
export class GroupCommit {
  readonly #connections: Connections
  readonly #writes = new Gathering<Write>((items) => this.#commit(items), gatheringLimits)

  constructor(connections: Connections) {
    this.#connections = connections
  }

  /** Runs statements that take effect together; resolves after the commit with what they did. */
  submit(statements: readonly Bound[]): Promise<readonly Outcome[]> {
    return new Promise((resolve, reject) => {
      this.#writes.add({ statements, resolve, reject })
    })
  }

  async #commit(items: readonly Write[]): Promise<void> {
    const [only] = items
    if (only !== undefined && items.length === 1) return this.#commitOne(only)
    try {
      const all = items.flatMap(({ statements }) => statements)
      const outcomes = await this.#connections.runAll(all)
      let from = 0
      for (const { statements, resolve } of items)
        resolve(outcomes.slice(from, (from += statements.length)))
    } catch (error) {
      // Nothing was done. Which of them failed is found by running each by itself.
      if (this.#connections.isSeparable(error)) for (const item of items) void this.#commitOne(item)
      else for (const { reject } of items) reject(error)
    }
  }

  async #commitOne({ statements, resolve, reject }: Write): Promise<void> {
    const [only] = statements
    try {
      if (only !== undefined && statements.length === 1)
        resolve([await this.#connections.run(only)])
      else resolve(await this.#connections.retrying(() => this.#connections.runAll(statements)))
    } catch (error) {
      reject(error)
    }
  }
}
