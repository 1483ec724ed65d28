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
