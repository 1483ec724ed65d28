import { Command } from 'commander'
import { apiOf, withApi, type ApiOptions } from '../api.ts'
import type { Cli } from '../cli.ts'
import { keySetOf, keysOutput, type KeySet } from '../jwk.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ApiOptions, OutputOptions {
  readonly public?: true
}

/** `firebrand get jwk`: prints the keys of sets, private parts included. */
export function getJwk(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('print JSON Web Key Sets with their private keys')
    .argument('<set...>', 'sets, such as hydra.openid.id-token')
    .option('--public', 'print public keys only')
  return withOutput(withApi(command, 'admin')).action(
    async (names: readonly string[], options: Options) => {
      const api = apiOf(cli, options)
      const sets: KeySet[] = []
      for (const set of names) {
        const found = await api.call({
          method: 'GET',
          path: `/admin/keys/${encodeURIComponent(set)}`,
        })
        sets.push(keySetOf(set, found, options.public === true))
      }
      await print(cli, options, keysOutput(sets))
    },
  )
}
