import { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { dsnOf, type ConfigOptions } from '../config-flags.ts'
import { databaseAt } from '../database.ts'

/** `firebrand migrate plan`: prints the SQL that `migrate up` would run. */
export function migratePlan(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('print the SQL of pending migrations, and run nothing')
    .argument('[dsn]', 'the database; else DSN or the configuration')
  return command.action(async (argument: string | undefined) => {
    const options: ConfigOptions = command.optsWithGlobals()
    const { migrationPlan } = await import('../../storage/sql/migrate.ts')
    const plan = await migrationPlan(databaseAt(cli, dsnOf(cli, options, argument)))
    if (plan === '') cli.stderr('Nothing is pending.\n')
    else cli.stdout(plan)
  })
}
