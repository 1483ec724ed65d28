import { stat } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asClientId, asProjectId } from '../../../brand.ts'
import type { Storage } from '../../storage.ts'
import { openStorage } from '../open.ts'

describe('a storage on SQLite', () => {
  let folder: string
  let storage: Storage
  /** A connection that the storage knows nothing of, as another process has. */
  let other: DatabaseSync
  const id = asClientId('app')

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebrand-engine-'))
    const dsn = `sqlite://${join(folder, 'it.sqlite')}`
    const log = { info() {}, warn() {} }
    storage = await openStorage({ dsn, projectId: asProjectId('p'), log, migrate: true })
    other = new DatabaseSync(join(folder, 'it.sqlite'))
    other.exec(`insert into clients values ('p', 'app', '', '', '{}', '', '[]', '', 0, 1)`)
  })
  afterAll(async () => {
    other.close()
    await storage.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function version(): Promise<number | undefined> {
    return (await storage.clients.find(id))?.version
  }

  function writeElsewhere(): number {
    other.exec(`
      begin;
      update clients set version = version + 1;
      insert into epochs values ('p', 1) on conflict do update set epoch = epoch + 1;
      commit;
    `)
    return Number(other.prepare('select version from clients').get()?.['version'])
  }

  it('shows what another process wrote before the request came in, however the turns of the event loop fall', async () => {
    await version()
    // Asks behind a poll; another process writes; a request comes in with the very next poll.
    const seen = await new Promise<readonly unknown[]>((resolve, reject) => {
      setImmediate(() => {
        version().catch(reject)
        stat(folder, () => {
          const written = writeElsewhere()
          version().then((read) => resolve([read, written]), reject)
        })
        const until = performance.now() + 20
        while (performance.now() < until);
      })
    })
    expect(seen[0]).toBe(seen[1])
  })

  const plans = [
    { of: 'delete from chains where project_id = ? and grant_id = ?', index: 'chains_grant_id' },
    { of: 'delete from grants where project_id = ? and id = ?', index: 'chains_grant_id' },
    {
      of: 'delete from login_sessions where project_id = ? and subject = ?',
      index: 'login_sessions_subject',
    },
    {
      of: 'select distinct client_id from grants where project_id = ? and login_session_id = ? and subject = ? order by client_id',
      index: 'grants_login_session_id',
    },
    {
      of: 'select id from chains where project_id = ? and purge_hour <= ? and purge_at <= ? order by purge_hour limit ?',
      index: 'chains_purge_hour',
    },
  ] as const
  for (const { of, index } of plans)
    it(`looks into ${index} for: ${of}`, () => {
      const plan = other.prepare(`explain query plan ${of}`).all()
      const details = plan.map(({ detail }) => String(detail))
      expect(details.join('\n')).toContain(index)
      for (const detail of details.filter((it) => it.startsWith('SEARCH')))
        expect(detail).toMatch(/project_id=\? AND /)
    })

  it('syncs every commit, in WAL mode', () => {
    expect(other.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
  })
})
