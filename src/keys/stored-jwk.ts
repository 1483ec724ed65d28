/** What everything that works on stored keys has in common. */

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import type { Clock, Random, Services } from '../context.ts'
import type { JsonObject } from '../protocol/json.ts'
import type { Settings } from '../settings.ts'
import type { KeyStore, StoredKey } from '../storage/storage.ts'

/** What the key ring reads keys from and opens them with. */
export interface KeyRingOptions {
  readonly keys: KeyStore
  readonly sealer: Services['sealer']
  readonly clock: Clock
  readonly random: Pick<Random, 'uuid'>
  readonly settings: Pick<Settings, 'signing' | 'jwksBroadcastKeys' | 'requestObjectEncryption'>
}

const publicMembers = ['use', 'kty', 'kid', 'crv', 'alg', 'n', 'e', 'x', 'y', 'x5c'] as const

/** The members of a JWK that anybody may see. */
export function publicPart(jwk: JsonObject): JsonObject {
  return Object.fromEntries(
    publicMembers.filter((name) => jwk[name] !== undefined).map((name) => [name, jwk[name]]),
  )
}

/** The JWK of a stored key, as it was sealed. @throws when no secret opens it. */
export function openJwk(
  { sealer }: Pick<Services, 'sealer'>,
  { set, kid, sealedJwk }: StoredKey,
): JsonObject & JWK {
  const text = sealer.open('private_jwk', sealedJwk)
  if (text === undefined)
    throw new Error(`the key ${kid} of ${set} does not open under any of secrets.system`)
  return JSON.parse(text) as JsonObject & JWK
}

/** Bits of an RSA key that may sign or decrypt (RFC 7518 §3.3 and §4.3). */
const minModulusLength = 2048

/** Whether a key is of another type than RSA, or long enough. */
export function isLongEnough({ asymmetricKeyDetails }: KeyObject): boolean {
  return (asymmetricKeyDetails?.modulusLength ?? minModulusLength) >= minModulusLength
}

/** The halves of a JWK; `undefined` when its members make no key. One such key must not take the others of its set along. */
export function keyObjects(
  jwk: JWK,
): { readonly publicKey: KeyObject; readonly privateKey: KeyObject | undefined } | undefined {
  const input = { key: jwk, format: 'jwk' } as const
  try {
    const privateKey = typeof jwk.d === 'string' ? createPrivateKey(input) : undefined
    return { publicKey: createPublicKey(input), privateKey }
  } catch {
    return undefined
  }
}

/**
 * Opens the keys of a set, once for as long as the stored list stays the same.
 *
 * @param open `undefined` for a key that is of no use.
 */
export function openedOnce<Key>(
  open: (stored: StoredKey) => Key | undefined,
): (set: string, stored: readonly StoredKey[]) => readonly Key[] {
  const known = new Map<string, { stored: readonly StoredKey[]; keys: readonly Key[] }>()
  return (set, stored) => {
    const before = known.get(set)
    if (before !== undefined && isSame(before.stored, stored)) return before.keys
    const keys = stored.map(open).filter((key) => key !== undefined)
    known.set(set, { stored, keys })
    return keys
  }
}

function isSame(a: readonly StoredKey[], b: readonly StoredKey[]): boolean {
  return (
    a === b ||
    (a.length === b.length && a.every((key, index) => key.sealedJwk === b[index]?.sealedJwk))
  )
}
