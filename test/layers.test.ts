import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** `[folder of the importing file, import, whether lint must refuse it]` */
const cases = [
  ['protocol', '../result.ts', 'allowed'],
  ['protocol', './scope.ts', 'allowed'],
  ['protocol', '../keys/key-ring.ts', 'refused'],
  ['protocol', '../settings.ts', 'refused'],
  ['protocol', 'node:crypto', 'refused'],
  ['protocol', 'zod', 'refused'],
  ['keys', '../protocol/json.ts', 'allowed'],
  ['keys', 'jose', 'allowed'],
  ['keys', '../storage/storage.ts', 'allowed'],
  ['keys', '../grants/refresh-token.ts', 'refused'],
  ['keys', '../storage/sql/keys.ts', 'refused'],
  ['tokens', '../protocol/json.ts', 'allowed'],
  ['tokens', '../context.ts', 'allowed'],
  ['tokens', '../interaction/flow.ts', 'refused'],
  ['tokens', 'hono', 'refused'],
  ['storage', '../protocol/grant.ts', 'allowed'],
  ['storage', './sql/kysely-storage.ts', 'allowed'],
  ['storage', '../tokens/sealer.ts', 'refused'],
  ['storage', 'kysely', 'refused'],
  ['storage/sql', '../storage.ts', 'allowed'],
  ['storage/sql', '../../protocol/grant.ts', 'allowed'],
  ['storage/sql', 'kysely', 'allowed'],
  ['storage/sql', '../../grants/refresh-token.ts', 'refused'],
  ['storage/sql/sqlite', 'node:sqlite', 'allowed'],
  ['storage/sql/sqlite', '../../storage.ts', 'allowed'],
  ['storage/sql/sqlite', '../../../http/endpoint.ts', 'refused'],
  ['client-auth', '../storage/storage.ts', 'allowed'],
  ['client-auth', '../storage/sql/clients.ts', 'refused'],
  ['client-auth', '../http/public/token.ts', 'refused'],
  ['client-auth', '../clients/client-secret.ts', 'allowed'],
  ['client-auth', '../grants/exchange.ts', 'refused'],
  ['grants', '../client-auth/authenticate.ts', 'allowed'],
  ['grants', '../interaction/flow.ts', 'refused'],
  ['grants', '../tokens/mint.ts', 'allowed'],
  ['grants', '../http/public/token.ts', 'refused'],
  ['grants', 'hono/cookie', 'refused'],
  ['interaction', '../context.ts', 'allowed'],
  ['interaction', '../sessions/revoke.ts', 'allowed'],
  ['interaction', '../grants/exchange.ts', 'refused'],
  ['interaction', '../ui/login-page.ts', 'refused'],
  ['clients', '../protocol/client.ts', 'allowed'],
  ['clients', '../client-auth/authenticate.ts', 'refused'],
  ['clients', '../http/admin/clients.ts', 'refused'],
  ['trust', '../keys/key-ring.ts', 'allowed'],
  ['trust', '../grants/jwt-bearer.ts', 'refused'],
  ['sessions', '../storage/storage.ts', 'allowed'],
  ['sessions', '../cli/main.ts', 'refused'],
  ['accounts', '../storage/storage.ts', 'allowed'],
  ['accounts', '../clients/slow-hash.ts', 'allowed'],
  ['accounts', '../clients/parse-client.ts', 'refused'],
  ['accounts', '../ui/login-page.ts', 'refused'],
  ['http', '../grants/refresh-token.ts', 'allowed'],
  ['http', '../firebrand.ts', 'refused'],
  ['http/public', '../endpoint.ts', 'allowed'],
  ['http/public', '../../grants/refresh-token.ts', 'allowed'],
  ['http/public', '../../settings.ts', 'allowed'],
  ['http/public', '../../accounts/users.ts', 'refused'],
  ['http/admin', '../../storage/sql/clients.ts', 'refused'],
  ['http/admin', '../../cli/main.ts', 'refused'],
  ['http/admin', 'pg', 'refused'],
  ['ui', '../accounts/users.ts', 'allowed'],
  ['ui', '../http/endpoint.ts', 'allowed'],
  ['ui', '../http/respond.ts', 'allowed'],
  ['ui', '../firebrand.ts', 'refused'],
  ['ui', '../storage/sql/clients.ts', 'refused'],
  ['config', '../settings.ts', 'allowed'],
  ['config', '../firebrand.ts', 'refused'],
  ['sdk', '../protocol/client.ts', 'allowed'],
  ['sdk', 'node:fs', 'refused'],
  ['sdk', '../firebrand.ts', 'refused'],
  ['node', '../firebrand.ts', 'allowed'],
  ['node', '../cli/main.ts', 'refused'],
  ['cli', '../firebrand.ts', 'allowed'],
  ['cli', '../node/listen.ts', 'allowed'],
  ['cli', '../storage/sql/migrate.ts', 'allowed'],
  ['cli', '../storage/sql/queries.ts', 'refused'],
  ['cli/commands', '../../storage/sql/migrate.ts', 'allowed'],
  ['cli/commands', '../terminal.ts', 'allowed'],
  ['cli', 'node:sqlite', 'refused'],
  ['.', './storage/sql/kysely-storage.ts', 'allowed'],
  ['.', 'pg', 'refused'],
] as const

