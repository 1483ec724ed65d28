import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { Command } from 'commander'
import { apiOf, field, withApi, type ApiOptions } from '../api.ts'
import { CliError, type Cli } from '../cli.ts'
import { nameOf, readInput } from '../input.ts'
import { keysOutput } from '../jwk.ts'
import { print, withOutput, type OutputOptions } from '../output.ts'

interface Options extends ApiOptions, OutputOptions {
  readonly use: string
  readonly alg: string
}

/** `firebrand import jwk`: puts the keys of files into a set. */
export function importJwk(cli: Cli, name: string): Command {
  const command = new Command(name)
    .description('put keys into a set')
    .argument('<set>', 'set, such as hydra.openid.id-token')
    .argument('[file...]', 'files with a JWK, a JWK Set or PEM; none or - is the standard input')
    .option('--use <use>', 'use of keys that name none: sig or enc', 'sig')
    .option('--alg <alg>', 'algorithm of keys that name none; needed for PEM', '')
  return withOutput(withApi(command, 'admin')).action(
    async (set: string, files: readonly string[], options: Options) => {
      const api = apiOf(cli, options)
      const keys: unknown[] = []
      for (const file of files.length === 0 ? ['-'] : files) {
        keys.push(...keysOf(await readInput(cli, file), nameOf(file), options))
      }
      const imported: unknown[] = []
      for (const key of keys) {
        const kid = encodeURIComponent(String(field(key, 'kid')))
        const path = `/admin/keys/${encodeURIComponent(set)}/${kid}`
        imported.push(await api.call({ method: 'PUT', path, json: key }))
      }
      await print(cli, options, keysOutput([{ set, keys: imported }]))
    },
  )
}

function keysOf(text: string, source: string, { use, alg }: Options): readonly object[] {
  return (text.includes('-----BEGIN') ? [pemKey(text, source)] : jsonKeys(text, source)).map(
    (key) => {
      const complete = {
        use,
        ...(alg === '' ? {} : { alg }),
        kid: crypto.randomUUID(),
        ...key,
      }
      if (field(complete, 'alg') === undefined)
        throw new CliError(`${source}: give --alg, the key names none.`)
      return complete
    },
  )
}

function pemKey(text: string, source: string): object {
  for (const read of [createPrivateKey, createPublicKey] satisfies ((pem: string) => KeyObject)[]) {
    try {
      return read(text).export({ format: 'jwk' })
    } catch {
      // Not of this kind; the next may fit. Messages of OpenSSL are of no help here.
    }
  }
  throw new CliError(`${source} holds no key that can be read.`)
}

function jsonKeys(text: string, source: string): readonly object[] {
  const json = parsed(text, source)
  const keys = field(json, 'keys')
  const list = (Array.isArray(keys) ? keys : [json]) as readonly unknown[]
  return list.map((key) => {
    if (typeof key !== 'object' || key === null || field(key, 'kty') === undefined) {
      throw new CliError(`${source} holds no JSON Web Key.`)
    }
    return key
  })
}

function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new CliError(`${source} is neither JSON nor PEM.`, { cause: error })
  }
}
