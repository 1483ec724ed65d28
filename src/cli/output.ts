/** Prints results in the formats of `--format`. */

import { InvalidArgumentError, Option, type Command } from 'commander'
import { assertNever } from '../result.ts'
import type { Cli } from './cli.ts'

const plainFormats = ['table', 'json', 'json-pretty', 'yaml'] as const
type PlainFormat = (typeof plainFormats)[number]

/** `--format` as parsed. */
export type Format =
  | { readonly kind: PlainFormat }
  | { readonly kind: 'jsonpath' | 'jsonpointer'; readonly path: string }

/** Flags that say how results are printed. */
export interface OutputOptions {
  readonly format: Format
  readonly quiet?: true
}

/** A result: how it looks as a table, as JSON, and which ids `-q` prints. */
export interface Output {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Whether the table is for one object: one line per column. */
  readonly single: boolean
  readonly ids: readonly string[]
  readonly json: unknown
  /** Lines below a table. */
  readonly footer?: readonly (readonly string[])[]
}

/** Adds `-q` and `--format`. */
export function withOutput(command: Command): Command {
  return command
    .option('-q, --quiet', 'print ids only')
    .addOption(
      new Option(
        '--format <format>',
        'format: table, json, json-pretty, yaml, jsonpath=<path> or jsonpointer=<pointer>',
      )
        .default({ kind: 'table' } satisfies Format, 'table')
        .argParser(parseFormat),
    )
}

function parseFormat(text: string): Format {
  const plain = plainFormats.find((format) => format === text)
  if (plain !== undefined) return { kind: plain }
  const [, kind, path] = /^(jsonpath|jsonpointer)=(.*)$/.exec(text) ?? []
  if ((kind === 'jsonpath' || kind === 'jsonpointer') && path !== undefined) return { kind, path }
  throw new InvalidArgumentError(
    `Formats are ${plainFormats.join(', ')}, jsonpath=<path> and jsonpointer=<pointer>.`,
  )
}

/** Prints a result on the standard output. */
export async function print(cli: Cli, options: OutputOptions, output: Output): Promise<void> {
  if (options.quiet === true) {
    cli.stdout(output.ids.map((id) => `${id}\n`).join(''))
    return
  }
  cli.stdout(`${await render(options.format, output)}\n`)
}

async function render(format: Format, output: Output): Promise<string> {
  switch (format.kind) {
    case 'table':
      return renderTable(output)
    case 'json':
      return JSON.stringify(output.json)
    case 'json-pretty':
      return JSON.stringify(output.json, undefined, 2)
    case 'yaml': {
      const { stringify } = await import('yaml')
      return stringify(plain(output.json), { lineWidth: 0 }).trimEnd()
    }
    case 'jsonpath':
      return JSON.stringify(atPath(plain(output.json), format.path) ?? null)
    case 'jsonpointer':
      return JSON.stringify(atPointer(plain(output.json), format.path) ?? null)
    default:
      return assertNever(format)
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null))
}

function renderTable({ columns, rows, single, footer }: Output): string {
  const [first] = rows
  const lines = single ? columns.map((name, i) => [name, first?.[i] ?? '']) : [columns, ...rows]
  return align([...lines, ...(footer ?? [])])
}

const tab = 8

/** Columns padded with tab characters, so that they line up and are easily cut. */
function align(lines: readonly (readonly string[])[]): string {
  const count = Math.max(...lines.map((line) => line.length))
  const widths = Array.from({ length: count }, (_, i) => {
    const longest = Math.max(...lines.map((line) => line[i]?.length ?? 0))
    return (Math.floor(longest / tab) + 1) * tab
  })
  return lines
    .map((line) =>
      line
        .map((cell, i) => {
          if (i === line.length - 1) return cell
          const room = (widths[i] ?? tab) - cell.length
          return cell + '\t'.repeat(Math.max(1, Math.ceil(room / tab)))
        })
        .join(''),
    )
    .join('\n')
}

/** A cell for text that may be missing. */
export function cell(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(String).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Steps of a dotted path as in gjson: names, positions, `#` for each element (last: the count), `\.` for a dot in a name. */
function atPath(value: unknown, path: string): unknown {
  const steps = path.match(/(?:\\.|[^.\\])+/g)?.map((step) => step.replaceAll(/\\(.)/g, '$1')) ?? []
  return follow(value, steps)
}

function follow(value: unknown, steps: readonly string[]): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return value
  if (step === '#' && Array.isArray(value)) {
    if (rest.length === 0) return value.length
    return value.map((each: unknown) => follow(each, rest)).filter((each) => each !== undefined)
  }
  return follow(member(value, step), rest)
}

/** RFC 6901. */
function atPointer(value: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1)
  return steps.reduce(
    (node, step) => member(node, step.replaceAll('~1', '/').replaceAll('~0', '~')),
    value,
  )
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Readonly<Record<string, unknown>>)[name]
}

/** How the ids of ended or deleted things are printed. */
export function idsOutput(ids: readonly string[], single: boolean): Output {
  return {
    columns: ['ID'],
    rows: ids.map((id) => [id]),
    single,
    ids,
    json: single ? ids[0] : ids,
  }
}
