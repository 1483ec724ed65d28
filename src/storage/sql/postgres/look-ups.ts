/**
 * Look-ups of many requests as one statement: their parameters become rows, and the server runs the query once for each, by the
 * same index. A round trip and the driver cost several times what a look-up does.
 */

import type { Compiled, SqlValue } from '../statement.ts'
import type { Bound, Connections } from './connections.ts'
import { Gathering } from './gathering.ts'

/** By position. */
type Values = readonly SqlValue[]
type Rows = readonly unknown[]

/** Runs look-ups of the same query together while others are on their way. */
export class LookUps {
  readonly #connections: Connections
  readonly #gatherings = new Map<Compiled, Gathering<Values, Rows>>()

  constructor(connections: Connections) {
    this.#connections = connections
  }

  /** The rows of one look-up. */
  find(compiled: Compiled, values: Values): Promise<Rows> {
    const known = this.#gatherings.get(compiled)
    const gathering = known ?? gatheringOf(compiled, this.#connections)
    if (known === undefined) this.#gatherings.set(compiled, gathering)
    return gathering.add(values)
  }
}

function gatheringOf(compiled: Compiled, connections: Connections): Gathering<Values, Rows> {
  const { name, sql } = compiled
  return new Gathering<Values, Rows>({
    one: async (values) => (await connections.run({ name, text: sql, values: [...values] })).rows,
    async many(all) {
      const { rows } = await connections.run(manyLookUps(compiled, all))
      const answers: unknown[][] = all.map(() => [])
      for (const row of rows as { readonly [ordinal]: number }[])
        answers[row[ordinal] - 1]?.push(row)
      return answers
    },
    isSeparable: (error) => connections.isSeparable(error),
  })
}

/** The column that says which look-up a row answers, counted from 1. */
const ordinal = 'firebrand_ordinal'

/**
 * The statement that runs a look-up for many.
 *
 * @param all the values of each, by position; at least one.
 */
export function manyLookUps(compiled: Compiled, all: readonly Values[]): Bound {
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

function typeOf(values: Values): ListType {
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
