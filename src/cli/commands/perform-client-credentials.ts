import { Command } from 'commander'
import { apiOf, withApi, type ApiOptions } from '../api.ts'
import type { Cli } from '../cli.ts'
import { confidentialClientOf, withClient, type ClientOptions } from '../client-login.ts'
import { collect, parseList } from '../flags.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'
import { postAsClient, tokensOutput } from '../token-request.ts'

interface Options extends ApiOptions, OutputOptions, ClientOptions {
  readonly scope?: readonly string[]
  readonly audience?: readonly string[]
}

/** `firebrand perform client-credentials`: gets a token for a client itself (RFC 6749 §4.4). */
export function performClientCredentials(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('get an access token with the client_credentials grant')
    .option(
      '--scope <scope>',
      'scope to request; repeatable or comma separated',
      collect(parseList),
    )
    .option(
      '--audience <audience>',
      'audience to request; repeatable or comma separated',
      collect(parseList),
    )
  return withOutput(withApi(withClient(command), 'public')).action(async (options: Options) => {
    const client = confidentialClientOf(cli, options)
    const response = await postAsClient(apiOf(cli, options, 'public'), '/oauth2/token', client, {
      grant_type: 'client_credentials',
      scope: options.scope?.join(' '),
      audience: options.audience?.join(' '),
    })
    await print(cli, options, tokensOutput(response, Date.now()))
  })
}
