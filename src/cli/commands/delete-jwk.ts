import { Command } from 'commander'
import { apiOf, withApi, type ApiOptions } from '../api.ts'
import type { Cli } from '../cli.ts'
import { idsOutput, print, withOutput, type OutputOptions } from '../output.ts'

/** `firebrand delete jwk`: deletes whole sets; stops at the first failure. */
export function deleteJwk(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('delete JSON Web Key Sets; tokens that they signed can no longer be verified')
    .argument('<set...>', 'sets')
  return withOutput(withApi(command, 'admin')).action(
    async (names: readonly string[], options: ApiOptions & OutputOptions) => {
      const api = apiOf(cli, options)
      for (const set of names) {
        await api.call({ method: 'DELETE', path: `/admin/keys/${encodeURIComponent(set)}` })
      }
      await print(cli, options, idsOutput(names, names.length === 1))
    },
  )
}
