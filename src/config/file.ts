/** Reads configuration files. Messages name the place, never the text: it may be a secret. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import type { parseDocument, LineCounter, ScalarTag } from 'yaml'
import type { parse as parseTomlType } from 'smol-toml'
import { err, ok, type Result } from '../result.ts'
import { isTree, type Tree } from './tree.ts'

/** Why a file could not be used. */
export interface FileError {
  readonly file: string
  readonly reason: string
}

type Parser = (text: string) => Result<unknown, string>

const parsers: Readonly<Record<string, Parser>> = {
  '.json': parseJson,
  '.yaml': parseYaml,
  '.yml': parseYaml,
  '.toml': parseToml,
}

/** Reads one file in the format that its extension names. An empty file is an empty map. */
export function readConfigFile(file: string): Result<Tree, FileError> {
  const extension = extname(file)
  const parse = parsers[extension.toLowerCase()]
  if (parse === undefined) {
    return err({ file, reason: `unknown config file extension: ${extension}` })
  }
  const text = readText(file)
  const parsed = text.ok ? parse(text.value) : text
  if (!parsed.ok) return err({ file, reason: parsed.error })
  if (parsed.value === null || parsed.value === undefined) return ok({})
  return isTree(parsed.value)
    ? ok(parsed.value)
    : err({ file, reason: 'must hold a map of keys at the top' })
}

function readText(file: string): Result<string, string> {
  try {
    return ok(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    return err(code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`)
  }
}

function parseJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text === '' ? 'null' : text) as unknown)
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    return err(`is not valid JSON${position === undefined ? '' : at(text, Number(position))}`)
  }
}

function at(text: string, position: number): string {
  const lines = text.slice(0, position).split('\n')
  return ` (line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1})`
}

// The parsers are loaded when a file needs them: most starts have none, and starting must be quick.
const require = createRequire(import.meta.url)

interface YamlModule {
  readonly parseDocument: typeof parseDocument
  readonly LineCounter: typeof LineCounter
}

/** File modes are written as in YAML 1.1: a leading zero means octal. */
const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
}

function parseYaml(text: string): Result<unknown, string> {
  const { LineCounter, parseDocument } = require('yaml') as YamlModule
  const lineCounter = new LineCounter()
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    merge: true,
    customTags: (tags) => [octal, ...tags],
  })
  const [first] = document.errors
  if (first === undefined) return ok(document.toJS() as unknown)
  const { line, col } = lineCounter.linePos(first.pos[0])
  return err(`is not valid YAML (line ${line}, column ${col}: ${first.code})`)
}

function parseToml(text: string): Result<unknown, string> {
  const { parse } = require('smol-toml') as { readonly parse: typeof parseTomlType }
  try {
    return ok(parse(text))
  } catch (error) {
    if (!(error instanceof Error && 'line' in error && 'column' in error)) throw error
    return err(`is not valid TOML (line ${String(error.line)}, column ${String(error.column)})`)
  }
}
