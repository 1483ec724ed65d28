/** Builds the command line from the table of commands and runs it. */

import { Command, CommanderError } from 'commander'
import { StorageUnavailable } from '../storage/storage.ts'
import { CliError, type Cli } from './cli.ts'
import { commands, groups, type Row } from './commands.ts'

/**
 * Runs one command line.
 * @param args without the names of the interpreter and the script.
 * @returns the exit code: 0, or 1 after any failure.
 */
export async function runProgram(cli: Cli, args: readonly string[]): Promise<number> {
  try {
    const program = await buildProgram(cli, wantedRows(args))
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1
    if (error instanceof StorageUnavailable) {
      cli.stderr(`The database cannot be used: ${error.message}\n`)
      return 1
    }
    if (!(error instanceof CliError)) throw error
    if (error.message !== '') cli.stderr(`${error.message}\n`)
    return 1
  }
}

/** The rows under the first word of the command line; all of them when it names none. */
function wantedRows(args: readonly string[]): readonly Row[] {
  const [first] = args
  const names = groups
    .filter(({ aliases }) => aliases?.includes(first ?? '') === true)
    .map((g) => g.path)
  const wanted = [first, ...names]
  const rows = commands.filter(({ path }) => wanted.includes(path.split(' ')[0]))
  return rows.length === 0 ? commands : rows
}

/** The command tree of the given rows, with what commander needs to report to `cli` and never to exit. */
export async function buildProgram(cli: Cli, rows: readonly Row[] = commands): Promise<Command> {
  const program = new Command('firebrand')
    .description('Self-hosted OAuth 2.0 authorization server and OpenID Connect provider')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.stdout(text),
      writeErr: (text) => cli.stderr(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'Error: ')),
    })
    .showHelpAfterError()
    .helpCommand(true)
  const made = new Map<string, Command>([['', program]])
  for (const row of rows) {
    const words = row.path.split(' ')
    const name = words.at(-1) ?? ''
    const parent = groupAt(made, words.slice(0, -1))
    const command = (await row.load())(cli, name)
    attach(parent, command, row)
  }
  return program
}

function groupAt(made: Map<string, Command>, words: readonly string[]): Command {
  const path = words.join(' ')
  const present = made.get(path)
  if (present !== undefined) return present
  const parent = groupAt(made, words.slice(0, -1))
  const group = groups.find((each) => each.path === path)
  const command = new Command(words.at(-1)).description(group?.about ?? '')
  group?.flags?.(command)
  attach(parent, command, group ?? {})
  made.set(path, command)
  return command
}

function attach(
  parent: Command,
  command: Command,
  { aliases = [], hidden = false }: Partial<Pick<Row, 'aliases' | 'hidden'>>,
): void {
  command.copyInheritedSettings(parent).aliases(aliases)
  const fallback = groups.find(({ path }) => path === pathOf(parent))?.fallback
  parent.addCommand(command, { hidden, isDefault: fallback === command.name() })
}

/** Words that lead to a command, without the program's name. */
export function pathOf(command: Command): string {
  if (command.parent === null) return ''
  return [pathOf(command.parent), command.name()].filter((word) => word !== '').join(' ')
}
