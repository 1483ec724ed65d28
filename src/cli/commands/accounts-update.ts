import { Command } from 'commander'
import {
  accountsOutput,
  claimsOf,
  valueOf,
  withAccountProfiles,
  withClaims,
  type ClaimOptions,
} from '../account-commands.ts'
import type { Cli } from '../cli.ts'
import type { ConfigOptions } from '../config-flags.ts'
import { collect } from '../flags.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ConfigOptions, OutputOptions, ClaimOptions {
  readonly name?: string
  readonly removeClaim?: readonly string[]
}

/** `firebrand accounts update`: changes the name and the standard claims of an account. */
export function accountsUpdate(cli: Cli, name: string): Command {
  const command = withClaims(
    new Command(name)
      .description('change what applications are told about a person')
      .argument('<email>', 'email address of the account')
      .option('--name <text>', 'name of the person')
      .option('--remove-claim <claim>', 'claim to remove; repeatable', collect(one)),
  )
  return withOutput(command).action(async (email: string) => {
    const options: Options = command.optsWithGlobals()
    const claims = await claimsOf(cli, options)
    const { changeProfile } = await import('../../accounts/accounts.ts')
    const account = await withAccountProfiles(cli, options, async (services) =>
      valueOf(
        await changeProfile(services, email, {
          name: options.name,
          claims,
          removed: options.removeClaim ?? [],
        }),
      ),
    )
    await print(cli, options, accountsOutput([account], true))
  })
}

function one(text: string): readonly string[] {
  return [text]
}
