import { describe, expect, it } from 'vitest'
import { asProjectId } from '../../brand.ts'
import { limits } from '../../config/sections/limits.ts'
import { openStorage, UnsupportedDsn } from './open.ts'
import { parsePostgresDsn } from './postgres/dsn.ts'
import { parseSqliteDsn } from './sqlite/dsn.ts'

describe('parseSqliteDsn', () => {
  const cases = [
    { it: 'takes an absolute path', rest: '/data/it.db', path: '/data/it.db', isMemory: false },
    { it: 'takes a relative path', rest: 'it.db?mode=rwc', path: 'it.db', isMemory: false },
    { it: 'takes a path from here', rest: './a/it.db', path: './a/it.db', isMemory: false },
    { it: 'decodes percent signs', rest: '/a%20b.db?_fk=true', path: '/a b.db', isMemory: false },
    { it: 'leaves lone percent signs', rest: '/100%.db', path: '/100%.db', isMemory: false },
    { it: 'knows :memory:', rest: ':memory:?_fk=true', path: ':memory:', isMemory: true },
    {
      it: 'knows file::memory:',
      rest: 'file::memory:?cache=shared',
      path: ':memory:',
      isMemory: true,
    },
    { it: 'knows mode=memory', rest: 'name?mode=memory', path: ':memory:', isMemory: true },
  ] as const
  for (const { it: name, rest, path, isMemory } of cases)
    it(name, () => {
      const warnings: string[] = []
      const dsn = parseSqliteDsn(rest, (message) => warnings.push(message))
      expect(dsn).toMatchObject({ path, isMemory })
      expect(warnings).toEqual([])
    })

  it('takes how long to wait for locks, under both names', () => {
    for (const name of ['_busy_timeout', '_timeout'])
      expect(parseSqliteDsn(`a?${name}=70`, () => undefined).busyMilliseconds).toBe(70)
    expect(parseSqliteDsn('a', () => undefined).busyMilliseconds).toBe(5_000)
  })

  it('ignores the parameters of a pool, and names the ones it does not know', () => {
    const warnings: string[] = []
    const dsn = 'a?max_conns=4&max_idle_conns=1&max_conn_lifetime=1h&max_conn_idle_time=1m&x=secret'
    parseSqliteDsn(dsn, (message) => warnings.push(message))
    expect(warnings).toEqual(['The DSN parameter x is unknown and ignored.'])
  })
})

