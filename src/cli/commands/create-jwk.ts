import { Command } from 'commander'
import { apiOf, withApi, type ApiOptions } from '../api.ts'
import type { Cli } from '../cli.ts'
import { keySetOf, keysOutput } from '../jwk.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ApiOptions, OutputOptions {
  readonly alg: string
  readonly use: string
  readonly public?: true
}

/** `firebrand create jwk`: generates a key in a set. In `hydra.openid.id-token` it becomes the signing key. */
export function createJwk(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('generate a JSON Web Key; the newest key of a set signs')
    .argument('<set>', 'set, such as hydra.openid.id-token')
    .argument('[kid]', 'key id; random if absent')
    .option('--alg <alg>', 'algorithm: RS256, RS512, ES256, ES512, EdDSA and others', 'RS256')
    .option('--use <use>', 'use: sig or enc', 'sig')
    .option('--public', 'print the public key only')
  return withOutput(withApi(command, 'admin')).action(
    async (set: string, kid: string | undefined, options: Options) => {
      const created = await apiOf(cli, options).call({
        method: 'POST',
        path: `/admin/keys/${encodeURIComponent(set)}`,
        json: { alg: options.alg, use: options.use, kid: kid ?? crypto.randomUUID() },
      })
      await print(cli, options, keysOutput([keySetOf(set, created, options.public === true)]))
    },
  )
}
