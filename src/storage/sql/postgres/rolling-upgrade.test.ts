import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '../../../../test/support/postgres.ts'
import { asClientId, asGrantId, asProjectId, asSessionId, asSubject } from '../../../brand.ts'
import type { Storage } from '../../storage.ts'
import { openStorage } from '../open.ts'
import { compilerFor, definedQueries } from '../statement.ts'
import { postgresDialect } from './dialect.ts'

const projectId = asProjectId('rolling')
const log = { info() {}, warn() {} }

describe('a process while a newer version migrates its database', () => {
  let database: FreshDatabase
  let storage: Storage
  let operator: Client

  beforeAll(async () => {
    database = await freshDatabase()
    storage = await openStorage({ dsn: database.dsn, projectId, log, migrate: true })
    operator = new Client({ connectionString: database.dsn })
    await operator.connect()
  })
  afterAll(async () => {
    await operator?.end()
    await storage?.close()
    await database?.drop()
  })

  const page = { after: undefined, limit: 10, clientName: undefined, owner: undefined }
  /** Statements of which each connection keeps a plan. */
  const look = async () => [
    await storage.clients.list(page),
    await storage.clients.find(asClientId('none')),
    await storage.loginSessions.find(asSessionId('none')),
    await storage.loginSessions.delete(asSessionId('none')),
    await storage.keys.list('set'),
    await storage.accounts.find(asSubject('none')),
    await storage.deviceRequests.find(asGrantId('none')),
    await storage.trustedIssuers.find('none'),
    await storage.logoutNotifications.list(1),
    await storage.grants.find(asGrantId('none')),
  ]
  /** On every connection of the pool. */
  const lookEverywhere = () => Promise.all(Array.from({ length: 16 }, look))

  it('goes on when columns are added', async () => {
    const before = await lookEverywhere()
    const { rows } = await operator.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    )
    expect(rows.length).toBeGreaterThan(15)
    for (const { name } of rows) await operator.query(`alter table ${name} add column later text`)
    expect(await lookEverywhere()).toEqual(before)
  })

  it('goes on when a column changes its type', async () => {
    const before = await lookEverywhere()
    await operator.query(
      'alter table login_sessions alter column identity_provider_session_id type varchar(1000)',
    )
    expect(await lookEverywhere()).toEqual(before)
  })

  it('names the columns that it wants in every statement', () => {
    const compile = compilerFor(postgresDialect)
    const texts = definedQueries().map((query) => compile(query).sql)
    expect(texts.length).toBeGreaterThan(100)
    // `count(*)` is not a list of columns.
    expect(texts.filter((text) => /(?<!count\()\*/.test(text))).toEqual([])
  })
})
