import { Command } from 'commander'
import { apiOf, field, withApi, type ApiOptions } from '../api.ts'
import type { Cli } from '../cli.ts'
import { collect, parseList } from '../flags.ts'
import { cell, print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ApiOptions, OutputOptions {
  readonly scope?: readonly string[]
}

/** `firebrand introspect token`: asks the server what a token is good for (RFC 7662). */
export function introspectToken(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('ask the server what an access or refresh token is good for')
    .argument('<token>', 'the token')
    .option(
      '--scope <scope>',
      'scope the token must have; repeatable or comma separated',
      collect(parseList),
    )
  return withOutput(withApi(command, 'admin')).action(async (token: string, options: Options) => {
    const result = await apiOf(cli, options).call({
      method: 'POST',
      path: '/admin/oauth2/introspect',
      form: { token, scope: options.scope?.join(' ') },
    })
    const expiry = field(result, 'exp')
    await print(cli, options, {
      columns: ['ACTIVE', 'SUBJECT', 'CLIENT ID', 'SCOPE', 'EXPIRY', 'TOKEN USE'],
      rows: [
        [
          cell(field(result, 'active')),
          cell(field(result, 'sub')),
          cell(field(result, 'client_id')),
          cell(field(result, 'scope')),
          typeof expiry === 'number' ? new Date(expiry * 1000).toISOString() : '',
          cell(field(result, 'token_use')),
        ],
      ],
      single: true,
      ids: [token],
      json: result,
    })
  })
}
