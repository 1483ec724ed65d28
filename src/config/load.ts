/** Loads the configuration: defaults, then files in their order, then flags, then the environment; the later wins. */

import { err, ok, type Result } from '../result.ts'
import type { Settings } from '../settings.ts'
import { brokenRules, warningsOf } from './checks.ts'
import { problemAt, problemsOf, type ConfigError } from './config-error.ts'
import { devLayer, devSecret } from './dev-defaults.ts'
import { engineOf, unsupportedDsn } from './dsn.ts'
import { applyEnvironment, type EnvironmentResult } from './environment.ts'
import { readConfigFile } from './file.ts'
import { configSchema, type Config } from './schema.ts'
import { toSettings } from './to-settings.ts'
import { deepMerge, updateAt, valueAt, type Tree } from './tree.ts'

/** Where a configuration comes from. */
export interface ConfigInput {
  readonly files: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Only a flag that was given counts; an absent one leaves `dev` of a file alone. */
  readonly flags: { readonly dev?: boolean; readonly workers?: number }
}

/** A configuration in both forms. */
export interface Loaded {
  readonly config: Config
  readonly settings: Settings
  /** Remarks for the operator's log. */
  readonly warnings: readonly string[]
}

/**
 * Reads and checks all sources. In dev mode it may create the file that keeps the generated secret.
 * @returns every wrong key at once; the text of a value that may be a secret is never in it.
 */
export function loadConfig(input: ConfigInput): Result<Loaded, ConfigError> {
  const merged = mergeSources(input)
  if (!merged.ok) return merged
  const { variables } = merged.value
  const tree = withDevSecret(merged.value.tree)
  // One parse is not worth compiling a parser for.
  const parsed = configSchema.safeParse(tree, { jitless: true })
  if (!parsed.success) {
    return err({ kind: 'invalid', problems: problemsOf(parsed.error.issues, tree, variables) })
  }
  const config = parsed.data
  const broken = brokenRules(config)
  if (broken.length > 0) {
    const problems = broken.map(({ path, rule }) => problemAt(path, tree, variables, rule))
    return err({ kind: 'invalid', problems })
  }
  return ok({ config, settings: toSettings(config), warnings: warningsOf(config) })
}

/**
 * Reads only the data source name, for commands that work on the database and need no valid server configuration.
 * @returns `undefined` when no source names one.
 */
export function loadDsn(input: ConfigInput): Result<string | undefined, ConfigError> {
  const merged = mergeSources(input)
  if (!merged.ok) return merged
  const { dsn } = merged.value.tree
  if (dsn === undefined || dsn === '') return ok(undefined)
  if (typeof dsn === 'string' && engineOf(dsn) !== undefined) return ok(dsn)
  const { tree, variables } = merged.value
  const problem = problemAt(['dsn'], tree, variables, unsupportedDsn)
  return err({ kind: 'invalid', problems: [problem] })
}

function mergeSources({ files, env, flags }: ConfigInput): Result<EnvironmentResult, ConfigError> {
  let tree: Tree = {}
  for (const file of files) {
    const read = readConfigFile(file)
    if (!read.ok) return err({ kind: 'file', ...read.error })
    tree = deepMerge(tree, read.value)
  }
  if (flags.dev === true) tree = { ...tree, dev: true }
  if (flags.workers !== undefined) tree = updateAt(tree, ['serve', 'workers'], () => flags.workers)
  const result = applyEnvironment(tree, env)
  const isDev = result.tree['dev'] === true
  return ok(isDev ? { ...result, tree: deepMerge(devLayer(), result.tree) } : result)
}

function withDevSecret(tree: Tree): Tree {
  const dsn = tree['dsn']
  const system = valueAt(tree, ['secrets', 'system'])
  if (tree['dev'] !== true || system !== undefined || typeof dsn !== 'string') return tree
  const engine = engineOf(dsn)
  if (engine !== 'memory' && engine !== 'sqlite') return tree
  return updateAt(tree, ['secrets', 'system'], () => [devSecret(dsn)])
}
