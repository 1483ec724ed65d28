import { Command } from 'commander'
import { accountsOutput, readNewPassword, valueOf, withAccounts } from '../account-commands.ts'
import type { Cli } from '../cli.ts'
import type { ConfigOptions } from '../config-flags.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ConfigOptions, OutputOptions {
  readonly name?: string
  readonly passwordStdin?: true
}

/** `firebrand accounts create`: adds a person who can sign in on the built-in page. */
export function accountsCreate(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('create an account; the password is asked for')
    .argument('<email>', 'email address to sign in with')
    .option('--name <text>', 'name of the person')
    .option('--password-stdin', 'read the password from the standard input')
  return withOutput(command).action(async (email: string) => {
    const options: Options = command.optsWithGlobals()
    const password = await readNewPassword(cli, options.passwordStdin === true)
    const { createAccount } = await import('../../accounts/accounts.ts')
    const account = await withAccounts(cli, options, async (services) =>
      valueOf(await createAccount(services, { email, name: options.name ?? '', password })),
    )
    await print(cli, options, accountsOutput([account], true))
  })
}