describe('parsePostgresDsn', () => {
  it('takes the parameters of the pool and leaves the others to the driver', () => {
    const pool = parsePostgresDsn(
      'u:p@h:5/db?max_conns=7&sslmode=disable&max_idle_conns=3&max_conn_lifetime=90s&max_conn_idle_time=1m30s',
      { warn: () => undefined, processes: 1 },
    )
    expect(pool).toMatchObject({
      servers: ['postgres://u:p@h:5/db?sslmode=disable'],
      max: 7,
      min: 3,
      maxLifetimeSeconds: 90,
      idleTimeoutMillis: 90_000,
    })
  })

  const lists = [
    {
      it: 'takes several servers, each with its port',
      rest: 'u:p%2C@a:5432,[::1]:5433,c/db?sslmode=disable&target_session_attrs=read-write',
      servers: [
        'postgres://u:p%2C@a:5432/db?sslmode=disable',
        'postgres://u:p%2C@[::1]:5433/db?sslmode=disable',
        'postgres://u:p%2C@c/db?sslmode=disable',
      ],
    },
    {
      it: 'takes several servers as parameters, each with its port',
      rest: 'u:p@/db?host=a,b&port=5432,5433',
      servers: ['postgres://u:p@/db?host=a&port=5432', 'postgres://u:p@/db?host=b&port=5433'],
    },
    {
      it: 'takes one port for all of them',
      rest: '/db?host=%2Frun%2Fa,b&port=6000&user=u',
      servers: [
        'postgres:///db?host=%2Frun%2Fa&port=6000&user=u',
        'postgres:///db?host=b&port=6000&user=u',
      ],
    },
    { it: 'leaves one server as it is', rest: 'h', servers: ['postgres://h'] },
  ] as const
  for (const { it: name, rest, servers } of lists)
    it(name, () => {
      const warnings: string[] = []
      const warn = (message: string) => void warnings.push(message)
      const dsn = parsePostgresDsn(rest, { warn, processes: 1 })
      expect(dsn).toMatchObject({ servers, mustWrite: true })
      expect(dsn.connectMilliseconds).toBe(servers.length > 1 ? 2_000 : 3_000)
      expect(warnings).toEqual([])
    })

  it('takes a standby only from who says that any server will do', () => {
    const warnings: string[] = []
    const warn = (message: string) => void warnings.push(message)
    const mustWrite = (attributes: string) =>
      parsePostgresDsn(`a,b/db?target_session_attrs=${attributes}`, { warn, processes: 1 })
        .mustWrite
    expect(['any', 'read-write', 'primary'].map(mustWrite)).toEqual([false, true, true])
    expect(warnings).toEqual([])
    expect(mustWrite('prefer-standby')).toBe(true)
    expect(warnings.length).toBe(1)
  })

  it('takes the patience with one server in seconds, as libpq does', () => {
    const { connectMilliseconds } = parsePostgresDsn('h/db?connect_timeout=3', {
      warn: () => undefined,
      processes: 1,
    })
    expect(connectMilliseconds).toBe(3_000)
  })

  it('gives up before a client is cut off for silence, unless it is told otherwise', () => {
    const ways = { warn: () => undefined, processes: 1 }
    const { connectionTimeoutMillis = 0, query_timeout = 0 } = parsePostgresDsn('h/db', ways)
    const { inactivity } = limits.parse({}).timeouts
    expect(connectionTimeoutMillis).toBeGreaterThan(0)
    expect(query_timeout).toBeGreaterThan(0)
    expect(connectionTimeoutMillis + query_timeout).toBeLessThan(inactivity)
    // The driver's own parameters win.
    expect(parsePostgresDsn('h/db?query_timeout=60000', ways).servers).toEqual([
      'postgres://h/db?query_timeout=60000',
    ])
  })

  it('shares the connections among the processes of a server, and gives each one at least', () => {
    const warn = () => undefined
    const dsn = 'h/db?max_conns=20&max_idle_conns=3'
    expect(parsePostgresDsn(dsn, { warn, processes: 3 })).toMatchObject({ max: 6, min: 1 })
    expect(parsePostgresDsn(dsn, { warn, processes: 64 })).toMatchObject({ max: 1, min: 1 })
  })

  it('uses the default for a malformed parameter and says so without its value', () => {
    const warnings: string[] = []
    const pool = parsePostgresDsn('h/db?max_conns=many&max_conn_lifetime=long', {
      warn: (message) => warnings.push(message),
      processes: 1,
    })
    expect(pool.max).toBeGreaterThan(0)
    expect(pool.maxLifetimeSeconds).toBe(0)
    expect(warnings).toEqual([
      'The DSN parameter max_conns is malformed; the default is used.',
      'The DSN parameter max_conn_lifetime is malformed; the default is used.',
    ])
  })
})

describe('openStorage', () => {
  const log = { info() {}, warn() {} }
  const open = (dsn: string) => openStorage({ dsn, projectId: asProjectId('p'), log })

  it('names the engines it supports when asked for another, and repeats no credential', async () => {
    for (const dsn of ['mysql://user:hunter2@tcp(db)/x', 'hunter2', 'cockroach://u:hunter2@h/db']) {
      const opening = open(dsn)
      await expect(opening).rejects.toThrow(UnsupportedDsn)
      await expect(opening).rejects.toThrow(/memory, sqlite:\/\/.*postgres:\/\//)
      await expect(opening).rejects.not.toThrow(/hunter2/)
    }
  })

  it('migrates whatever is in memory', async () => {
    for (const dsn of ['memory', 'sqlite://:memory:', 'sqlite3://x?mode=memory']) {
      const storage = await open(dsn)
      expect(await storage.pendingMigrations()).toEqual([])
      await storage.close()
    }
  })
})
