import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/browser-flow.ts'
import { audit, Ledger, load, loadClient, report } from '../support/fault-load.ts'
import { faultServer, type FaultServer } from '../support/fault-server.ts'
import { testScale } from '../support/scale.ts'
import { startPostgres, type PostgresServer } from '../support/postgres-server.ts'
import { smallDisk, type SmallDisk } from '../support/small-disk.ts'

/** Where a database lies that can run out of room. */
interface Room {
  readonly what: string
  readonly folder: string
  readonly wrapper: readonly string[]
  fill(server: FaultServer): Promise<void>
  empty(server: FaultServer): void
  close(): Promise<void>
}

/** A file system that is full. */
async function onSmallDisk(): Promise<Room | undefined> {
  const disk = await smallDisk(24)
  if (disk === undefined) return undefined
  const { folder, wrapper } = disk
  const what = wrapper.length === 0 ? 'a mounted tmpfs' : 'a tmpfs in a user namespace'
  const close = () => disk.close()
  return { what, folder, wrapper, fill: async () => disk.fill(), empty: () => disk.empty(), close }
}

/** The longest file that a process may write: what stands for room on a disk where none can be made that is small. */
function allow(pid: number, bytes: number | 'unlimited'): void {
  // A process that was killed has its limit no more.
  const owner = statSync(`/proc/${pid}`, { throwIfNoEntry: false })
  if (owner === undefined) return
  const args = ['--pid', String(pid), `--fsize=${bytes}:`]
  const { uid, gid } = owner
  const { status, stderr } = spawnSync('prlimit', args, { encoding: 'utf8', uid, gid })
  if (status !== 0 && !stderr.includes('No such process')) throw new Error(`prlimit: ${stderr}`)
}

async function underLimit(): Promise<Room> {
  const folder = await mkdtemp(join(tmpdir(), 'firebrand-disk-'))
  return {
    what: 'RLIMIT_FSIZE',
    folder,
    wrapper: [],
    fill: async (server) => allow(server.pid(), (await stat(join(folder, 'it.sqlite-wal'))).size),
    empty: (server) => allow(server.pid(), 'unlimited'),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

describe('a full disk under SQLite', () => {
  let room: Room
  let file: string
  let server: FaultServer
  let client: TestClient

  beforeAll(async () => {
    room = (await onSmallDisk()) ?? (await underLimit())
    file = join(room.folder, 'it.sqlite')
    server = await faultServer(`sqlite://${file}`, {}, room.wrapper)
    await server.start()
    client = await loadClient(server)
    // Makes the keys, which is a write.
    await server.publicFetch('/.well-known/jwks.json')
  })
  afterAll(async () => {
    await server.close()
    await room.close()
  })

  /** What SQLite finds wrong with the file, in a process that sees it. */
  function check(): string {
    const script = `
      const database = new (require('node:sqlite').DatabaseSync)(process.argv[1])
      const all = (pragma) => database.prepare('pragma ' + pragma).all()
      console.log(JSON.stringify([all('integrity_check'), all('foreign_key_check')]))`
    const [program, ...args] = [...room.wrapper, process.execPath, '-e', script, file]
    const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    return stdout === '' ? stderr : stdout.trim()
  }

  it(
    'answers 503 to writes, goes on reading, and recovers by itself without a loss',
    async () => {
      const ledger = new Ledger()
      for (let round = 0; round < 2 * testScale; round += 1) {
        const stopping = new AbortController()
        const { signal } = stopping
        const working = load({ server, client, ledger, signal, workers: 8 })
        const before = ledger.acknowledged
        while (ledger.acknowledged < before + 40) await delay(20)
        await room.fill(server)
        const unavailable = ledger.unavailable
        while (ledger.unavailable < unavailable + 20) await delay(20)
        const read = await server.adminFetch(`/admin/clients/${client.client_id}`)
        expect(read.status).toBe(200)
        expect((await server.publicFetch('/.well-known/jwks.json')).status).toBe(200)
        const write = await server.adminFetch('/admin/clients', { method: 'POST', body: '{}' })
        expect(write.status).toBe(503)
        expect(write.headers.get('retry-after')).toBe('1')
        expect(await write.json()).toMatchObject({ error: 'temporarily_unavailable' })
        // In every second round the process dies while there is no room.
        if (round % 2 === 1) {
          await server.end('SIGKILL')
          stopping.abort()
          await working
          room.empty(server)
          await server.start()
        } else {
          room.empty(server)
          const back = ledger.acknowledged
          while (ledger.acknowledged < back + 40) await delay(20)
          stopping.abort()
          await working
        }
        await audit(server, client, ledger)
      }
      await server.end('SIGTERM')
      expect(check()).toBe('[[{"integrity_check":"ok"}],[]]')
      report(`full disk, sqlite on ${room.what}`, ledger)
      expect(ledger.broken).toEqual([])
    },
    120_000 * testScale,
  )
})

/** PostgreSQL finds room for one more row here and there, in a segment that is used again; not for twenty. */
async function refusedWrite(server: Pick<FaultServer, 'adminFetch'>): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const write = await server.adminFetch('/admin/clients', { method: 'POST', body: '{}' })
    if (write.status !== 201 || tries === 20) return write
  }
}

