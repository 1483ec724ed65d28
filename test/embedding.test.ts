import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createFirebrand,
  defaultProject,
  loadConfig,
  openStorage,
  type Firebrand,
} from '../src/firebrand.ts'

describe('embedding', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'firebrand-embedding-'))
  const file = path.join(folder, 'firebrand.yml')
  let firebrand: Firebrand

  beforeAll(async () => {
    writeFileSync(
      file,
      `dsn: sqlite://${folder}/db.sqlite\nurls: { self: { issuer: https://auth.example } }\nsecrets: { system: [a secret of the embedding test] }\nserve: { admin: { host: 127.0.0.1 } }\n`,
    )
    const loaded = loadConfig({ files: [file], env: {}, flags: {} })
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error))
    const { config, settings } = loaded.value
    const storage = await openStorage({
      dsn: config.dsn,
      projectId: defaultProject,
      log: { info() {}, warn() {} },
      migrate: true,
    })
    firebrand = createFirebrand({ settings, storage })
    firebrand.startJanitor()
  })

  afterAll(async () => {
    await firebrand.close()
    rmSync(folder, { recursive: true })
  })

  it('serves both APIs from settings and a storage alone', async () => {
    const discovery = await firebrand.public(
      new Request('https://auth.example/.well-known/openid-configuration'),
    )
    expect(await discovery.json()).toMatchObject({ issuer: 'https://auth.example' })
    const created = await firebrand.admin(
      new Request('https://auth.example/admin/clients', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ grant_types: ['client_credentials'] }),
      }),
    )
    expect(created.status).toBe(201)
  })
})
