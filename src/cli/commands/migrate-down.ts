import { Command } from 'commander'
import { CliError, type Cli } from '../cli.ts'

/** `firebrand migrate sql down`: says that there is no way back but a backup. */
export function migrateDown(_cli: Cli, name: string): Command {
  return new Command(name)
    .description('not supported: migrations only go forward')
    .argument('[dsn]')
    .option('--steps <n>')
    .option('-e, --read-from-env')
    .option('-y, --yes')
    .action(() => {
      throw new CliError(
        'Migrations only go forward: undoing one would delete data. Restore the backup that was taken before the upgrade.',
      )
    })
}
