/** How commands authenticate as a client at the token endpoint. */

import type { Command } from 'commander'
import { CliError, type Cli } from './cli.ts'

/** Flags that say which client a command acts as. */
export interface ClientOptions {
  readonly clientId?: string
  readonly clientSecret?: string
}

/** Adds `--client-id` and `--client-secret`. */
export function withClient(command: Command): Command {
  return command
    .option('--client-id <id>', 'client id (env OAUTH2_CLIENT_ID)')
    .option('--client-secret <secret>', 'client secret (env OAUTH2_CLIENT_SECRET)')
}

/** The client of the flags or the environment. The secret is `undefined` for a public client. */
export function clientOf(
  cli: Cli,
  options: ClientOptions,
): { readonly id: string; readonly secret: string | undefined } {
  const id = options.clientId ?? cli.env['OAUTH2_CLIENT_ID'] ?? ''
  const secret = options.clientSecret ?? cli.env['OAUTH2_CLIENT_SECRET'] ?? ''
  if (id === '') throw new CliError('--client-id or OAUTH2_CLIENT_ID must be set.')
  return { id, secret: secret === '' ? undefined : secret }
}

/** The same for commands that need a confidential client. */
export function confidentialClientOf(cli: Cli, options: ClientOptions) {
  const { id, secret } = clientOf(cli, options)
  if (secret === undefined)
    throw new CliError('--client-secret or OAUTH2_CLIENT_SECRET must be set.')
  return { id, secret }
}
