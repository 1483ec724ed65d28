import { Command } from 'commander'
import { apiOf, withApi, type Api, type ApiOptions } from '../api.ts'
import type { Cli } from '../cli.ts'
import { clientOf, withClient, type ClientOptions } from '../client-login.ts'
import { awaitTokens, requestCodes, type Target } from '../device-flow.ts'
import { collect, parseList } from '../flags.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'
import { tokensOutput } from '../token-request.ts'

interface Options extends ApiOptions, OutputOptions, ClientOptions {
  readonly scope?: readonly string[]
  readonly audience?: readonly string[]
  readonly deviceAuthUrl?: string
  readonly tokenUrl?: string
}

/** `firebrand perform device-code`: plays the device, and prints the tokens once the user has allowed it (RFC 8628). */
export function performDeviceCode(cli: Cli, name: string): Command {
  const list = collect(parseList)
  const command = new Command(name)
    .description('get tokens with the device authorization grant')
    .option('--scope <list>', 'scope to request (default: offline,openid)', list)
    .option('--audience <list>', 'audience to request', list)
    .option(
      '--device-auth-url <url>',
      'device authorization endpoint (default: <endpoint>/oauth2/device/auth)',
    )
    .option('--token-url <url>', 'token endpoint (default: <endpoint>/oauth2/token)')
  return withOutput(withApi(withClient(command), 'public')).action(async (options: Options) => {
    const api = apiOf(cli, options, 'public')
    const client = clientOf(cli, options)
    const codes = await requestCodes(
      target(api, options.deviceAuthUrl, '/oauth2/device/auth'),
      client,
      {
        scope: (options.scope ?? ['offline', 'openid']).join(' '),
        audience: options.audience?.join(' '),
      },
    )
    cli.stderr(`Open ${codes.url} in a browser and compare the code: ${codes.userCode}\n`)
    const tokens = await awaitTokens(target(api, options.tokenUrl, '/oauth2/token'), client, codes)
    await print(cli, options, tokensOutput(tokens, Date.now()))
  })
}

function target(api: Api, url: string | undefined, path: string): Target {
  return url === undefined ? { api, path } : { api: api.at(url), path: '' }
}
