/**
 * Queries that are written once with Kysely, compiled once per dialect and bound for each call.
 *
 * A query names its parameters; the compiler puts a slot where each is used. Compiling costs tens of microseconds,
 * binding well below one.
 */

import {
  DummyDriver,
  Kysely,
  type CompiledQuery,
  type DialectAdapter,
  type QueryCompiler,
} from 'kysely'
import type { Schema } from './schema.ts'

/** Anything that turns into SQL: a query builder, or raw SQL that needs the builder's dialect for it. */
export interface Buildable<R> {
  compile(db: Kysely<Schema>): CompiledQuery<R>
}

/** A query without its parameters; its identity is the key of every cache of compiled statements. */
export interface Query {
  readonly build: (db: Kysely<Schema>, slots: never) => Buildable<unknown>
  /** Reads few rows by key, so that a server may be asked for many of its kind at once. */
  readonly isLookUp: boolean
}

/** A query with its parameters. `R` is the row that it answers. */
export interface Statement<R> {
  readonly query: Query
  readonly parameters: Readonly<Record<string, unknown>>
  /** Never present; carries the type of the rows. */
  readonly row?: R
}

/** What a statement did. */
export interface Outcome<R = unknown> {
  readonly rows: readonly R[]
  /** Rows inserted, updated or deleted. */
  readonly changes: number
}

/** Values that both drivers take as they are. */
export type SqlValue = string | number | null

/** A query in the SQL of one dialect. */
export interface Compiled {
  /** Short and unique within a process; PostgreSQL keeps the plan under it. */
  readonly name: string
  readonly sql: string
  /** By position, whether a value is a parameter; the others are constants of the query. */
  readonly isParameter: readonly boolean[]
  bind(parameters: Readonly<Record<string, unknown>>): SqlValue[]
}

class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Hands out a slot for every parameter that the query mentions. */
const slots: object = new Proxy(
  {},
  { get: (_target, name) => (typeof name === 'string' ? new Slot(name) : undefined) },
)

const defined: Query[] = []

/** Every query of the modules that are loaded: what a test of plans or of portability must look at. */
export function definedQueries(): readonly Query[] {
  return defined
}

/**
 * Defines a query, while its module is loaded. Call the result with the parameters to get a {@link Statement}. `build` runs once for each dialect
 * and sees a slot in place of every parameter, so it must not depend on their values.
 */
export function query<P extends object, R>(
  build: (db: Kysely<Schema>, parameters: P) => Buildable<R>,
): (parameters: P) => Statement<R> {
  return define({ build, isLookUp: false })
}

/**
 * Defines a query that reads few rows by key. It is a {@link query} of which an engine may run many together; its limit, if it
 * has one, is no parameter.
 */
export function lookUp<P extends object, R>(
  build: (db: Kysely<Schema>, parameters: P) => Buildable<R>,
): (parameters: P) => Statement<R> {
  return define({ build, isLookUp: true })
}

function define<R>(it: Query): (parameters: object) => Statement<R> {
  defined.push(it)
  return (parameters) => ({ query: it, parameters: parameters as Record<string, unknown> })
}

/** The parts of a Kysely dialect that turn queries into text; connections are ours. */
export interface SqlWriter {
  readonly adapter: () => DialectAdapter
  readonly compiler: () => QueryCompiler
}

/** A Kysely that builds and compiles, but cannot execute. */
export function kyselyFor(writer: SqlWriter): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: writer.adapter,
      createDriver: () => new DummyDriver(),
      createIntrospector: () => {
        throw new Error('There is no connection to introspect.')
      },
      createQueryCompiler: writer.compiler,
    },
  })
}

/** Compiles each query at its first use and remembers it. */
export function compilerFor(writer: SqlWriter): (query: Query) => Compiled {
  const db = kyselyFor(writer)
  const known = new Map<Query, Compiled>()
  return (query) => {
    const found = known.get(query)
    if (found !== undefined) return found
    const compiled = compile(db, query, `firebrand_${known.size}`)
    known.set(query, compiled)
    return compiled
  }
}

function compile(db: Kysely<Schema>, query: Query, name: string): Compiled {
  const { sql, parameters } = query.build(db, slots as never).compile(db)
  return {
    name,
    sql,
    isParameter: parameters.map((it) => it instanceof Slot),
    bind: (values) =>
      parameters.map((it) =>
        it instanceof Slot ? ((values[it.name] ?? null) as SqlValue) : (it as SqlValue),
      ),
  }
}
