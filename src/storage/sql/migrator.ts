/** Brings a database to the schema of this version. Migrations are append-only and run under a lock. */

import type { Dialect } from './dialect.ts'
import { change, rows, type Engine } from './engine.ts'
import { migrations } from './migrations/all.ts'
import type { Migration } from './migrations/migration.ts'
import { kyselyFor, query, type Statement } from './statement.ts'
import { instant, type Instant } from '../../brand.ts'

/** One line of `firebrand migrate status`. */
export interface MigrationStatus {
  readonly name: string
  /** `undefined` while pending. */
  readonly appliedAt: Instant | undefined
}

const bookkeeping = query((db) =>
  db.schema
    .createTable('firebrand_migrations')
    .ifNotExists()
    .addColumn('name', 'varchar(100)', (column) => column.primaryKey())
    .addColumn('applied_at', 'bigint', (column) => column.notNull()),
)
const findApplied = query((db) =>
  db.selectFrom('firebrand_migrations').select(['name', 'applied_at']),
)
const insertApplied = query((db, p: { name: string; appliedAt: Instant }) =>
  db.insertInto('firebrand_migrations').values({ name: p.name, applied_at: p.appliedAt }),
)

/** Applies what is pending, all or nothing, and answers the names. Concurrent callers wait for each other. */
export function applyMigrations(engine: Engine): Promise<readonly string[]> {
  return engine.migrate(function* apply() {
    yield* change(bookkeeping({}))
    const applied = yield* rows(findApplied({}))
    const pending = migrations.filter(({ name }) => !applied.some((row) => row.name === name))
    for (const migration of pending) {
      for (const statement of statementsOf(migration, engine.dialect)) yield* change(statement)
      yield* change(insertApplied({ name: migration.name, appliedAt: instant(Date.now()) }))
    }
    return pending.map(({ name }) => name)
  })
}

/** Every migration of this version with the time it was applied. */
export async function readStatus(engine: Engine): Promise<readonly MigrationStatus[]> {
  const tables = await engine.read(engine.dialect.tables())
  const exists = tables.some(({ name }) => name === 'firebrand_migrations')
  const applied = exists ? await engine.read(findApplied({})) : []
  const times = new Map(applied.map((row) => [row.name, row.applied_at]))
  return migrations.map(({ name }) => ({ name, appliedAt: times.get(name) }))
}

/** The SQL that {@link applyMigrations} would run now, each statement ended by `;`. */
export async function readPlan(engine: Engine): Promise<string> {
  const status = await readStatus(engine)
  const pending = new Set(
    status.filter(({ appliedAt }) => appliedAt === undefined).map(({ name }) => name),
  )
  return migrations
    .filter(({ name }) => pending.has(name))
    .map((migration) => `-- ${migration.name}\n${sqlOf(migration, engine.dialect)}`)
    .join('\n')
}

function sqlOf(migration: Migration, dialect: Dialect): string {
  const db = kyselyFor(dialect)
  const texts = migration.statements(db, dialect).map((it) => it.compile(db).sql)
  return texts.map((text) => `${text};\n`).join('')
}

function statementsOf(migration: Migration, dialect: Dialect): readonly Statement<unknown>[] {
  return migration.statements(kyselyFor(dialect), dialect).map((it) => ({
    query: { build: () => it, isLookUp: false },
    parameters: {},
  }))
}
