/**
 * Look-ups of many requests as one statement: their parameters become rows, and the server runs the query once for each, by the
 * same index. A round trip and the driver cost several times what a look-up does.
 */

import type { Compiled, SqlValue } from '../statement.ts'
import type { Bound, Connections } from './connections.ts'
import { Gathering, gatheringLimits } from './gathering.ts'

interface LookUp {
  readonly values: readonly SqlValue[]
  readonly resolve: (rows: readonly unknown[]) => void
  readonly reject: (error: unknown) => void
}

/** Runs look-ups of the same query together while others are on their way. */
export class LookUps {
  readonly #connections: Connections
  readonly #gatherings = new Map<Compiled, Gathering<LookUp>>()

  constructor(connections: Connections) {
    this.#connections = connections
  }

  /** The rows of one look-up. */
  find(compiled: Compiled, values: readonly SqlValue[]): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      this.#gatheringOf(compiled).add({ values, resolve, reject })
    })
  }

  #gatheringOf(compiled: Compiled): Gathering<LookUp> {
    const known = this.#gatherings.get(compiled)
    if (known !== undefined) return known
    const made = new Gathering<LookUp>((items) => this.#findAll(compiled, items), gatheringLimits)
    this.#gatherings.set(compiled, made)
    return made
  }

  async #findAll(compiled: Compiled, items: readonly LookUp[]): Promise<void> {
    const [only] = items
    if (only !== undefined && items.length === 1) return this.#findOne(compiled, only)
    try {
      const all = items.map(({ values }) => values)
      const { rows } = await this.#connections.run(manyLookUps(compiled, all))
      const answers: unknown[][] = items.map(() => [])
      for (const row of rows as { readonly [ordinal]: number }[])
        answers[row[ordinal] - 1]?.push(row)
      for (const [at, { resolve }] of items.entries()) resolve(answers[at] ?? [])
    } catch (error) {
      // What one asks for must not be the failure of the others.
      if (this.#connections.isSeparable(error))
        for (const item of items) void this.#findOne(compiled, item)
      else for (const { reject } of items) reject(error)
    }
  }

  async #findOne({ name, sql }: Compiled, { values, resolve, reject }: LookUp): Promise<void> {
    try {
      resolve((await this.#connections.run({ name, text: sql, values: [...values] })).rows)
    } catch (error) {
      reject(error)
    }
  }
}

/** The column that says which look-up a row answers, counted from 1. */
const ordinal = 'firebrand_ordinal'

/**
 * The statement that runs a look-up for many.
 *
 * @param all the values of each, by position; at least one.
 */
export function manyLookUps(compiled: Compiled, all: readonly (readonly SqlValue[])[]): Bound {
  const { name, isParameter } = compiled
  const lists = isParameter.flatMap((is, at) =>
    is ? [all.map((values) => values[at] ?? null)] : [],
  )
  const types = lists.map(typeOf)
  return {
    name: `${name}_${types.map((type) => type[0]).join('')}`,
    text: textOf(compiled, types),
    values: [...lists, ...(all[0] ?? []).filter((_value, at) => isParameter[at] === false)],
  }
}

type ListType = 'text' | 'bigint' | 'double precision'

function typeOf(values: readonly SqlValue[]): ListType {
  const numbers = values.filter((value) => typeof value === 'number')
  if (numbers.length === 0) return 'text'
  return numbers.every(Number.isSafeInteger) ? 'bigint' : 'double precision'
}

const texts = new Map<string, string>()

/** Lists are the first parameters of the new statement, constants of the query the others. */
function textOf({ sql, isParameter }: Compiled, types: readonly ListType[]): string {
  const key = `${types.join()} ${sql}`
  const known = texts.get(key)
  if (known !== undefined) return known
  let [lists, constants] = [0, types.length]
  const names = isParameter.map((is) => (is ? `asked.p${(lists += 1)}` : `$${(constants += 1)}`))
  const query = sql.replaceAll(/\$(\d+)/g, (_all, number) => names[Number(number) - 1] ?? '')
  const rows = types.map((type, at) => `$${at + 1}::${type}[]`).join(', ')
  const columns = [...types.map((_type, at) => `p${at + 1}`), ordinal].join(', ')
  const text = `select asked.${ordinal}, found.* from unnest(${rows}) with ordinality as asked(${columns}) cross join lateral (${query}) as found`
  texts.set(key, text)
  return text
}
