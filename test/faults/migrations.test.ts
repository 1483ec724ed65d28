import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrationStatus } from '../../src/storage/sql/migrate.ts'
import { freshDatabase } from '../support/postgres.ts'
import { testScale } from '../support/scale.ts'

const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const log = { info() {}, warn() {} }

interface Target {
  readonly dsn: string
  /** Whether a migration has begun to do something. */
  hasBegun(): Promise<boolean>
  drop(): Promise<void>
}

const targets: Readonly<Record<string, (folder: string) => Promise<Target>>> = {
  async sqlite(folder) {
    const file = join(folder, `${crypto.randomUUID()}.sqlite`)
    const hasBegun = async () => existsSync(file)
    return { dsn: `sqlite://${file}`, hasBegun, drop: async () => undefined }
  },
  async postgres() {
    const database = await freshDatabase()
    const { dsn } = database
    const client = new Client({ connectionString: dsn })
    await client.connect()
    client.on('error', () => undefined)
    return {
      dsn,
      async hasBegun() {
        const found = await client.query("select to_regclass('firebrand_migration_lock') as it")
        return found.rows[0].it !== null
      },
      async drop() {
        await client.end()
        await database.drop()
      },
    }
  },
}

describe.each(Object.entries(targets))('migrations that are interrupted (%s)', (name, create) => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebrand-migrations-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function start({ dsn }: Target) {
    const file = join(folder, `${crypto.randomUUID()}.json`)
    await writeFile(file, JSON.stringify({ dsn }))
    return spawn(process.execPath, [cli, 'migrate', 'up', '--yes', '--config', file], {
      stdio: 'ignore',
    })
  }

  async function applied({ dsn }: Target): Promise<readonly [number, number]> {
    const status = await migrationStatus({ dsn, log })
    return [status.filter(({ appliedAt }) => appliedAt !== undefined).length, status.length]
  }

  it(
    'are applied whole or not at all when their process is killed, and can be run again',
    async () => {
      const seen: string[] = []
      for (let round = 0; round < 5 * testScale; round += 1) {
        const target = await create(folder)
        const child = await start(target)
        const exited = once(child, 'exit')
        while (child.exitCode === null && !(await target.hasBegun())) await delay(1)
        await delay((round % 12) * 8)
        child.kill('SIGKILL')
        await exited
        const [done, all] = await applied(target)
        expect([0, all]).toContain(done)
        seen.push(`${done}/${all}`)
        expect(await once(await start(target), 'exit')).toEqual([0, null])
        expect(await applied(target)).toEqual([all, all])
        await target.drop()
      }
      process.stdout.write(`killed migrations, ${name}: ${seen.join(' ')}\n`)
    },
    60_000 * testScale,
  )

  it('are applied once when three processes start them at the same moment', async () => {
    const target = await create(folder)
    const children = await Promise.all([start(target), start(target), start(target)])
    const codes = await Promise.all(children.map((child) => once(child, 'exit')))
    expect(codes.flat()).toEqual([0, null, 0, null, 0, null])
    const [done, all] = await applied(target)
    expect(done).toBe(all)
    await target.drop()
  }, 60_000)
})
