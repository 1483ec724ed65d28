/** Makes new signing keys. */

import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { JsonObject } from '../protocol/json.ts'
import { algorithms } from './algorithms.ts'

const generate = promisify(generateKeyPair)

/** A private JWK with `alg`, `use` and `kid` (RFC 7517 §4); `undefined` for an algorithm the server does not sign with. */
export async function generateJwk(
  alg: string,
  { kid, use }: { readonly kid: string; readonly use: string },
): Promise<JsonObject | undefined> {
  const algorithm = algorithms[alg]
  if (algorithm === undefined) return undefined
  const privateKey = await privateKeyOf(algorithm)
  const jwk = privateKey.export({ format: 'jwk' }) as JsonObject
  return { ...jwk, alg, use, kid }
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
