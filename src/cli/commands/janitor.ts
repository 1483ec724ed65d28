import { Command } from 'commander'
import { instant } from '../../brand.ts'
import { StorageUnavailable } from '../../storage/storage.ts'
import { CliError, type Cli } from '../cli.ts'
import { dsnOf, withConfigAndDev, type ConfigOptions } from '../config-flags.ts'
import { withStorage } from '../database.ts'
import { parseInteger } from '../flags.ts'

interface Options extends ConfigOptions {
  readonly tokens?: true
  readonly requests?: true
  readonly grants?: true
  readonly limit: number
  readonly batchSize: number
}

const ignored = 'accepted for compatibility: rows go when they have expired, never earlier'

/** `firebrand janitor`: removes expired rows, as the server does by itself while it runs. */
export function janitor(cli: Cli, name: string): Command {
  const command = withConfigAndDev(new Command(name))
    .description('remove expired rows; a running server does so by itself')
    .argument('[dsn]', 'the database; else DSN or the configuration')
    .option('--tokens', 'expired grants, refresh tokens and revocations')
    .option('--requests', 'expired login and consent requests')
    .option('--grants', 'expired trust in issuers')
    .option('--limit <n>', 'most rows of each kind to remove', parseInteger(1), 10_000)
    .option(
      '--batch-size <n>',
      'rows of each kind that one statement removes',
      parseInteger(1),
      100,
    )
    .option('--keep-if-younger <duration>', ignored)
    .option('--access-lifespan <duration>', ignored)
    .option('--refresh-lifespan <duration>', ignored)
    .option('--consent-request-lifespan <duration>', ignored)
    .option('-e, --read-from-env', 'accepted for compatibility; DSN is always read')
  return command.action(async (argument: string | undefined) => {
    const options: Options = command.optsWithGlobals()
    const wanted = kinds.filter(({ flag }) => options[flag] === true)
    if (wanted.length === 0)
      throw new CliError('Give at least one of --tokens, --requests and --grants.')
    if (options.batchSize > options.limit)
      throw new CliError('--batch-size must not be above --limit.')
    await withStorage(cli, dsnOf(cli, options, argument), async (storage) => {
      try {
        await purge((limit) => storage.purgeExpired(instant(Date.now()), limit), options)
      } catch (error) {
        if (!(error instanceof StorageUnavailable)) throw error
        throw new CliError(`Could not cleanup inactive rows: ${error.message}`, { cause: error })
      }
    })
    for (const label of wanted.flatMap(({ labels }): readonly string[] => labels)) {
      cli.stdout(`Successfully completed Janitor run on ${label}\n`)
    }
  })
}

/** One sweep serves all kinds: a row is removed when nothing can refer to it any more, whatever its kind. */
const kinds = [
  { flag: 'tokens', labels: ['access tokens', 'refresh tokens'] },
  { flag: 'requests', labels: ['login-consent requests'] },
  { flag: 'grants', labels: ['grants'] },
] as const

async function purge(
  removeBatch: (limit: number) => Promise<number>,
  { limit, batchSize }: Options,
): Promise<void> {
  for (let asked = 0; asked < limit; asked += batchSize) {
    const removed = await removeBatch(Math.min(batchSize, limit - asked))
    if (removed === 0) return
  }
}
