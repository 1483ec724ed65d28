import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const runner = fileURLToPath(new URL('../scripts/run.mjs', import.meta.url))
const packages = {
  '': { name: 'project' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-o', optional: true },
}

describe('scripts/run.mjs', () => {
  let project: string

  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), 'firebrand-run-'))
    await mkdir(join(project, 'scripts'))
    await mkdir(join(project, 'bin'))
    await cp(runner, join(project, 'scripts', 'run.mjs'))
    await writeFile(join(project, 'package-lock.json'), JSON.stringify({ packages }))
    // Stands in for npm: notes that it was called and installs what the lock file asks for.
    await writeFile(
      join(project, 'bin', 'npm'),
      `#!/bin/sh
echo "npm $*"
mkdir -p node_modules/node/bin
cp package-lock.json node_modules/.package-lock.json
ln -sf ${process.execPath} node_modules/node/bin/node
`,
    )
    await chmod(join(project, 'bin', 'npm'), 0o755)
  })
  afterEach(() => rm(project, { recursive: true, force: true }))

  function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, [join(project, 'scripts', 'run.mjs'), ...args], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(project, 'bin')}:${process.env['PATH']}` },
    })
  }

  async function lockA(version: string): Promise<void> {
    const changed = { ...packages, 'node_modules/a': { version, integrity: 'sha512-b' } }
    await writeFile(join(project, 'package-lock.json'), JSON.stringify({ packages: changed }))
  }

  it('installs the dependencies of a fresh clone, then runs the script', () => {
    const { status, stdout, stderr } = run('-p', '6 * 7')
    expect(status).toBe(0)
    expect(stdout).toBe('42\n')
    expect(stderr).toContain('npm ci')
  })

  it('installs nothing when the dependencies are there', () => {
    run('-p', '1')
    expect(run('-p', '2')).toMatchObject({ status: 0, stdout: '2\n', stderr: '' })
  })

  it('installs again when the lock file changed', async () => {
    run('-p', '1')
    await lockA('1.0.1')
    expect(run('-p', '2').stderr).toContain('npm ci')
    expect(run('-p', '3').stderr).toBe('')
  })

  it('installs again when the pinned Node.js is missing', async () => {
    run('-p', '1')
    await rm(join(project, 'node_modules', 'node', 'bin', 'node'))
    expect(run('-p', '2')).toMatchObject({ status: 0, stdout: '2\n' })
  })

  it('does not touch dependencies that are a link to those of another folder', async () => {
    run('-p', '1')
    await rename(join(project, 'node_modules'), join(project, 'elsewhere'))
    await symlink(join(project, 'elsewhere'), join(project, 'node_modules'))
    expect(run('-p', '2')).toMatchObject({ status: 0, stderr: '' })
    await lockA('1.0.1')
    expect(run('-p', '3')).toMatchObject({ status: 1, stdout: '' })
    expect(await readFile(join(project, 'elsewhere', '.package-lock.json'), 'utf8')).toBe(
      JSON.stringify({ packages }),
    )
  })

  it('says so when npm ci fails', async () => {
    await writeFile(join(project, 'bin', 'npm'), '#!/bin/sh\nexit 1\n')
    const { status, stderr } = run('-p', '1')
    expect(status).toBe(1)
    expect(stderr).toContain('npm ci failed')
  })

  it('takes the Node.js that runs it where the pinned one does not start', async () => {
    const npm = await readFile(join(project, 'bin', 'npm'), 'utf8')
    const broken = npm.replace(
      /^ln .*$/m,
      'echo "exit 127" > node_modules/node/bin/node; chmod +x node_modules/node/bin/node',
    )
    await writeFile(join(project, 'bin', 'npm'), broken)
    const first = run('-p', 'process.version')
    expect(first).toMatchObject({ status: 0, stdout: `${process.version}\n` })
    expect(first.stderr).toContain('does not start here')
    expect(run('-p', '2')).toMatchObject({ status: 0, stdout: '2\n', stderr: '' })
  })

  it('passes the exit code on', () => {
    expect(run('-e', 'process.exit(7)').status).toBe(7)
    expect(run('-e', 'process.kill(process.pid, "SIGKILL")').status).toBe(137)
  })

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    it(`passes ${signal} on`, async () => {
      run('-p', '1')
      const script = `process.on('${signal}', () => process.exit(7)); setInterval(() => {}, 1e6); console.log('up')`
      const child = spawn(process.execPath, [join(project, 'scripts', 'run.mjs'), '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      child.kill(signal)
      expect(await once(child, 'exit')).toEqual([7, null])
    })
  }
})
