import { Command } from 'commander'
import { apiOf, withApi, type ApiOptions } from '../api.ts'
import { CliError, type Cli } from '../cli.ts'
import { idsOutput, print, withOutput, type OutputOptions } from '../output.ts'

/** `firebrand delete oauth2-client`: deletes clients; goes on after a failure, and then exits with 1. */
export function deleteClient(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('delete OAuth 2.0 clients with everything that was granted to them')
    .argument('<id...>', 'client ids')
  return withOutput(withApi(command, 'admin')).action(
    async (ids: readonly string[], options: ApiOptions & OutputOptions) => {
      const api = apiOf(cli, options)
      const deleted: string[] = []
      const failures: string[] = []
      for (const id of ids) {
        try {
          await api.call({ method: 'DELETE', path: `/admin/clients/${encodeURIComponent(id)}` })
          deleted.push(id)
        } catch (error) {
          if (!(error instanceof CliError)) throw error
          failures.push(`${id}: ${error.message}`)
        }
      }
      if (deleted.length > 0) await print(cli, options, idsOutput(deleted, ids.length === 1))
      if (failures.length > 0) throw new CliError(failures.join('\n'))
    },
  )
}
