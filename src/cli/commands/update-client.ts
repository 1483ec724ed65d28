import { Command } from 'commander'
import { apiOf, withApi, type ApiOptions, type ApiRequest } from '../api.ts'
import { CliError, type Cli } from '../cli.ts'
import { clientsOutput, givenMembers, withClientFields } from '../client-fields.ts'
import { readJsonInput } from '../input.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ApiOptions, OutputOptions {
  readonly file?: string
}

/** `firebrand update oauth2-client`: changes the fields given as flags; with `--file` replaces the client. */
export function updateClient(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('change an OAuth 2.0 client; fields without a flag stay as they are')
    .argument('<id>', 'client id')
  return withOutput(withApi(withClientFields(command), 'admin')).action(
    async (id: string, options: Options) => {
      const path = `/admin/clients/${encodeURIComponent(id)}`
      const updated = await apiOf(cli, options).call(await change(path, options))
      await print(cli, options, clientsOutput([updated]))
    },
  )

  async function change(path: string, { file }: Options): Promise<ApiRequest> {
    if (file !== undefined) return { method: 'PUT', path, json: await readJsonInput(cli, file) }
    const members = givenMembers(command)
    if (members.length === 0)
      throw new CliError('Nothing to change: give a flag for a field, or --file.')
    // RFC 6902 §4.1: adding an existing member replaces it, so this needs no knowledge of the client.
    const json = members.map(([member, value]) => ({ op: 'add', path: `/${member}`, value }))
    return {
      method: 'PATCH',
      path,
      json,
      headers: { 'content-type': 'application/json-patch+json' },
    }
  }
}
