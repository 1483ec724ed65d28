import { Command } from 'commander'
import { withApi, apiOf, type ApiOptions } from '../api.ts'
import { CliError, type Cli } from '../cli.ts'
import { clientsOutput } from '../client-fields.ts'
import { parseInteger } from '../flags.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ApiOptions, OutputOptions {
  readonly pageSize: number
  readonly pageToken?: string
}

/** `firebrand list oauth2-clients`: prints a page of clients. */
export function listClients(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('list OAuth 2.0 clients')
    .option('--page-size <n>', 'clients of a page', parseInteger(1, 500), 100)
    .option('--page-token <token>', 'token of the page, from the page before')
  return withOutput(withApi(command, 'admin')).action(async (options: Options) => {
    const query = new URLSearchParams({ page_size: String(options.pageSize) })
    if (options.pageToken !== undefined) query.set('page_token', options.pageToken)
    const page = await apiOf(cli, options).page(`/admin/clients?${query.toString()}`)
    if (!Array.isArray(page.items)) throw new CliError('The server did not answer with a list.')
    const next = page.nextPageToken
    await print(cli, options, {
      ...clientsOutput(page.items, {
        items: page.items,
        next_page_token: next ?? '',
        is_last_page: next === undefined,
      }),
      footer: [
        ['NEXT PAGE TOKEN', next ?? ''],
        ['IS LAST PAGE', String(next === undefined)],
      ],
    })
  })
}
