/** What is counted of requests; plain numbers. */

/** All requests of one method, status and route. */
export interface Series {
  readonly method: string
  readonly code: string
  readonly endpoint: string
  readonly duration: Distribution
  readonly responseSize: Distribution
  readonly requestSize: Distribution
}

/** How often values fell into each bucket. */
export interface Distribution {
  readonly bounds: readonly number[]
  /** One more than bounds: the last counts what is above all of them. */
  readonly counts: Float64Array
  sum: number
}

/** Series by what they count: method, status and route. */
export type SeriesTable = Map<string, Series>

/** Adds series to those of a table; a key that it lacks gets a copy. */
export function addSeries(table: SeriesTable, more: readonly Series[]): void {
  for (const each of more) {
    const key = seriesKey(each.method, each.code, each.endpoint)
    const present = table.get(key)
    if (present === undefined) {
      table.set(key, structuredClone(each))
      continue
    }
    for (const part of ['duration', 'responseSize', 'requestSize'] as const) {
      addDistribution(present[part], each[part])
    }
  }
}

/** The key of a series in a table. */
export function seriesKey(method: string, code: number | string, endpoint: string): string {
  return `${method} ${code} ${endpoint}`
}

function addDistribution(to: Distribution, more: Distribution): void {
  for (const [at, count] of more.counts.entries()) to.counts[at] = (to.counts[at] ?? 0) + count
  to.sum += more.sum
}
