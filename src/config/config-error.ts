/** Why a configuration was refused, and how that is printed. */

import type { z } from 'zod'
import type { FileError } from './file.ts'
import { childOf, holdsSecret, jsonSchema, objectOf } from './json-schema.ts'
import { isTree, valueAt } from './tree.ts'

/** One wrong key. */
export interface ConfigProblem {
  /** Dotted, array positions included. */
  readonly path: string
  /** As text, secrets redacted. */
  readonly value: string
  readonly rule: string
}

/** Why a configuration cannot be used. */
export type ConfigError =
  | ({ readonly kind: 'file' } & FileError)
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] }

/** The text for the standard error of a process that must not start. */
export function renderConfigError(error: ConfigError): string {
  if (error.kind === 'file') return `${error.file}: ${error.reason}\n`
  const blocks = error.problems.map(
    ({ path, value, rule }) => `${path}: ${value}\n${' '.repeat(path.length + 2)}^-- ${rule}\n`,
  )
  return `The configuration contains values or keys which are invalid:\n${blocks.join('\n')}`
}

/** Describes the issues of the schema, one problem for each wrong key. */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  tree: unknown,
  variables: ReadonlyMap<string, string>,
): readonly ConfigProblem[] {
  return issues.flatMap((issue) => {
    const paths =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => [...issue.path, key])
        : [issue.path]
    return paths.map((path) => problemAt(path, tree, variables, ruleOf(issue, path, tree)))
  })
}

/** One problem with the value that the tree holds at the path. */
export function problemAt(
  path: readonly PropertyKey[],
  tree: unknown,
  variables: ReadonlyMap<string, string>,
  rule: string,
): ConfigProblem {
  const dotted = path.map(String).join('.')
  const variable = path.map((_, i) =>
    variables.get(
      path
        .slice(0, i + 1)
        .map(String)
        .join('.'),
    ),
  )
  const source = variable.findLast((name) => name !== undefined)
  return {
    path: dotted,
    value: shown(path, valueAt(tree, path)),
    rule: source === undefined ? rule : `${rule} (set by ${source})`,
  }
}

function shown(path: readonly PropertyKey[], value: unknown): string {
  if (value === undefined) return '<nil>'
  if (path[0] === 'dsn' && typeof value === 'string') return redactedDsn(value)
  if (holdsSecret(path)) return '[redacted]'
  // A map may hold a misspelt secret.
  if (isTree(value)) return '{…}'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A data source name without its password. */
export function redactedDsn(dsn: string): string {
  return dsn
    .replace(/^([\w+.-]+:\/\/[^/?#]*?):.*@/s, '$1:[redacted]@')
    .replaceAll(/([?&]password=)[^&#]*/gi, '$1[redacted]')
}

function ruleOf(issue: z.core.$ZodIssue, path: readonly PropertyKey[], tree: unknown): string {
  if (issue.code === 'unrecognized_keys') return unknownKey(path)
  if (valueAt(tree, path) === undefined && issue.code !== 'custom') {
    return 'one or more required properties are missing'
  }
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') {
    return `must be one of ${issue.values.map(String).join(', ')}`
  }
  return issue.message
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
}

function unknownKey(path: readonly PropertyKey[]): string {
  const name = String(path.at(-1))
  let node = jsonSchema()
  for (const step of path.slice(0, -1)) {
    node = childOf(node, String(step)) ?? {}
  }
  const known = Object.keys(objectOf(node)?.properties ?? {})
  const near = known.find((other) => distance(name.toLowerCase(), other.toLowerCase()) <= 2)
  return near === undefined ? 'unknown key' : `unknown key; did you mean ${near}?`
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, left] of a.split('').entries()) {
    const next = [i + 1]
    for (const [j, right] of b.split('').entries()) {
      const replaced = (row[j] ?? 0) + (left === right ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
