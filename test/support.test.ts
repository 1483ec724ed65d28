import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { describeEachEngine } from './support/engines.ts'
import { startPostgres } from './support/postgres-server.ts'
import { freshDatabase } from './support/postgres.ts'

async function query(dsn: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: dsn })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

describe('freshDatabase', () => {
  it('answers queries', async () => {
    const database = await freshDatabase()
    expect(await query(database.dsn, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await database.drop()
  })

  it('gives every caller an empty database', async () => {
    const [first, second] = await Promise.all([freshDatabase(), freshDatabase()])
    await query(first.dsn, 'CREATE TABLE here (id int)')
    await expect(query(second.dsn, 'SELECT * FROM here')).rejects.toThrow('does not exist')
    await Promise.all([first.drop(), second.drop()])
  })

  it('drops a database that is still in use', async () => {
    const database = await freshDatabase()
    const client = new Client({ connectionString: database.dsn })
    client.on('error', () => undefined)
    await client.connect()
    await database.drop()
    await expect(query(database.dsn, 'SELECT 1')).rejects.toThrow('does not exist')
  })
})

describe('startPostgres', () => {
  it('keeps acknowledged writes through a crash when durable', async () => {
    const server = await startPostgres({ durable: true })
    try {
      await query(server.dsn, 'CREATE TABLE kept AS SELECT 42 AS answer')
      await server.crash()
      await expect(query(server.dsn, 'SELECT 1')).rejects.toThrow('ECONNREFUSED')
      await server.start()
      expect(await query(server.dsn, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    } finally {
      await server.stop()
    }
  })

  it('leaves nothing behind when its process is killed', async () => {
    const module = fileURLToPath(new URL('support/postgres-server.ts', import.meta.url))
    const folder = await mkdtemp(join(tmpdir(), 'firebrand-killed-'))
    await chmod(folder, 0o755)
    const script = `
      const { startPostgres } = await import(${JSON.stringify(module)})
      console.log((await startPostgres({ durable: false })).dsn)`
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [dsn] = await once(owner.stdout, 'data')
    owner.kill('SIGKILL')
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), { timeout: 15_000 })
    await expect(query(String(dsn).trim(), 'SELECT 1')).rejects.toThrow('ECONNREFUSED')
    await rm(folder, { recursive: true })
  })
})

describeEachEngine('describeEachEngine', (engine) => {
  it('gives the suite a database of its engine', async () => {
    if (engine.name === 'postgres') {
      expect(await query(engine.dsn, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
      return
    }
    const database = new DatabaseSync(new URL(engine.dsn).pathname)
    expect(database.prepare('SELECT 1 AS one').get()).toEqual({ one: 1 })
    database.close()
  })
})

describe('launchBrowser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  it('draws a page with text', async () => {
    const page = await browser.newPage({ viewport: { width: 300, height: 100 } })
    await page.goto('data:text/html,<title>Fire</title><h1>Fire</h1>')
    expect(await page.title()).toBe('Fire')
    const withText = await page.screenshot()
    await page.goto('data:text/html,<title>Fire</title><h1></h1>')
    const withoutText = await page.screenshot()
    expect(withText.subarray(1, 4).toString()).toBe('PNG')
    expect(withText.equals(withoutText)).toBe(false)
    await page.close()
  })

  it('has authenticators for passkeys', async () => {
    const page = await browser.newPage()
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const
    const added = await devtools.send('WebAuthn.addVirtualAuthenticator', { options })
    expect(added.authenticatorId).not.toBe('')
    await page.close()
  })
})
