/** The form of the tables of docs/security.md. */

/** One attack or demand. */
export interface SecurityRow {
  /** As tests carry it in their names: `attack 12`, `RFC 9700 §4.1.3`. */
  readonly id: string
  /** In our own words, one or two sentences of Markdown. */
  readonly statement: string
  /** Advisories, changes or sections. */
  readonly references: readonly string[]
  /** Why there is no test. */
  readonly open?: string
}

/** A part of the page. */
export interface SecurityTable {
  readonly title: string
  /** A paragraph of Markdown. */
  readonly about: string
  readonly rows: readonly SecurityRow[]
}