describe('a full disk under PostgreSQL', () => {
  let disk: SmallDisk | undefined
  let database: PostgresServer
  let server: FaultServer
  let client: TestClient

  beforeAll(async () => {
    disk = await smallDisk(128, ['mount'])
    const settings = ['min_wal_size=2MB', 'max_wal_size=4MB']
    const small = disk === undefined ? {} : { smallFolder: disk.folder, settings }
    database = await startPostgres({ durable: true, ...small })
    server = await faultServer(database.dsn)
    await server.start()
    client = await loadClient(server)
    await server.publicFetch('/.well-known/jwks.json')
  })
  afterAll(async () => {
    await server.close()
    await database.stop()
    await disk?.close()
  })

  /** The postmaster and the processes it has forked. */
  function processes(): readonly number[] {
    const { stdout } = spawnSync('pgrep', ['-P', String(database.pid())], { encoding: 'utf8' })
    return [database.pid(), ...stdout.split('\n').filter(Boolean).map(Number)]
  }

  function fill(): void {
    if (disk === undefined) for (const pid of processes()) allow(pid, 8192)
    else disk.fill()
  }

  /** PostgreSQL ends when it cannot recover for want of room; then somebody must start it again. */
  async function empty(): Promise<void> {
    if (disk === undefined) for (const pid of processes()) allow(pid, 'unlimited')
    else disk.empty()
    await delay(500)
    if (!database.isRunning()) await database.start()
  }

  it(
    'answers 503, and recovers without a loss when there is room again',
    async () => {
      const ledger = new Ledger()
      for (let round = 0; round < 2 * testScale; round += 1) {
        const stopping = new AbortController()
        const { signal } = stopping
        const working = load({ server, client, ledger, signal, workers: 8 })
        const before = ledger.acknowledged
        while (ledger.acknowledged < before + 40) await delay(20)
        fill()
        const unavailable = ledger.unavailable
        while (ledger.unavailable < unavailable + 20) await delay(20)
        const write = await refusedWrite(server)
        expect(write.status).toBe(503)
        expect(write.headers.get('retry-after')).toBe('1')
        // In every second round the database dies while there is no room.
        if (round % 2 === 1) await database.crash()
        await empty()
        const back = ledger.acknowledged
        while (ledger.acknowledged < back + 40) await delay(20)
        stopping.abort()
        await working
        await audit(server, client, ledger)
      }
      report(
        `full disk, postgres on ${disk === undefined ? 'RLIMIT_FSIZE' : 'a mounted tmpfs'}`,
        ledger,
      )
      expect(ledger.broken).toEqual([])
      expect(ledger.unanswered).toBe(0)
    },
    120_000 * testScale,
  )
})
