import { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { dsnOf, type ConfigOptions } from '../config-flags.ts'
import { databaseAt } from '../database.ts'
import { statusOutput } from '../migration-status.ts'
import { print } from '../output.ts'

interface Options extends ConfigOptions {
  readonly yes?: true
}

/** `firebrand migrate up`: shows what is pending, asks, and applies it. */
export function migrateUp(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('apply pending migrations')
    .argument('[dsn]', 'the database; else DSN or the configuration')
    .option('-e, --read-from-env', 'accepted for compatibility; DSN is always read')
    .option('-y, --yes', 'do not ask')
  return command.action(async (argument: string | undefined) => {
    const options: Options = command.optsWithGlobals()
    const target = databaseAt(cli, dsnOf(cli, options, argument))
    const migrations = await import('../../storage/sql/migrate.ts')
    const status = await migrations.migrationStatus(target)
    await print(cli, { format: { kind: 'table' } }, statusOutput(status))
    const plan = await migrations.migrationPlan(target)
    if (plan === '') return cli.stderr('Nothing is pending.\n')
    cli.stdout(`\n${plan}\n`)
    if (options.yes !== true) {
      const answer = await cli.ask('Do you wish to execute this migration plan? [y/n]: ')
      if (!/^y(es)?$/i.test(answer.trim())) return cli.stderr('Nothing was changed.\n')
    }
    await migrations.migrateUp(target)
    return cli.stdout('Successfully applied migrations!\n')
  })
}
