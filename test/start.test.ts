import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bundle } from '../scripts/bundle.ts'
import { youngGenerationFlag } from '../src/cli/heap.ts'
import { killCliServers, startCliServer } from './support/cli-server.ts'
import { mainOfSource, runCli } from './support/cli.ts'
import { describeEachEngine } from './support/engines.ts'
import type { WatchedProcess } from './support/watch-process.ts'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'firebrand-start-'))
const watch = pathToFileURL(join(import.meta.dirname, 'support/watch-process.ts')).href

afterAll(() => {
  killCliServers()
  rmSync(folder, { recursive: true, force: true })
})

const production = {
  SECRETS_SYSTEM: 'a secret of at least sixteen characters',
  URLS_SELF_ISSUER: 'https://auth.example/',
  URLS_LOGIN: 'https://app.example/login',
  URLS_CONSENT: 'https://app.example/consent',
  LOG_FORMAT: 'text',
}

interface ServeOptions {
  readonly main?: string
  readonly workers?: number
  readonly env?: Readonly<Record<string, string>>
  /** Done while the server is there. */
  readonly ask?: (publicUrl: string) => Promise<void>
}

/** The processes of a production server that was started, asked and ended. */
async function processesOfServe(
  dsn: string,
  { main = mainOfSource, workers = 1, env = {}, ask }: ServeOptions = {},
): Promise<readonly WatchedProcess[]> {
  const reports = mkdtempSync(join(folder, 'run-'))
  const base = { ...production, DSN: dsn, SERVE_WORKERS: String(workers) }
  const migrated = await runCli(['migrate', 'up', '--yes'], { env: base, main })
  expect(migrated.code).toBe(0)
  const watching = { NODE_OPTIONS: `--import=${watch}`, WATCHED: reports }
  const server = await startCliServer([], { env: { ...base, ...watching, ...env }, main })
  const { status } = await fetch(`${server.adminUrl}/health/ready`)
  await ask?.(server.publicUrl)
  expect(await server.stop()).toBe(0)
  expect(status).toBe(200)
  return readdirSync(reports).map(
    (name) => JSON.parse(readFileSync(join(reports, name), 'utf8')) as WatchedProcess,
  )
}

/** The files that a server of one process loads. */
async function filesOfServe(dsn: string, options?: ServeOptions): Promise<readonly string[]> {
  const [only, ...others] = await processesOfServe(dsn, options)
  expect(others).toEqual([])
  return only?.files ?? []
}

/** What no server needs to become ready. */
const neverNeeded = [
  /\/cli\/commands\/(?!serve\.ts$)/u,
  /\/cli\/serve\/(?:worker|supervise|crew|welcome)\.ts$/u,
  /\/sdk\//u,
  /\/story(?:book)?\b/u,
  /\/node_modules\/(?:prom-client|yaml|smol-toml|pg-native)\//u,
]

const notNeededOn = {
  sqlite: /\/sql\/postgres\/engine\.ts$|\/node_modules\/pg\//u,
  postgres: /\/sql\/sqlite\/engine\.ts$|^node:sqlite$/u,
}

describeEachEngine('serve', (engine) => {
  it('loads nothing of the other engine, of other commands and of formats that nobody asked for', async () => {
    const files = await filesOfServe(engine.dsn)
    for (const pattern of [...neverNeeded, notNeededOn[engine.name]]) {
      expect(files.filter((file) => pattern.test(file))).toEqual([])
    }
    expect(files.filter((file) => file.endsWith(`/sql/${engine.name}/engine.ts`))).toHaveLength(1)
  })
})

describe('the package', () => {
  const target = join(folder, 'package', 'dist')
  const main = join(target, 'cli/main.js')
  const dsn = `sqlite://${join(folder, 'package.sqlite')}`

  beforeAll(async () => {
    mkdirSync(target, { recursive: true })
    writeFileSync(join(folder, 'package', 'package.json'), '{ "type": "module" }')
    symlinkSync(join(root, 'node_modules'), join(folder, 'package', 'node_modules'))
    await bundle(target)
  })

  it('serves, pages and their files too, from less than a hundred files', async () => {
    const files = await filesOfServe(dsn, {
      main,
      ask: async (publicUrl) => {
        const page = await fetch(`${publicUrl}/nowhere`, { headers: { accept: 'text/html' } })
        const [, stylesheet] = /href="([^"]+\.css)"/u.exec(await page.text()) ?? []
        const answer = await fetch(new URL(stylesheet ?? 'none', publicUrl))
        expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8')
        await answer.body?.cancel()
      },
    })
    expect(files.filter((file) => file.startsWith('file:')).length).toBeLessThan(100)
  })

  it('runs every command', async () => {
    const { stdout, code } = await runCli(['help', 'create'], { main })
    expect({ stdout, code }).toMatchObject({ code: 0, stdout: expect.stringContaining('jwk') })
  })

  it('carries the licences of what is in it', () => {
    const text = readFileSync(join(target, 'third-party-licenses.txt'), 'utf8')
    for (const name of ['hono', 'jose', 'kysely', 'zod'])
      expect(text).toMatch(new RegExp(`^${name} \\d`, 'mu'))
  })
})

describe('compiled code', () => {
  const caches = (name: string, mode: number): { readonly path: string; readonly env: object } => {
    const path = join(folder, name, 'firebrand', 'compile-cache')
    mkdirSync(path, { recursive: true })
    chmodSync(path, mode)
    return { path, env: { NODE_COMPILE_CACHE: '', XDG_CACHE_HOME: join(folder, name) } }
  }

  it('is kept as soon as a server is ready, so that one that is killed starts quickly again', async () => {
    const { path, env } = caches('own', 0o700)
    const server = await startCliServer(['--dev'], { env: { ...env, DSN: 'memory' } })
    const kept = () => readdirSync(path, { recursive: true })
    await vi.waitFor(() => expect(kept().length).toBeGreaterThan(50), 10_000)
    await server.stop('SIGKILL')
  })

  it('is not kept, nor run, where others may write', async () => {
    const { path, env } = caches('open', 0o777)
    const { code } = await runCli(['version'], { env: { ...env } })
    expect(code).toBe(0)
    expect(readdirSync(path)).toEqual([])
  })

  it('is not needed', async () => {
    const env = { NODE_COMPILE_CACHE: '', XDG_CACHE_HOME: '/dev/null' }
    const { code, stderr } = await runCli(['version'], { env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

describe('the heap', () => {
  const dsn = `sqlite://${join(folder, 'heap.sqlite')}`

  it('is kept small in every process of a server', async () => {
    const flags = (await processesOfServe(dsn, { workers: 2 })).map((each) => each.flags)
    expect(flags).toHaveLength(3)
    for (const each of flags) expect(each).toContain(youngGenerationFlag)
  }, 60_000)

  it('is left to the operator who says how large it may be', async () => {
    const env = { NODE_OPTIONS: `--import=${watch} --max-semi-space-size=32` }
    const [only] = await processesOfServe(dsn, { env })
    expect(only?.flags).toEqual([])
  })
})
