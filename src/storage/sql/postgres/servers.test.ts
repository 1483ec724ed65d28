import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cutProxy } from '../../../../test/support/cut-proxy.ts'
import { freePort } from '../../../../test/support/free-port.ts'
import { freshDatabase, type FreshDatabase } from '../../../../test/support/postgres.ts'
import { StorageUnavailable } from '../../storage.ts'
import type { Engine } from '../engine.ts'
import { openEngine } from '../open.ts'
import { query } from '../statement.ts'

const where = query(() => sql<{ n: number }>`select n from place`)

const suicide = query(() => sql`select pg_terminate_backend(pg_backend_pid())`)

/** The DSN with other servers in it. */
function at(dsn: string, ...hosts: readonly string[]): string {
  return dsn.replace(new URL(dsn).host, hosts.join(','))
}

describe('a DSN with several servers', () => {
  let database: FreshDatabase
  const lines: string[] = []
  const log = {
    info() {},
    warn: (fields: object, message: string) => void lines.push(JSON.stringify([fields, message])),
  }
  const places = async (engine: Engine, times: number) => {
    const reads = Array.from({ length: times }, () => engine.read(where({})))
    return (await Promise.all(reads)).map(([row]) => row?.n)
  }

  beforeAll(async () => {
    database = await freshDatabase()
    const engine = await openEngine({ dsn: database.dsn, log })
    await engine.write(query(() => sql`create table place (n integer)`)({}))
    await engine.write(query(() => sql`insert into place values (1)`)({}))
    await engine.close()
  })
  afterAll(() => database?.drop())

  it('tries the next one for the same request', async () => {
    const dsn = at(database.dsn, `127.0.0.1:${await freePort()}`, new URL(database.dsn).host)
    const engine = await openEngine({ dsn, log })
    expect(await places(engine, 8)).toEqual(Array.from({ length: 8 }, () => 1))
    await engine.close()
  })

  it('gives a silent one up after its time, and tells nobody the password', async () => {
    const sockets: Socket[] = []
    const silent = createServer((socket) => void sockets.push(socket))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const dsn = at(database.dsn, `127.0.0.1:${port}`, new URL(database.dsn).host)
    const engine = await openEngine({ dsn: `${dsn}?connect_timeout=1`, log })
    expect(await places(engine, 1)).toEqual([1])
    await engine.close()
    for (const socket of sockets) socket.destroy()
    silent.close()
    expect(lines.join('\n')).not.toContain(`${new URL(database.dsn).password}@`)
  })

  it('is unavailable when none of them answers', async () => {
    const hosts = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`]
    const engine = await openEngine({ dsn: at(database.dsn, ...hosts), log })
    await expect(places(engine, 1)).rejects.toThrow(StorageUnavailable)
    await engine.close()
  })

  it('leaves a server altogether when it arrives at another', async () => {
    const one = await cutProxy(database.dsn)
    const other = await cutProxy(database.dsn)
    const dsn = at(database.dsn, new URL(one.dsn).host, new URL(other.dsn).host)
    const engine = await openEngine({ dsn: `${dsn}?max_conns=4&max_idle_conns=2`, log })
    await places(engine, 4)
    expect([one.connections(), other.connections()]).toEqual([4, 0])
    one.refuseNew()
    // One of them must be replaced.
    await expect(engine.read(suicide({}))).rejects.toThrow(StorageUnavailable)
    await Promise.allSettled(Array.from({ length: 8 }, () => engine.read(where({}))))
    expect(await places(engine, 8)).toEqual(Array.from({ length: 8 }, () => 1))
    expect(one.connections()).toBe(0)
    expect(other.connections()).toBeGreaterThan(0)
    await engine.close()
    await one.close()
    await other.close()
  })
})
