/** Makes new signing keys. */

import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { JsonObject } from '../protocol/json.ts'
import { algorithms } from './algorithms.ts'
import { keyManagementAlgorithms } from './encryption-algorithms.ts'

const generate = promisify(generateKeyPair)

/** A private JWK with `alg`, `use` and `kid` (RFC 7517 §4); `undefined` for an algorithm the server neither signs nor decrypts with. */
export async function generateJwk(
  alg: string,
  { kid, use }: { readonly kid: string; readonly use: string },
): Promise<JsonObject | undefined> {
  const privateKey = await keyFor(alg)
  if (privateKey === undefined) return undefined
  const jwk = privateKey.export({ format: 'jwk' }) as JsonObject
  return { ...jwk, alg, use, kid }
}

/** Algorithms that keys can be generated for. */
export const generatedAlgorithms: readonly string[] = [
  ...Object.keys(algorithms),
  ...Object.keys(keyManagementAlgorithms),
]

function keyFor(alg: string): Promise<KeyObject> | undefined {
  if (!generatedAlgorithms.includes(alg)) return undefined
  const signing = algorithms[alg]
  if (signing !== undefined) return privateKeyOf(signing)
  return keyManagementAlgorithms[alg] === 'RSA'
    ? privateKeyOf({ kty: 'RSA', modulusLength: 2048, hash: null })
    : privateKeyOf({ kty: 'EC', crv: 'P-256', hash: null })
}

async function privateKeyOf(algorithm: (typeof algorithms)[string]): Promise<KeyObject> {
  switch (algorithm.kty) {
    case 'RSA':
      return (await generate('rsa', { modulusLength: algorithm.modulusLength ?? 2048 })).privateKey
    case 'EC':
      return (await generate('ec', { namedCurve: algorithm.crv ?? 'P-256' })).privateKey
    case 'OKP':
      return (await generate('ed25519')).privateKey
  }
}
