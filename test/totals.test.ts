import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const wrapper = fileURLToPath(new URL('../scripts/test.ts', import.meta.url))
const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
const vitest = `import { beforeAll, expect, it } from 'vitest'\n`

const cases = [
  {
    it: 'counts passed and failed tests of all files',
    files: [`it('a', () => {}); it('b', () => {})`, `it('c', () => expect(1).toBe(2))`],
    expect: { status: 1, last: '2 passed, 1 failed' },
  },
  {
    it: 'succeeds when all pass',
    files: [`it('a', () => {})`],
    expect: { status: 0, last: '1 passed, 0 failed' },
  },
  {
    it: 'counts a file that does not load as a failure',
    files: [`it('a', () => {})`, `throw new Error('broken')`],
    expect: { status: 1, last: '1 passed, 1 failed' },
  },
  {
    it: 'counts a hook that fails as a failure',
    files: [
      `it('a', () => {})`,
      `beforeAll(() => { throw new Error('broken') }); it('b', () => {})`,
    ],
    expect: { status: 1, last: '1 passed, 1 failed' },
  },
  {
    it: 'counts a rejection that nobody handled as a failure',
    files: [`it('a', () => { void Promise.reject(new Error('broken')) })`],
    expect: { status: 1, last: '1 passed, 1 failed' },
  },
  {
    it: 'fails when there is no test',
    files: [],
    expect: { status: 1, last: '0 passed, 0 failed' },
  },
] as const

describe('scripts/test.ts', () => {
  let project: string
  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), 'firebrand-totals-'))
    await symlink(modules, join(project, 'node_modules'))
  })
  afterEach(() => rm(project, { recursive: true, force: true }))

  for (const c of cases) {
    it(c.it, async () => {
      for (const [index, text] of c.files.entries()) {
        await writeFile(join(project, `${index}.test.ts`), vitest + text)
      }
      const { status, stdout } = spawnSync(process.execPath, [wrapper, '--root', project], {
        cwd: project,
        encoding: 'utf8',
      })
      expect({ status, last: stdout.trimEnd().split('\n').at(-1) }).toEqual(c.expect)
    })
  }
})
