import { Command } from 'commander'
import { accountsOutput, readNewPassword, valueOf, withAccounts } from '../account-commands.ts'
import type { Cli } from '../cli.ts'
import type { ConfigOptions } from '../config-flags.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ConfigOptions, OutputOptions {
  readonly passwordStdin?: true
}

/** `firebrand accounts set-password`: changes a password and ends the remembered sign-ins of the account. */
export function accountsSetPassword(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('set the password of an account; it is asked for')
    .argument('<email>', 'email address of the account')
    .option('--password-stdin', 'read the password from the standard input')
  return withOutput(command).action(async (email: string) => {
    const options: Options = command.optsWithGlobals()
    const password = await readNewPassword(cli, options.passwordStdin === true)
    const { setPassword } = await import('../../accounts/accounts.ts')
    const account = await withAccounts(cli, options, async (services) =>
      valueOf(await setPassword(services, email, password)),
    )
    await print(cli, options, accountsOutput([account], true))
  })
}
