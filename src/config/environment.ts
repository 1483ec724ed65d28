/** Configuration from environment variables: the dotted path of a key in upper case, with `_` for `.`. */

import { configKeys, type ConfigKey, type ValueKind } from './schema-keys.ts'
import { assertNever } from '../result.ts'
import { deepMerge, isTree, updateAt, type Tree } from './tree.ts'

/** A tree, and which variable a dotted path got its value from. */
export interface EnvironmentResult {
  readonly tree: Tree
  readonly variables: ReadonlyMap<string, string>
}

interface Assignment {
  readonly variable: string
  readonly path: readonly string[]
  /** Position of an array element (`SECRETS_SYSTEM_0`). */
  readonly index: number | undefined
  readonly value: unknown
}

/** Generic names that other software sets; the keys have no effect here. */
const ignored = new Set(['version', 'profiling'])

/**
 * Lays the variables that name a key over the tree. Others, and empty ones, are ignored.
 * A variable for a section is merged before those for its keys, so that the more exact name wins.
 */
export function applyEnvironment(
  tree: Tree,
  env: Readonly<Record<string, string | undefined>>,
): EnvironmentResult {
  const keys = new Map(configKeys().map((key) => [normalised(key.path.join('.')), key]))
  const assignments = Object.entries(env)
    .flatMap(([variable, text]) =>
      text === undefined || text === '' ? [] : assignment(keys, variable, text),
    )
    .sort((a, b) => a.path.length - b.path.length || (a.index ?? -1) - (b.index ?? -1))
  return {
    tree: assignments.reduce(assign, tree),
    variables: new Map(assignments.map(({ path, variable }) => [path.join('.'), variable])),
  }
}

/** `Serve.Public_X` and `SERVE_PUBLIC_X` name the same key. */
function normalised(name: string): string {
  return name.toLowerCase().replaceAll('_', '.')
}

function assignment(
  keys: ReadonlyMap<string, ConfigKey>,
  variable: string,
  text: string,
): readonly Assignment[] {
  const name = normalised(variable)
  if (ignored.has(name)) return []
  const key = keys.get(name)
  if (key !== undefined) {
    return [{ variable, path: key.path, index: undefined, value: parseValue(key.kind, text) }]
  }
  const [, array, index] = /^(.+)\.(\d{1,3})$/.exec(name) ?? []
  const list = keys.get(array ?? '')
  if (list?.kind !== 'list') return []
  return [{ variable, path: list.path, index: Number(index), value: text }]
}

function assign(tree: Tree, { path, index, value }: Assignment): Tree {
  // A hook may be written as a bare URL; naming one of its members turns it into the object form.
  const base = path
    .slice(0, -1)
    .reduce((made, _, i) => updateAt(made, path.slice(0, i + 1), asObject), tree)
  return updateAt(base, path, (present) => {
    if (index !== undefined) return withElement(present, index, value)
    return isTree(present) && isTree(value) ? deepMerge(present, value) : value
  })
}

function asObject(present: unknown): unknown {
  if (typeof present === 'string') return { url: present }
  return present ?? {}
}

function withElement(present: unknown, index: number, value: unknown): readonly unknown[] {
  const list: unknown[] = Array.isArray(present) ? [...(present as readonly unknown[])] : []
  list[index] = value
  // Array.from turns holes into undefined, which the schema then reports at their index.
  return Array.from(list)
}

/** Parses a variable as its key's type wants it. What cannot be parsed is left to the schema to report. */
function parseValue(kind: ValueKind, text: string): unknown {
  switch (kind) {
    case 'text':
      return text
    case 'boolean':
      return parseBoolean(text)
    case 'number':
      return parseNumber(text)
    case 'list':
      return parseList(text)
    case 'json':
      return parseObject(text)
    default:
      return assertNever(kind)
  }
}

/** As Go's strconv.ParseBool; anything it does not know is false. */
function parseBoolean(text: string): boolean {
  return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)
}

function parseNumber(text: string): number {
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : 0
}

/** A JSON array, or else one CSV record. A lone JSON number or word is a record too: it may be an all-digit secret. */
function parseList(text: string): unknown {
  const json = parseJson(text)
  return typeof json === 'object' && json !== null ? json : parseCsvRecord(text)
}

function parseObject(text: string): unknown {
  return parseJson(text) ?? text
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Not JSON is one of the two accepted forms, not an error.
    return undefined
  }
}

/** One record of RFC 4180: commas separate, quotes protect, spaces are kept. */
function parseCsvRecord(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}
