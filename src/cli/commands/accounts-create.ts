import { Command } from 'commander'
import {
  accountsOutput,
  claimsOf,
  readNewPassword,
  valueOf,
  withAccountProfiles,
  withAccounts,
  withClaims,
  type ClaimOptions,
} from '../account-commands.ts'
import { CliError, type Cli } from '../cli.ts'
import type { ConfigOptions } from '../config-flags.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ConfigOptions, OutputOptions, ClaimOptions {
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
  return withOutput(withClaims(command)).action(async (email: string) => {
    const options: Options = command.optsWithGlobals()
    const claims = await claimsOf(cli, options)
    const password = await readNewPassword(cli, options.passwordStdin === true)
    const { changeProfile, createAccount } = await import('../../accounts/accounts.ts')
    const { checkProfile } = await import('../../accounts/profile.ts')
    const checked = checkProfile(claims)
    if (!checked.ok) throw new CliError(checked.error)
    const wanted = { email, name: options.name ?? '', password }
    const hasClaims = Object.keys(claims).length > 0
    const account = hasClaims
      ? await withAccountProfiles(cli, options, async (services) => {
          valueOf(await createAccount(services, wanted))
          const change = { name: undefined, claims, removed: [] }
          return valueOf(await changeProfile(services, email, change))
        })
      : await withAccounts(cli, options, async (services) =>
          valueOf(await createAccount(services, wanted)),
        )
    await print(cli, options, accountsOutput([account], true))
  })
}
