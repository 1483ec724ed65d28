import { Command } from 'commander'
import { accountsOutput, withAccounts } from '../account-commands.ts'
import type { Cli } from '../cli.ts'
import type { ConfigOptions } from '../config-flags.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'
import type { Account } from '../../storage/storage.ts'

const pageSize = 500

/** `firebrand accounts list`: prints all accounts. */
export function accountsList(cli: Cli, name: string): Command {
  const command = withOutput(new Command(name).description('list accounts'))
  return command.action(async () => {
    const options: ConfigOptions & OutputOptions = command.optsWithGlobals()
    const { listAccounts } = await import('../../accounts/accounts.ts')
    const accounts = await withAccounts(cli, options, async (services) => {
      const all: Account[] = []
      for (;;) {
        const page = await listAccounts(services, {
          after: all.at(-1)?.email.toLowerCase(),
          limit: pageSize,
        })
        all.push(...page)
        if (page.length < pageSize) return all
      }
    })
    await print(cli, options, accountsOutput(accounts, false))
  })
}
