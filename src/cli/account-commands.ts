/** What the commands for accounts share. */

import type { Result } from '../result.ts'
import type { AccountError, AccountServices } from '../accounts/accounts.ts'
import type { Account } from '../storage/storage.ts'
import { CliError, type Cli } from './cli.ts'
import { dsnOf, type ConfigOptions } from './config-flags.ts'
import { withStorage } from './database.ts'
import type { Output } from './output.ts'

/** Runs `use` with the services that accounts need, on the configured database. */
export async function withAccounts<T>(
  cli: Cli,
  options: ConfigOptions,
  use: (services: AccountServices) => Promise<T>,
): Promise<T> {
  const { systemClock, systemRandom } = await import('../node/random.ts')
  return withStorage(cli, dsnOf(cli, options, undefined), (storage) =>
    use({ storage, clock: systemClock, random: systemRandom }),
  )
}

/** The value of a success. @throws CliError with the sentence of a failure. */
export function valueOf<T>(result: Result<T, AccountError>): T {
  if (!result.ok) throw new CliError(result.error.message)
  return result.value
}

/**
 * A new password: typed twice without being shown, or the first line of the standard input.
 * It is no flag, since command lines are visible to other users and stay in histories.
 */
export async function readNewPassword(cli: Cli, fromStdin: boolean): Promise<string> {
  if (fromStdin || !cli.isInteractive) {
    const [line = ''] = (await cli.readStdin()).split(/\r?\n/)
    return line
  }
  const password = await cli.ask('Password: ', true)
  if ((await cli.ask('Again: ', true)) !== password) throw new CliError('The passwords differ.')
  return password
}

/** Columns ID, EMAIL, NAME, CREATED AT and DISABLED. */
export function accountsOutput(accounts: readonly Account[], single: boolean): Output {
  const list = accounts.map((account) => ({
    id: account.id,
    email: account.email,
    name: account.name,
    created_at: new Date(account.createdAt).toISOString(),
    disabled: account.disabledAt !== undefined,
  }))
  return {
    columns: ['ID', 'EMAIL', 'NAME', 'CREATED AT', 'DISABLED'],
    rows: list.map((each) => [
      each.id,
      each.email,
      each.name,
      each.created_at,
      String(each.disabled),
    ]),
    single,
    ids: list.map(({ id }) => id),
    json: single ? list[0] : list,
  }
}
