import { Command } from 'commander'
import { apiOf, withApi, type ApiOptions } from '../api.ts'
import type { Cli } from '../cli.ts'
import { clientsOutput } from '../client-fields.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

/** `firebrand get oauth2-client`: prints one or more clients. */
export function getClient(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('print OAuth 2.0 clients')
    .argument('<id...>', 'client ids')
  return withOutput(withApi(command, 'admin')).action(
    async (ids: readonly string[], options: ApiOptions & OutputOptions) => {
      const api = apiOf(cli, options)
      const clients: unknown[] = []
      for (const id of ids) {
        clients.push(
          await api.call({ method: 'GET', path: `/admin/clients/${encodeURIComponent(id)}` }),
        )
      }
      await print(cli, options, clientsOutput(clients))
    },
  )
}
