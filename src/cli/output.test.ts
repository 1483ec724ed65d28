import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import type { Cli } from './cli.ts'
import { print, withOutput, type Output, type OutputOptions } from './output.ts'

const one: Output = {
  columns: ['CLIENT ID', 'SCOPE'],
  rows: [['a', 'openid']],
  single: true,
  ids: ['a'],
  json: { client_id: 'a', 'dotted.name': { list: [{ id: 1 }, { id: 2 }, {}] }, 'a/b': 'slash' },
}
const many: Output = {
  columns: ['CLIENT ID', 'SCOPE'],
  rows: [
    ['a-long-client-id', 'openid'],
    ['b', 'offline'],
  ],
  single: false,
  ids: ['a', 'b'],
  json: [{ client_id: 'a' }, { client_id: 'b' }],
  footer: [['IS LAST PAGE', 'true']],
}

async function printed(output: Output, ...flags: readonly string[]): Promise<string> {
  let text = ''
  const cli: Cli = {
    program: 'firebrand',
    env: {},
    isInteractive: false,
    stdout: (more) => {
      text += more
    },
    stderr: () => undefined,
    readStdin: async () => '',
    ask: async () => '',
  }
  const command = withOutput(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  command.action((options: OutputOptions) => print(cli, options, output))
  await command.parseAsync(flags, { from: 'user' })
  return text
}

describe('print', () => {
  it('shows one object as a line for each column', async () => {
    expect(await printed(one)).toBe('CLIENT ID\ta\nSCOPE\t\topenid\n')
  })
  it('shows several objects as rows below a header', async () => {
    expect(await printed(many)).toBe(
      'CLIENT ID\t\tSCOPE\na-long-client-id\topenid\nb\t\t\toffline\nIS LAST PAGE\t\ttrue\n',
    )
  })
  it.each([
    [['-q'], 'a\n'],
    [['--quiet', '--format', 'json'], 'a\n'],
    [['--format', 'json'], `${JSON.stringify(one.json)}\n`],
    [['--format', 'json-pretty'], `${JSON.stringify(one.json, undefined, 2)}\n`],
    [['--format=jsonpath=client_id'], '"a"\n'],
    [['--format=jsonpath=dotted\\.name.list.1.id'], '2\n'],
    [['--format=jsonpath=dotted\\.name.list.#'], '3\n'],
    [['--format=jsonpath=dotted\\.name.list.#.id'], '[1,2]\n'],
    [['--format=jsonpath=constructor'], 'null\n'],
    [['--format=jsonpointer=/dotted.name/list/0/id'], '1\n'],
    [['--format=jsonpointer=/a~1b'], '"slash"\n'],
    [['--format=jsonpointer='], `${JSON.stringify(one.json)}\n`],
  ])('prints with %j', async (flags, expected) => {
    expect(await printed(one, ...flags)).toBe(expected)
  })
  it('prints YAML', async () => {
    expect(await printed(many, '--format', 'yaml')).toBe('- client_id: a\n- client_id: b\n')
  })
  it('prints ids, one a line', async () => {
    expect(await printed(many, '-q')).toBe('a\nb\n')
  })
  it('refuses an unknown format', async () => {
    await expect(printed(one, '--format', 'xml')).rejects.toThrow('Formats are table')
  })
})
