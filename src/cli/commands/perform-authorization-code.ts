import { Command } from 'commander'
import type { Result } from '../../result.ts'
import { apiOf, withApi, type Api, type ApiOptions } from '../api.ts'
import {
  authorizationUrl,
  newAttempt,
  redeem,
  type Attempt,
  type FlowTarget,
  type Redeemed,
} from '../authorization-code-flow.ts'
import { openBrowser } from '../browser.ts'
import { callbackServer, type CallbackServer } from '../callback-server.ts'
import { CliError, type Cli } from '../cli.ts'
import { clientOf, withClient, type ClientOptions } from '../client-login.ts'
import { collect, parseInteger, parseList } from '../flags.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'
import { tokensOutput } from '../token-request.ts'

interface Options extends ApiOptions, OutputOptions, ClientOptions {
  readonly port: number
  readonly scope?: readonly string[]
  readonly audience?: readonly string[]
  readonly prompt?: readonly string[]
  readonly maxAge: number
  readonly state?: string
  readonly redirect?: string
  readonly authUrl?: string
  readonly tokenUrl?: string
  readonly responseMode?: string
  readonly skip?: true
  readonly open: boolean
  readonly shutdown: boolean
}

/** `firebrand perform authorization-code`: runs the flow in the browser and prints the tokens (RFC 6749 §4.1, RFC 7636). */
export function performAuthorizationCode(cli: Cli, name: string): Command {
  const list = collect(parseList)
  const command = new Command(name)
    .description('sign in with the browser and get tokens with the authorization code grant')
    .option(
      '-p, --port <port>',
      'port of the callback on 127.0.0.1; 0 takes a free one',
      parseInteger(0, 65_535),
      4446,
    )
    .option('--scope <list>', 'scope to request (default: offline,openid)', list)
    .option('--audience <list>', 'audience to request', list)
    .option('--prompt <list>', 'prompt parameter, such as login or consent', list)
    .option('--max-age <seconds>', 'greatest age of the login; -1 sends none', parseInteger(-1), -1)
    .option('--state <state>', 'state parameter; random if absent')
    .option('--redirect <url>', 'redirect URI (default: http://127.0.0.1:<port>/callback)')
    .option('--auth-url <url>', 'authorization endpoint (default: <endpoint>/oauth2/auth)')
    .option('--token-url <url>', 'token endpoint (default: <endpoint>/oauth2/token)')
    .option('--response-mode <mode>', 'response mode: query or form_post')
    .option('--skip', 'go to the authorization endpoint without a page before it')
    .option('--no-open', 'print the address and open no browser')
    .option('--no-shutdown', 'go on after the first result, until interrupted')
  return withOutput(withApi(withClient(command), 'public')).action((options: Options) =>
    perform(cli, options),
  )
}

async function perform(cli: Cli, options: Options): Promise<void> {
  const api = apiOf(cli, options, 'public')
  const server = await callbackServer(options.port)
  const target: FlowTarget = {
    client: clientOf(cli, options),
    authorizationEndpoint: options.authUrl ?? `${api.endpoint}/oauth2/auth`,
    tokenEndpoint: options.tokenUrl ?? `${api.endpoint}/oauth2/token`,
    redirectUri: options.redirect ?? `${server.origin}/callback`,
    scope: options.scope ?? ['offline', 'openid'],
    parameters: parametersOf(options),
  }
  const startPage = options.skip === true ? `${server.origin}/perform-flow` : `${server.origin}/`
  cli.stderr(`Open ${startPage} in a browser to sign in.\n`)
  if (options.open) openBrowser(startPage, (reason) => cli.stderr(`${reason}\n`))
  try {
    do {
      await report(cli, options, await oneRun(api, server, target, options.state))
    } while (!options.shutdown)
  } finally {
    await server.close()
  }
}

async function report(cli: Cli, options: Options, result: Result<Redeemed, string>): Promise<void> {
  if (!result.ok && options.shutdown) throw new CliError(result.error)
  if (!result.ok) return cli.stderr(`${result.error}\n`)
  for (const remark of result.value.remarks) cli.stderr(`${remark}\n`)
  return print(cli, options, tokensOutput(result.value.response, Date.now()))
}

/** Waits for the browser to come back, redeems what it brings, and shows it the outcome. */
async function oneRun(
  api: Api,
  server: CallbackServer,
  target: FlowTarget,
  state: string | undefined,
): Promise<Result<Redeemed, string>> {
  let attempt: Attempt | undefined
  const callback = await server.nextCallback(() => {
    attempt = newAttempt(state)
    return authorizationUrl(target, attempt)
  })
  const result = await redeem(api, target, attempt, callback.parameters)
  await callback.answer(
    result.ok
      ? { title: 'Signed in', text: 'The tokens are in the terminal. You may close this page.' }
      : { title: 'The flow failed', text: result.error },
  )
  return result
}

function parametersOf(options: Options): Readonly<Record<string, string>> {
  const { audience, prompt, maxAge, responseMode } = options
  return {
    ...(audience === undefined ? {} : { audience: audience.join(' ') }),
    ...(prompt === undefined ? {} : { prompt: prompt.join(' ') }),
    ...(maxAge < 0 ? {} : { max_age: String(maxAge) }),
    ...(responseMode === undefined ? {} : { response_mode: responseMode }),
  }
}
