/** What the commands for accounts share. */

import type { Command } from 'commander'
import { claimValue } from '../accounts/profile.ts'
import type { Services } from '../context.ts'
import type { Json, JsonObject } from '../protocol/json.ts'
import type { Result } from '../result.ts'
import type { AccountError, AccountServices } from '../accounts/accounts.ts'
import type { Account } from '../storage/storage.ts'
import { CliError, type Cli } from './cli.ts'
import { configOf, dsnOf, type ConfigOptions } from './config-flags.ts'
import { collect } from './flags.ts'
import { withStorage } from './database.ts'
import { nameOf, readJsonInput } from './input.ts'
import type { Output } from './output.ts'

/** Runs `use` with the services that accounts need, on the configured database. */
export async function withAccounts<T>(
  cli: Cli,
  options: ConfigOptions,
  use: (services: AccountServices) => Promise<T>,
): Promise<T> {
  const { systemClock, systemRandom } = await import('../node/random.ts')
  return withStorage(cli, dsnOf(cli, options, undefined), (storage) =>
    use({ storage, clock: systemClock, random: systemRandom }),
  )
}

/**
 * The same with what opens profiles, for which the whole configuration must be there.
 * @throws CliError that lists every wrong key of the configuration.
 */
export async function withAccountProfiles<T>(
  cli: Cli,
  options: ConfigOptions,
  use: (services: AccountServices & Pick<Services, 'sealer'>) => Promise<T>,
): Promise<T> {
  const { secrets } = configOf(cli, options).settings
  const { createSealer } = await import('../tokens/aead-sealer.ts')
  return withAccounts(cli, options, (services) =>
    use({ ...services, sealer: createSealer({ ...secrets, random: services.random }) }),
  )
}

/** The flags of {@link withClaims}. */
export interface ClaimOptions {
  readonly claim?: readonly string[]
  readonly claimsFile?: string
}

/** Adds `--claim` and `--claims-file`. */
export function withClaims(command: Command): Command {
  return command
    .option(
      '--claim <name=value>',
      'standard claim of OpenID Connect, such as given_name=Ada or address.country=Norway; repeatable',
      collect((text) => [text]),
    )
    .option(
      '--claims-file <file>',
      'JSON file with an object of standard claims; - reads the standard input',
    )
}

/** The claims of the flags; those of `--claim` win. @throws CliError for a file or a flag of another form. */
export async function claimsOf(
  cli: Cli,
  { claim = [], claimsFile }: ClaimOptions,
): Promise<JsonObject> {
  const claims: Record<string, Json | undefined> = { ...(await readClaims(cli, claimsFile)) }
  for (const each of claim) {
    const at = each.indexOf('=')
    if (at < 1) throw new CliError(`--claim needs name=value, not '${each}'.`)
    const [name = '', member] = each.slice(0, at).split('.')
    const value = each.slice(at + 1)
    const before = claims[name]
    claims[name] =
      member === undefined
        ? claimValue(name, value)
        : { ...(isObject(before) ? before : {}), [member]: value }
  }
  return claims
}

async function readClaims(cli: Cli, file: string | undefined): Promise<JsonObject> {
  if (file === undefined) return {}
  const claims = (await readJsonInput(cli, file)) as Json
  if (isObject(claims)) return claims
  throw new CliError(`${nameOf(file)} must hold a JSON object.`)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a success. @throws CliError with the sentence of a failure. */
export function valueOf<T>(result: Result<T, AccountError>): T {
  if (!result.ok) throw new CliError(result.error.message)
  return result.value
}

/**
 * A new password: typed twice without being shown, or the first line of the standard input.
 * It is no flag, since command lines are visible to other users and stay in histories.
 */
export async function readNewPassword(cli: Cli, fromStdin: boolean): Promise<string> {
  if (fromStdin || !cli.isInteractive) {
    const [line = ''] = (await cli.readStdin()).split(/\r?\n/)
    return line
  }
  const password = await cli.ask('Password: ', true)
  if ((await cli.ask('Again: ', true)) !== password) throw new CliError('The passwords differ.')
  return password
}

/** Columns ID, EMAIL, NAME, CREATED AT and DISABLED. */
export function accountsOutput(accounts: readonly Account[], single: boolean): Output {
  const list = accounts.map((account) => ({
    id: account.id,
    email: account.email,
    name: account.name,
    created_at: new Date(account.createdAt).toISOString(),
    disabled: account.disabledAt !== undefined,
  }))
  return {
    columns: ['ID', 'EMAIL', 'NAME', 'CREATED AT', 'DISABLED'],
    rows: list.map((each) => [
      each.id,
      each.email,
      each.name,
      each.created_at,
      String(each.disabled),
    ]),
    single,
    ids: list.map(({ id }) => id),
    json: single ? list[0] : list,
  }
}
