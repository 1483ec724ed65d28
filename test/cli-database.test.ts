import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from './support/cli.ts'

const directory = mkdtempSync(join(tmpdir(), 'firebrand-cli-'))
let databases = 0
const newDatabase = () => `sqlite://${join(directory, `${++databases}.db`)}`

describe('firebrand migrate', () => {
  it('shows the plan, asks, applies it and then has nothing to do', async () => {
    const env = { DSN: newDatabase() }
    const before = await runCli(['migrate', 'sql', 'status', '--format', 'json'], { env })
    expect(JSON.parse(before.stdout)[0]).toEqual({
      version: '0001',
      name: 'initial',
      status: 'Pending',
    })
    const up = await runCli(['migrate', 'sql', 'up'], { env, stdin: 'y\n' })
    expect(up.code).toBe(0)
    expect(up.stdout).toContain('create table')
    expect(up.stderr).toContain('Do you wish to execute this migration plan? [y/n]: ')
    expect(up.stdout).toContain('Successfully applied migrations!')
    const after = await runCli(['migrate', 'status'], { env })
    expect(after.stdout).toMatch(/^Version\s+Name\s+Status\n0001\s+initial\s+Applied\n/)
    const again = await runCli(['migrate', 'up', '-e', '--yes'], { env })
    expect(again).toMatchObject({ code: 0, stderr: 'Nothing is pending.\n' })
  })
  it('changes nothing after a no, and exits with 0', async () => {
    const env = { DSN: newDatabase() }
    const up = await runCli(['migrate', 'sql', 'up'], { env, stdin: 'n\n' })
    expect(up.code).toBe(0)
    expect(up.stdout).not.toContain('Successfully')
    expect((await runCli(['migrate', 'status'], { env })).stdout).toContain('Pending')
  })
  it('takes the DSN as an argument, and the old form without a verb', async () => {
    const dsn = newDatabase()
    const up = await runCli(['migrate', 'sql', '--yes', dsn], { env: { DSN: 'memory' } })
    expect(up.stdout).toContain('Successfully applied migrations!')
    expect((await runCli(['migrate', 'status', dsn])).stdout).toContain('Applied')
  })
  it('takes the DSN from a file named before the verb', async () => {
    const file = join(directory, 'c.yaml')
    writeFileSync(file, `dsn: ${newDatabase()}\nsecrets: {}\nnot_a_key: 1\n`)
    const plan = await runCli(['migrate', '-c', file, 'sql', 'plan'])
    expect(plan).toMatchObject({ code: 0, stderr: '' })
    expect(plan.stdout).toContain('create table')
  })
  it('refuses a database that is not supported, without its password', async () => {
    const { code, stdout, stderr } = await runCli([
      'migrate',
      'status',
      'mysql://root:hush@tcp(db)/x',
    ])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('unsupported DSN type')
    expect(stderr).not.toContain('hush')
  })
  it('says that there is no way down', async () => {
    const { code, stderr } = await runCli(['migrate', 'sql', 'down', '--steps', '1', 'memory'])
    expect(code).toBe(1)
    expect(stderr).toContain('Migrations only go forward')
  })
  it('asks for a DSN', async () => {
    const { code, stderr } = await runCli(['migrate', 'status'])
    expect(code).toBe(1)
    expect(stderr).toContain('dsn must be set')
  })
})

describe('firebrand janitor', () => {
  it('reports each kind that was asked for', async () => {
    const { code, stdout } = await runCli([
      'janitor',
      'memory',
      '--tokens',
      '--requests',
      '--grants',
    ])
    expect(code).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' on ')[1]),
    ).toEqual(['access tokens', 'refresh tokens', 'login-consent requests', 'grants'])
  })
  it.each([
    [['memory'], 'at least one of --tokens'],
    [['memory', '--tokens', '--limit', '0'], 'whole number'],
    [['memory', '--tokens', '--limit', '1'], '--batch-size must not be above --limit'],
  ])('refuses %j', async (args, reason) => {
    const { code, stderr } = await runCli(['janitor', ...args])
    expect(code).toBe(1)
    expect(stderr).toContain(reason)
  })
  it('names the command to run when migrations are pending', async () => {
    const { code, stderr } = await runCli(['janitor', newDatabase(), '--tokens'])
    expect(code).toBe(1)
    expect(stderr).toContain('firebrand migrate up')
  })
})

describe('firebrand', () => {
  it('prints the help without an error', async () => {
    expect(await runCli(['--help'])).toMatchObject({ code: 0, stderr: '' })
  })
  it.each([[['nonsense']], [['create', '--nonsense']], [['create', 'client', '--format', 'xml']]])(
    'exits with 1 and prints the error once for %j',
    async (args) => {
      const { code, stdout, stderr } = await runCli(args)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr.match(/Error: /g)).toHaveLength(1)
    },
  )
  it('asks for an endpoint', async () => {
    const { code, stderr } = await runCli(['list', 'clients'])
    expect(code).toBe(1)
    expect(stderr).toBe('you have to set the remote endpoint, try --help for details\n')
  })
  it('prints a JSON Schema that marks secrets', async () => {
    const { stdout } = await runCli(['config', 'schema'])
    expect(JSON.parse(stdout).properties.secrets.properties.system.writeOnly).toBe(true)
  })
})
