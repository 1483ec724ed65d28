import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Step, Unit } from '../engine.ts'
import type { Compiled, Outcome, Query, Statement } from '../statement.ts'

interface Prepared {
  readonly compiled: Compiled
  readonly statement: StatementSync
  readonly answersRows: boolean
}

/** How long SQLite itself waits for a lock, blocking the event loop; longer waits are the caller's. */
const blockingWaitMilliseconds = 2

const nothing: Outcome = { rows: [], changes: 0 }

/** One connection with its prepared statements. Everything here is synchronous. */
export class Connection {
  readonly #database: DatabaseSync
  readonly #compile: (query: Query) => Compiled
  readonly #prepared = new Map<Query, Prepared>()
  readonly #plain = new Map<string, StatementSync>()

  /** Opens the file, which exists afterwards unless `readOnly`. Throws the driver's errors. */
  constructor(path: string, readOnly: boolean, compile: (query: Query) => Compiled) {
    this.#compile = compile
    this.#database = new DatabaseSync(path, {
      readOnly,
      timeout: blockingWaitMilliseconds,
      enableForeignKeyConstraints: true,
    })
  }

  /** Runs one statement without parameters: PRAGMA, BEGIN, COMMIT, … */
  command(text: string): Readonly<Record<string, unknown>> | undefined {
    let statement = this.#plain.get(text)
    if (statement === undefined) {
      statement = this.#database.prepare(text)
      this.#plain.set(text, statement)
    }
    return statement.get()
  }

  /** Rows of a query without parameters that runs seldom. */
  all(text: string): readonly Readonly<Record<string, unknown>>[] {
    return this.#database.prepare(text).all()
  }

  run({ query, parameters }: Statement<unknown>): Outcome {
    const { compiled, statement, answersRows } = this.#prepared.get(query) ?? this.#prepare(query)
    const values = compiled.bind(parameters)
    if (answersRows) {
      const rows = statement.all(...values)
      return { rows, changes: rows.length }
    }
    return { rows: [], changes: Number(statement.run(...values).changes) }
  }

  /** Runs a unit to its end, without a transaction of its own. */
  drive<T>(unit: Unit<T>): T {
    let step = unit.next()
    while (step.done !== true) step = unit.next(this.#perform(step.value))
    return step.value
  }

  #perform(step: Step): Outcome {
    if (!('last' in step)) return this.run(step)
    for (const statement of step.last) this.run(statement)
    return nothing
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction
  }

  close(): void {
    this.#database.close()
  }

  #prepare(query: Query): Prepared {
    const compiled = this.#compile(query)
    const statement = this.#database.prepare(compiled.sql)
    const prepared = { compiled, statement, answersRows: statement.columns().length > 0 }
    this.#prepared.set(query, prepared)
    return prepared
  }
}
