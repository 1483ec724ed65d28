import { Command } from 'commander'
import { apiOf, withApi, type ApiOptions } from '../api.ts'
import type { Cli } from '../cli.ts'
import { idsOutput, print, withOutput, type OutputOptions } from '../output.ts'

/** `firebrand delete access-tokens`: ends all access tokens of a client. */
export function deleteAccessTokens(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('end all access tokens of a client')
    .argument('<client-id>', 'client id')
  return withOutput(withApi(command, 'admin')).action(
    async (id: string, options: ApiOptions & OutputOptions) => {
      const path = `/admin/oauth2/tokens?client_id=${encodeURIComponent(id)}`
      await apiOf(cli, options).call({ method: 'DELETE', path })
      await print(cli, options, idsOutput([id], true))
    },
  )
}
