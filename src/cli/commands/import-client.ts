import { Command } from 'commander'
import { apiOf, withApi, type ApiOptions } from '../api.ts'
import { CliError, type Cli } from '../cli.ts'
import { clientsOutput } from '../client-fields.ts'
import { nameOf, readJsonInput } from '../input.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

/** `firebrand import oauth2-client`: creates the clients of JSON files; never changes existing ones. */
export function importClient(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('create the OAuth 2.0 clients of JSON files; existing ones are never changed')
    .argument('[file...]', 'files with a JSON array of clients; none or - is the standard input')
  return withOutput(withApi(command, 'admin')).action(
    async (files: readonly string[], options: ApiOptions & OutputOptions) => {
      const api = apiOf(cli, options)
      const clients = await clientsOf(files.length === 0 ? ['-'] : files)
      const created: unknown[] = []
      const failures: string[] = []
      for (const { source, client } of clients) {
        try {
          created.push(await api.call({ method: 'POST', path: '/admin/clients', json: client }))
        } catch (error) {
          if (!(error instanceof CliError)) throw error
          failures.push(`${source}: ${error.message}`)
        }
      }
      if (created.length > 0) await print(cli, options, clientsOutput(created))
      if (failures.length > 0) throw new CliError(failures.join('\n'))
    },
  )

  async function clientsOf(files: readonly string[]) {
    const clients: { readonly source: string; readonly client: unknown }[] = []
    for (const file of files) {
      const content = await readJsonInput(cli, file)
      if (!Array.isArray(content))
        throw new CliError(`${nameOf(file)} must hold a JSON array of clients.`)
      const list = content as readonly unknown[]
      clients.push(
        ...list.map((client, i) => ({ source: `${nameOf(file)}, client ${i + 1}`, client })),
      )
    }
    return clients
  }
}
