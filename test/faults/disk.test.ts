import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/browser-flow.ts'
import { audit, Ledger, load, loadClient, report } from '../support/fault-load.ts'
import { faultServer, type FaultServer } from '../support/fault-server.ts'
import { testScale } from '../support/scale.ts'

describe('a full disk under SQLite', () => {
  let folder: string
  let file: string
  let server: FaultServer
  let client: TestClient

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebrand-disk-'))
    file = join(folder, 'it.sqlite')
    server = await faultServer(`sqlite://${file}`)
    await server.start()
    client = await loadClient(server)
    // Makes the keys, which is a write.
    await server.publicFetch('/.well-known/jwks.json')
  })
  afterAll(async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** The longest file that the server may write: what stands for room on the disk. */
  function allow(bytes: number | 'unlimited'): void {
    const { status, stderr } = spawnSync(
      'prlimit',
      ['--pid', String(server.pid()), `--fsize=${bytes}:`],
      { encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`prlimit: ${stderr}`)
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
        const { size } = await stat(`${file}-wal`)
        allow(size)
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
          await server.start()
        } else {
          allow('unlimited')
          const back = ledger.acknowledged
          while (ledger.acknowledged < back + 40) await delay(20)
          stopping.abort()
          await working
        }
        await audit(server, client, ledger)
      }
      await server.end('SIGTERM')
      const database = new DatabaseSync(file)
      expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
      expect(database.prepare('pragma foreign_key_check').all()).toEqual([])
      database.close()
      report('full disk, sqlite', ledger)
      expect(ledger.broken).toEqual([])
    },
    120_000 * testScale,
  )
})
