import { Command } from 'commander'
import { apiOf, withApi, type ApiOptions } from '../api.ts'
import type { Cli } from '../cli.ts'
import { clientFromFlags, clientsOutput, withClientFields } from '../client-fields.ts'
import { readJsonInput } from '../input.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ApiOptions, OutputOptions {
  readonly id?: string
  readonly file?: string
}

/** `firebrand create oauth2-client`: registers a client and prints it with its secret. */
export function createClient(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('create an OAuth 2.0 client')
    .option('--id <id>', 'client id; generated if absent')
  return withOutput(withApi(withClientFields(command), 'admin')).action(
    async (options: Options) => {
      const client =
        options.file === undefined
          ? {
              ...clientFromFlags(command),
              ...(options.id === undefined ? {} : { client_id: options.id }),
            }
          : await readJsonInput(cli, options.file)
      const created = await apiOf(cli, options).call({
        method: 'POST',
        path: '/admin/clients',
        json: client,
      })
      await print(cli, options, clientsOutput([created]))
    },
  )
}
