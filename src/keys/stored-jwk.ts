/** What everything that works on stored keys has in common. */

import type { Clock, Random, Services } from '../context.ts'
import type { JsonObject } from '../protocol/json.ts'
import type { Settings } from '../settings.ts'
import type { KeyStore } from '../storage/storage.ts'

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
