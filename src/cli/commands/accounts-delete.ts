import { Command } from 'commander'
import { valueOf, withAccounts } from '../account-commands.ts'
import type { Cli } from '../cli.ts'
import type { ConfigOptions } from '../config-flags.ts'
import { idsOutput, print, withOutput, type OutputOptions } from '../output.ts'

/** `firebrand accounts delete`: removes an account and ends its remembered sign-ins. */
export function accountsDelete(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('delete an account; tokens that applications hold live on')
    .argument('<email>', 'email address of the account')
  return withOutput(command).action(async (email: string) => {
    const options: ConfigOptions & OutputOptions = command.optsWithGlobals()
    const { deleteAccount } = await import('../../accounts/accounts.ts')
    await withAccounts(cli, options, async (services) =>
      valueOf(await deleteAccount(services, email)),
    )
    await print(cli, options, idsOutput([email], true))
  })
}
