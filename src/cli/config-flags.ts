/** Flags of commands that read the configuration, and what they find. */

import type { Command } from 'commander'
import { renderConfigError } from '../config/config-error.ts'
import { loadConfig, loadDsn, type ConfigInput, type Loaded } from '../config/load.ts'
import { CliError, type Cli } from './cli.ts'
import { collect, parseInteger } from './flags.ts'

/** The flags of {@link withServing} and {@link withConfigAndDev}. */
export interface ConfigOptions {
  readonly config?: readonly string[]
  readonly dev?: true
  readonly workers?: number
}

/** Adds `-c`. */
export function withConfig(command: Command): Command {
  return command.option(
    '-c, --config <file>',
    'configuration file (.yaml, .yml, .json, .toml); repeatable or comma separated',
    collect((text) => text.split(',').filter((file) => file !== '')),
  )
}

/** Adds `-c` and `--dev`, for commands that work on the database of a dev-mode server too. */
export function withConfigAndDev(command: Command): Command {
  return withConfig(command).option(
    '--dev',
    'use the database of dev mode unless one is configured',
  )
}

/** Adds the flags of `serve`. */
export function withServing(command: Command): Command {
  return withConfig(command)
    .option('--dev', 'development mode: nothing needs to be configured; never for production')
    .option(
      '--workers <number>',
      'processes that serve; as many as processors unless configured, 1 in development mode',
      parseInteger(1, 512),
    )
    .option('--sqa-opt-out', 'accepted for compatibility; there is no telemetry')
}

/**
 * The checked configuration.
 * @throws CliError that lists every wrong key.
 */
export function configOf(cli: Cli, options: ConfigOptions): Loaded {
  const loaded = loadConfig(inputOf(cli, options))
  if (!loaded.ok) throw new CliError(renderConfigError(loaded.error).trimEnd())
  return loaded.value
}

/**
 * The data source name: the argument, or what the configuration says.
 * @throws CliError when there is none or it is not supported.
 */
export function dsnOf(cli: Cli, options: ConfigOptions, argument: string | undefined): string {
  const forced = argument === undefined ? {} : { DSN: argument }
  const input = inputOf(cli, options)
  const loaded = loadDsn({ ...input, env: { ...input.env, ...forced } })
  if (!loaded.ok) throw new CliError(renderConfigError(loaded.error).trimEnd())
  if (loaded.value === undefined) {
    throw new CliError(
      'dsn must be set: as the argument, as DSN in the environment, or in a file given with -c.',
    )
  }
  return loaded.value
}

function inputOf({ env }: Cli, { config = [], dev, workers }: ConfigOptions): ConfigInput {
  const flags = {
    ...(dev === undefined ? {} : { dev }),
    ...(workers === undefined ? {} : { workers }),
  }
  return { files: config, env, flags }
}
