import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../../test/support/free-port.ts'
import { startPostgres, type PostgresServer } from '../../../test/support/postgres-server.ts'
import { asClientId, asFlowId, asProjectId, asSubject, asTokenId, instant } from '../../brand.ts'
import { StorageUnavailable, type Storage } from '../storage.ts'
import { openStorage } from './open.ts'

const projectId = asProjectId('writer')
const now = instant(1_700_000_000_000)
const login = {
  flowId: asFlowId('flow'),
  clientId: asClientId('client'),
  subject: asSubject('subject'),
  now,
  expiresAt: now,
  session: undefined,
  forcedSubject: undefined,
  endedSessionId: undefined,
}
const silent = { info() {}, warn() {} }

describe('PostgreSQL out of reach', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres({ durable: true })
  })
  afterAll(() => server.stop())

  it('is told at once when nobody waits, without the password in any line', async () => {
    const lines: string[] = []
    const log = {
      info: (fields: object, message: string) => lines.push(JSON.stringify([fields, message])),
      warn: (fields: object, message: string) => lines.push(JSON.stringify([fields, message])),
    }
    const dsn = `postgres://user:hunter2@127.0.0.1:${await freePort()}/db`
    const opening = openStorage({ dsn, projectId, log, patienceMilliseconds: 300 })
    await expect(opening).rejects.toThrow(StorageUnavailable)
    await expect(opening).rejects.not.toThrow(/hunter2/)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('\n')).not.toContain('hunter2')
  })

  it('fails requests as unavailable while it is down, and recovers by itself', async () => {
    const options = { dsn: server.dsn, projectId, log: silent }
    const storage = await openStorage({ ...options, migrate: true })
    const acknowledged: string[] = []
    const stopping = new AbortController()
    let failures = 0
    async function write(worker: number): Promise<void> {
      for (let index = 0; !stopping.signal.aborted; index += 1) {
        const id = `${worker}-${index}`
        try {
          await storage.tokens.revoke(asTokenId(id), now)
          acknowledged.push(id)
          // A transaction holds its connection while it thinks; losing that must not end the process.
          await storage.flows.completeLogin({ ...login, verifierId: id })
        } catch (error) {
          expect(error).toBeInstanceOf(StorageUnavailable)
          failures += 1
          await delay(20)
        }
      }
    }
    const writers = Array.from({ length: 16 }, (_none, worker) => write(worker))
    await delay(300)
    await server.crash()
    await expect(storage.ping()).rejects.toThrow(StorageUnavailable)
    await expect(storage.keys.list('set')).rejects.toThrow(StorageUnavailable)
    await expect(storage.loginSessions.deleteBySubject('a' as never)).rejects.toThrow(
      StorageUnavailable,
    )
    const impatient = openStorage({ ...options, patienceMilliseconds: 0 })
    await expect(impatient).rejects.toThrow(StorageUnavailable)
    const patient = openStorage(options)
    await server.start()
    await (await patient).close()
    const before = acknowledged.length
    await delay(500)
    stopping.abort()
    await Promise.all(writers)
    expect(failures).toBeGreaterThan(0)
    expect(acknowledged.length).toBeGreaterThan(before)
    for (const id of acknowledged) expect(await storage.tokens.isRevoked(asTokenId(id))).toBe(true)
    await storage.close()
  })

  it('fails what waits for a connection too long', async () => {
    const dsn = `${server.dsn}?max_conns=1&connect_timeout=1`
    const storage = await openStorage({ dsn, projectId, log: silent, migrate: true })
    await storage.ping()
    await storage.close()
    await expect(storage.ping()).rejects.toThrow(StorageUnavailable)
  })
})

describe('a SQLite file in trouble', () => {
  let folder: string
  let dsn: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebrand-outages-'))
    dsn = `sqlite://${join(folder, 'it.sqlite')}`
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('holds every acknowledged write after kill -9 under load', async () => {
    const script = fileURLToPath(
      new URL('../../../test/support/storage-writer.ts', import.meta.url),
    )
    const child = spawn(process.execPath, [script, dsn], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.length > 100_000) child.kill('SIGKILL')
    })
    await once(child, 'close')
    const ids = text.slice(0, text.lastIndexOf('\n')).split('\n')
    expect(ids.length).toBeGreaterThan(1_000)
    const storage = await openStorage({ dsn, projectId, log: silent })
    for (const id of ids) expect(await storage.tokens.isRevoked(asTokenId(id))).toBe(true)
    await storage.close()
  })

  it('waits for the lock of another process without stopping the event loop, then fails', async () => {
    const storage: Storage = await openStorage({
      dsn: `${dsn}?_busy_timeout=300`,
      projectId,
      log: silent,
      migrate: true,
    })
    const other = new DatabaseSync(join(folder, 'it.sqlite'))
    other.exec('begin immediate')
    let longestPause = 0
    let last = performance.now()
    const timer = setInterval(() => {
      longestPause = Math.max(longestPause, performance.now() - last)
      last = performance.now()
    }, 1)
    const id = asTokenId('locked')
    await expect(storage.tokens.revoke(id, now)).rejects.toThrow(StorageUnavailable)
    expect(await storage.tokens.isRevoked(id)).toBe(false)
    const waiting = storage.tokens.revoke(id, now)
    await delay(50)
    other.exec('rollback')
    await waiting
    clearInterval(timer)
    expect(longestPause).toBeLessThan(150)
    expect(await storage.tokens.isRevoked(id)).toBe(true)
    other.close()
    await storage.close()
  })

  it('says that a file cannot be opened', async () => {
    const missing = `sqlite://${join(folder, 'nowhere', 'it.sqlite')}`
    const opening = openStorage({ dsn: missing, projectId, log: silent })
    await expect(opening).rejects.toThrow(StorageUnavailable)
  })
})
