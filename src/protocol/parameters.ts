/** Request parameters as RFC 6749 §3.2 wants them: each at most once, an absent one is not an empty one. */

/** Parameters of a parsed form. */
export interface Parameters {
  /** Value of a parameter, the first one where repeating is allowed; `undefined` when it was not sent. */
  get(name: string): string | undefined
  /** Every value of a parameter in the order sent. */
  all(name: string): readonly string[]
}