describe('the layers of src/', () => {
  let project: string
  let complaints: readonly { readonly code: string; readonly filename: string }[]

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'firebrand-layers-'))
    await Promise.all([
      ...['.oxlintrc.json', '.oxlintrc.layers.json'].map((name) =>
        cp(join(root, name), join(project, name)),
      ),
      ...cases.map(([folder, target], index) =>
        write(`src/${folder}/case-${index}.ts`, `export { thing } from '${target}'\n`),
      ),
      write('src/grants/environment.ts', `export const level = process.env['LEVEL']\n`),
      write('src/config/environment.ts', `export const level = process.env['LEVEL']\n`),
      write('src/protocol/clock.ts', `export const now = Date.now()\n`),
      write('src/protocol/dice.ts', `export const dice = Math.random()\n`),
      write('src/protocol/network.ts', `export const answer = fetch('https://example.com')\n`),
      write('src/grants/anything.test.ts', `export { thing } from '../firebrand.ts'\n`),
    ])
    complaints = await lint()
  })
  afterAll(() => rm(project, { recursive: true, force: true }))

  async function write(file: string, text: string): Promise<void> {
    await mkdir(dirname(join(project, file)), { recursive: true })
    await writeFile(join(project, file), text)
  }

  async function lint(): Promise<typeof complaints> {
    const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint')
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, [oxlint, '-f', 'json'], { cwd: project }, (_error, stdout) =>
        resolve(stdout),
      )
    })
    return JSON.parse(output).diagnostics
  }

  function rulesBrokenBy(file: string): readonly string[] {
    const path = join('src', file)
    return complaints.filter(({ filename }) => filename === path).map(({ code }) => code)
  }

  cases.forEach(([folder, target, verdict], index) => {
    it(`${folder}/ ${verdict === 'allowed' ? 'may' : 'must not'} import ${target}`, () => {
      const broken = rulesBrokenBy(`${folder}/case-${index}.ts`)
      expect(broken.includes('eslint(no-restricted-imports)')).toBe(verdict === 'refused')
    })
  })

  it('lets tests import anything', () => {
    expect(rulesBrokenBy('grants/anything.test.ts')).toEqual([])
  })

  it('lets only config/ read the environment', () => {
    expect(rulesBrokenBy('grants/environment.ts')).toEqual(['eslint(no-restricted-properties)'])
    expect(rulesBrokenBy('config/environment.ts')).toEqual([])
  })

  it('keeps the clock, randomness and the network out of protocol/', () => {
    expect(rulesBrokenBy('protocol/clock.ts')).toEqual(['eslint(no-restricted-properties)'])
    expect(rulesBrokenBy('protocol/dice.ts')).toEqual(['eslint(no-restricted-properties)'])
    expect(rulesBrokenBy('protocol/network.ts')).toEqual(['eslint(no-restricted-globals)'])
  })

  it('has a case for every folder', async () => {
    const table = await readFile(join(root, '.oxlintrc.layers.json'), 'utf8')
    const folders = [...table.matchAll(/"src\/([a-z/-]+)\/\*\.ts"/g)].map(([, folder]) => folder)
    const covered = new Set<string>(cases.map(([folder]) => folder))
    expect(folders.filter((folder) => !covered.has(folder ?? ''))).toEqual([])
  })
})
