import { fileURLToPath } from 'node:url'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { describeEachEngine, type Engine } from '../../../test/support/engines.ts'
import { asProjectId } from '../../brand.ts'
import { migrateUp, migrationPlan, migrationStatus } from './migrate.ts'
import { migrations } from './migrations/all.ts'
import { openStorage } from './open.ts'

const log = { info() {}, warn() {} }
const names = migrations.map(({ name }) => name)

describeEachEngine('migrations', (engine) => {
  const target = () => ({ dsn: engine.dsn, log })

  it('are pending in an empty database, and planned in SQL', async () => {
    const storage = await openStorage({ ...target(), projectId: asProjectId('p') })
    expect(await storage.pendingMigrations()).toEqual(names)
    await storage.close()
    const status = await migrationStatus(target())
    expect(status).toEqual(names.map((name) => ({ name, appliedAt: undefined })))
    const plan = await migrationPlan(target())
    expect(plan).toContain('create table "grants"')
    expect(plan.trimEnd().endsWith(';')).toBe(true)
  })

  it('are applied once, however many start at the same moment', async () => {
    const applied = await Promise.all(Array.from({ length: 8 }, () => migrateUp(target())))
    expect(applied.flat()).toEqual(names)
    expect(await migrateUp(target())).toEqual([])
    for (const { appliedAt } of await migrationStatus(target()))
      expect(Math.abs(Date.now() - Number(appliedAt))).toBeLessThan(60_000)
    expect(await migrationPlan(target())).toBe('')
  })

  it('result in the schema that is checked in', async () => {
    const schema = engine.name === 'sqlite' ? sqliteSchema(engine) : await postgresSchema(engine)
    const file = fileURLToPath(new URL(`${engine.name}/schema.snapshot.sql`, import.meta.url))
    await expect(schema).toMatchFileSnapshot(file)
  })
})

function sqliteSchema(engine: Engine): string {
  const database = new DatabaseSync(new URL(engine.dsn).pathname)
  const found = database
    .prepare(
      `select sql from sqlite_master where sql is not null order by tbl_name, type desc, name`,
    )
    .all()
  database.close()
  return found.map(({ sql }) => `${String(sql)};\n`).join('')
}

async function postgresSchema(engine: Engine): Promise<string> {
  const client = new Client({ connectionString: engine.dsn })
  await client.connect()
  try {
    const { rows } = await client.query<{ line: string }>(`
      select line from (
        select c.relname as name, 1 as part, a.attnum as nth,
          'table ' || c.relname || ': ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ||
          case when l.collname in ('default') or l.collname is null then '' else ' collate "' || l.collname || '"' end ||
          case when a.attnotnull then ' not null' else '' end as line
        from pg_class c
          join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
          left join pg_collation l on l.oid = a.attcollation
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
        union all
        select c.relname, 2, row_number() over (order by x.conname),
          'table ' || c.relname || ': constraint ' || x.conname || ' ' || pg_get_constraintdef(x.oid)
        from pg_constraint x join pg_class c on c.oid = x.conrelid
        where x.connamespace = 'public'::regnamespace and x.contype in ('p', 'f', 'u')
        union all
        select c.relname, 3, row_number() over (order by i.indexrelid::regclass::text),
          pg_get_indexdef(i.indexrelid)
        from pg_index i join pg_class c on c.oid = i.indrelid
        where c.relnamespace = 'public'::regnamespace and not i.indisprimary
        union all
        select c.relname, 4, 1, 'table ' || c.relname || ': with ' || array_to_string(c.reloptions, ', ')
        from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.reloptions is not null
      ) lines order by name collate "C", part, nth, line collate "C"
    `)
    return rows.map(({ line }) => `${line};\n`).join('')
  } finally {
    await client.end()
  }
}

describe('the list of migrations', () => {
  it('is in the order of the names, which are unique', () => {
    expect(names).toEqual([...new Set(names)].toSorted())
  })
})
