import { setTimeout as delay } from 'node:timers/promises'
import { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { dsnOf, type ConfigOptions } from '../config-flags.ts'
import { databaseAt } from '../database.ts'
import { statusOutput } from '../migration-status.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ConfigOptions, OutputOptions {
  readonly block?: true
}

const pollMilliseconds = 1000

/** `firebrand migrate status`: lists the migrations and whether they were applied. */
export function migrateStatus(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('list migrations and whether they were applied')
    .argument('[dsn]', 'the database; else DSN or the configuration')
    .option('-e, --read-from-env', 'accepted for compatibility; DSN is always read')
    .option('--block', 'wait until all are applied')
  return withOutput(command).action(async (argument: string | undefined) => {
    const options: Options = command.optsWithGlobals()
    const target = databaseAt(cli, dsnOf(cli, options, argument))
    const { migrationStatus } = await import('../../storage/sql/migrate.ts')
    let status = await migrationStatus(target)
    while (options.block === true && status.some(({ appliedAt }) => appliedAt === undefined)) {
      cli.stderr('Waiting for pending migrations ...\n')
      await delay(pollMilliseconds)
      status = await migrationStatus(target)
    }
    await print(cli, options, statusOutput(status))
  })
}
