/** The text of docs/cli.md, made from the table of commands. */

import type { Command, Option } from 'commander'
import type { Cli } from './cli.ts'
import { commands } from './commands.ts'
import { buildProgram, pathOf } from './program.ts'

/** Markdown that describes every command with its arguments and flags. */
export async function renderCliReference(): Promise<string> {
  const program = await buildProgram(noTerminal)
  const visible = leavesOf(program).filter((command) => !hidden.has(pathOf(command)))
  return [introduction, ...visible.map(renderCommand)].join('\n')
}

const hidden = new Set(commands.filter((row) => row.hidden === true).map(({ path }) => path))

/** Commands are only described here, never run. */
const noTerminal: Cli = {
  program: 'firebrand',
  env: {},
  isInteractive: false,
  stdout() {},
  stderr() {},
  readStdin: async () => '',
  ask: async () => '',
}

const introduction = `# Command line

<!-- Generated from src/cli/commands.ts by npm run fix. Do not edit. -->

Results go to the standard output, everything else to the standard error. The exit code is 0, or 1 after any failure.

Commands of the API talk to a running server: \`--endpoint\` (or \`ORY_SDK_URL\`) is the **admin** URL, such as
\`http://127.0.0.1:4445\`, but for \`perform\` and \`revoke\` the **public** URL, such as \`http://127.0.0.1:4444\`. Where the admin API asks for
a token, give \`--token\` or \`FIREBRAND_ADMIN_TOKEN\`. Lists take several values between commas, or the flag several times.

\`--format\` is \`table\`, \`json\`, \`json-pretty\`, \`yaml\`, \`jsonpath=<path>\` (\`jsonpath=items.#.client_id\`) or \`jsonpointer=<pointer>\`
(RFC 6901); \`--quiet\` prints ids only.
`

function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf)
}

function renderCommand(command: Command): string {
  const options = [...optionsOfParents(command), ...command.options]
  const aliases = command.aliases().map((alias) => `\`${alias}\``)
  const usage = `firebrand ${pathOf(command)} ${command.usage()}`
  return [
    `## ${pathOf(command)}\n`,
    `${sentence(command.description())}${aliases.length === 0 ? '' : ` Also: ${aliases.join(', ')}.`}\n`,
    `\`\`\`\n${usage}\n\`\`\`\n`,
    ...(options.length === 0
      ? []
      : [`| Flag | Meaning |\n|---|---|\n${options.map(row).join('')}`]),
  ].join('\n')
}

function optionsOfParents(command: Command): readonly Option[] {
  const { parent } = command
  return parent === null ? [] : [...optionsOfParents(parent), ...parent.options]
}

function row(option: Option): string {
  const shown = option.defaultValueDescription ?? (option.defaultValue as unknown)
  const byDefault =
    shown === undefined || option.negate
      ? ''
      : ` Default: \`${typeof shown === 'string' ? shown : JSON.stringify(shown)}\`.`
  const meaning = `${sentence(option.description)}${byDefault}`
  return `| \`${option.flags}\` | ${meaning.replaceAll('|', '\\|').replaceAll('<', '&lt;')} |\n`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
