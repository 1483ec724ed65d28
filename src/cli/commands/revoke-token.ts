import { Command } from 'commander'
import { apiOf, withApi, type ApiOptions } from '../api.ts'
import type { Cli } from '../cli.ts'
import { confidentialClientOf, withClient, type ClientOptions } from '../client-login.ts'
import { idsOutput, print, withOutput, type OutputOptions } from '../output.ts'
import { postAsClient } from '../token-request.ts'

/** `firebrand revoke token`: ends a token as the client that holds it (RFC 7009). */
export function revokeToken(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('end an access or refresh token, as the client that holds it')
    .argument('<token>', 'the token')
  return withOutput(withApi(withClient(command), 'public')).action(
    async (token: string, options: ApiOptions & OutputOptions & ClientOptions) => {
      const client = confidentialClientOf(cli, options)
      await postAsClient(apiOf(cli, options, 'public'), '/oauth2/revoke', client, { token })
      await print(cli, options, idsOutput([token], true))
    },
  )
}
