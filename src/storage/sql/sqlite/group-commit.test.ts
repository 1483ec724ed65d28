import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StorageUnavailable } from '../../storage.ts'
import { compilerFor } from '../statement.ts'
import { Connection } from './connection.ts'
import { sqliteDialect } from './dialect.ts'
import { GroupCommit } from './group-commit.ts'

describe('GroupCommit', () => {
  let folder: string
  let connection: Connection
  let commits: GroupCommit
  let committed = 0

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebrand-commits-'))
    connection = new Connection(join(folder, 'it.sqlite'), false, compilerFor(sqliteDialect))
    connection.command('pragma journal_mode = wal')
    connection.command('create table t (id integer primary key, filling text)')
    committed = 0
    const command = connection.command.bind(connection)
    connection.command = (text) => {
      if (text === 'commit') committed += 1
      return command(text)
    }
    commits = new GroupCommit(connection, 100)
  })
  afterEach(async () => {
    connection.close()
    await rm(folder, { recursive: true, force: true })
  })

  function insert(id: number, size = 1): Promise<unknown> {
    const text = `insert into t values (${id}, '${'x'.repeat(size)}')`
    return commits.submit((it) => it.command(text), false)
  }
  const count = () => connection.command('select count(*) as n from t')?.['n']

  it('commits what is submitted at the same time together', async () => {
    await Promise.all(Array.from({ length: 100 }, (_none, id) => insert(id)))
    expect(committed).toBe(1)
    expect(count()).toBe(100)
  })

  it('undoes the unit that fails and keeps the others', async () => {
    const twice = commits.submit((it) => {
      it.command(`insert into t values (1, '')`)
      it.command(`insert into t values (1, '')`)
    }, false)
    const outcomes = await Promise.allSettled([insert(0), twice, insert(2)])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(count()).toBe(2)
  })

  it('rejects the whole batch and applies none of it when the disk is full, and goes on afterwards', async () => {
    await insert(0)
    connection.command('pragma max_page_count = 10')
    const sizes = [1, 1, 100_000, 1]
    const outcomes = await Promise.allSettled(sizes.map((size, index) => insert(index + 1, size)))
    for (const outcome of outcomes) {
      expect(outcome.status).toBe('rejected')
      expect(outcome).toHaveProperty('reason', expect.any(StorageUnavailable))
    }
    expect(count()).toBe(1)
    connection.command('pragma max_page_count = 100000')
    await insert(1, 100_000)
    expect(count()).toBe(2)
  })

  it('rejects the whole batch when the commit fails', async () => {
    connection.command('create table parent (id integer primary key)')
    connection.command(
      'create table child (id integer references parent deferrable initially deferred)',
    )
    const orphan = commits.submit((it) => it.command('insert into child values (1)'), false)
    const outcomes = await Promise.allSettled([insert(1), orphan])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(count()).toBe(0)
    await insert(1)
    expect(count()).toBe(1)
  })
})
