/**
 * The key ring over stored key sets.
 *
 * @see RFC 7517 §5, RFC 8725 §3.1 (the key decides the algorithm, never the token)
 */

import { createHash, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import { compactVerify } from 'jose/jws/compact/verify'
import type { Services } from '../context.ts'
import type { JsonObject } from '../protocol/json.ts'
import type { StoredKey } from '../storage/storage.ts'
import { algorithmName, algorithms, signBytes, type Algorithm } from './algorithms.ts'
import { mayBeOfKind, readJwsHeader } from './compact-jws.ts'
import { generateJwk } from './generate.ts'
import {
  accessTokenKeySet,
  idTokenKeySet,
  setOfAlgorithm,
  type KeyRing,
  type SigningKey,
} from './key-ring.ts'
import {
  isLongEnough,
  keyObjects,
  openedOnce,
  openJwk,
  publicPart,
  type KeyRingOptions,
} from './stored-jwk.ts'
import { createRequestObjectKeys } from './request-object-keys.ts'

/** A stored key, opened once and kept while the stored list stays the same. */
interface OpenedKey {
  readonly kid: string
  readonly alg: string
  /** Public members only. */
  readonly publicJwk: JsonObject
  /** `undefined` when the key is for something else than signatures that we know. */
  readonly publicKey: KeyObject | undefined
  readonly signingKey: SigningKey | undefined
}

/** Makes a {@link KeyRing}. */
export function createKeyRing(options: KeyRingOptions): KeyRing {
  const opened = openedOnce((stored) => openKey(options, stored))

  async function keysOf(set: string): Promise<readonly OpenedKey[]> {
    return opened(set, await options.keys.list(set))
  }

  const making = new Map<string, Promise<void>>()

  /** The set with at least one key that can sign; the first one is made now if need be. */
  async function usableKeysOf(set: string, alg = algorithmOf(options, set)) {
    const keys = await keysOf(set)
    if (keys.some((key) => key.signingKey !== undefined)) return keys
    // Making an RSA key takes a good part of a second: callers of one process share it.
    const first = making.get(set) ?? makeFirstKey(options, set, alg)
    making.set(set, first)
    try {
      await first
    } finally {
      making.delete(set)
    }
    return keysOf(set)
  }

  const requestObjects = createRequestObjectKeys(options)

  async function keyOfAlgorithm(set: string, alg: string): Promise<OpenedKey | undefined> {
    const fits = (key: OpenedKey) => key.alg === alg && key.signingKey !== undefined
    return (
      (await usableKeysOf(set)).find(fits) ??
      (await usableKeysOf(setOfAlgorithm(set, alg), alg)).find(fits)
    )
  }

  return {
    async signingKey(set, alg) {
      const key =
        alg === undefined
          ? (await usableKeysOf(set)).find((candidate) => candidate.signingKey !== undefined)
          : await keyOfAlgorithm(set, alg)
      if (key?.signingKey === undefined)
        throw new Error(`the key set ${set} holds no key to sign with`)
      return key.signingKey
    },

    async publicJwks() {
      const sets = [
        ...new Set([...options.settings.jwksBroadcastKeys, accessTokenKeySet, idTokenKeySet]),
      ]
      const keys = await Promise.all([
        ...sets.map((set) => usableKeysOf(set)),
        ...Object.keys(algorithms).map((alg) => keysOf(setOfAlgorithm(idTokenKeySet, alg))),
      ])
      return {
        keys: [...keys.flat().map((key) => key.publicJwk), ...(await requestObjects.publicJwks())],
      }
    },

    async verify(set, jwt) {
      const header = readJwsHeader(jwt)
      // Every JWT of this server is of the general type.
      if (header === undefined || !mayBeOfKind(header, undefined)) return undefined
      const { alg, kid } = header
      const known = Object.hasOwn(algorithms, alg)
        ? [...(await keysOf(set)), ...(await keysOf(setOfAlgorithm(set, alg)))]
        : []
      const candidates = known.filter(
        (key) => key.alg === alg && (kid === undefined || key.kid === kid),
      )
      for (const key of candidates) {
        const claims = await verifyWith(key, jwt)
        if (claims !== undefined) return claims
      }
      return undefined
    },

    keyManagementAlgorithms: () => requestObjects.algorithms(),
    decrypt: (jwe) => requestObjects.decrypt(jwe),
  }
}

/**
 * Makes the first key that signs. Of any number of processes that do so at once one succeeds and the others find its key:
 * an empty set takes one first key only, and in a set of keys that cannot sign the name of the new key follows from theirs.
 */
async function makeFirstKey(options: KeyRingOptions, set: string, alg: string): Promise<void> {
  const { keys, sealer, clock, random } = options
  const present = await keys.list(set)
  // Another process may have made it since the caller looked.
  if (present.some((key) => openKey(options, key)?.signingKey !== undefined)) return
  const kid = present.length === 0 ? random.uuid() : kidBeside(present)
  const jwk = await generateJwk(alg, { kid, use: 'sig' })
  if (jwk === undefined) throw new Error(`keys for ${alg} cannot be generated`)
  const sealedJwk = sealer.seal('private_jwk', JSON.stringify(jwk))
  const key = { set, kid, sealedJwk, createdAt: clock() }
  await (present.length === 0 ? keys.createFirst(key) : keys.create(key))
}

function algorithmOf({ settings }: KeyRingOptions, set: string): string {
  return set === accessTokenKeySet ? settings.signing.accessToken : settings.signing.idToken
}

/** A UUIDv8 (RFC 9562 §5.8) that every process derives alike. */
function kidBeside(present: readonly StoredKey[]): string {
  const digits = createHash('sha256')
    .update(JSON.stringify(present.map(({ set, kid, createdAt }) => [set, kid, createdAt])))
    .digest('hex')
  const cut = (from: number, to: number) => digits.slice(from, to)
  return `${cut(0, 8)}-${cut(8, 12)}-8${cut(12, 15)}-8${cut(15, 18)}-${cut(18, 30)}`
}

/** Opens a stored key; `undefined` for a symmetric one and for what is no key, which neither sign nor verify and are never published. */
function openKey(services: Pick<Services, 'sealer'>, stored: StoredKey): OpenedKey | undefined {
  const jwk = openJwk(services, stored)
  if (jwk.kty === 'oct') return undefined
  const { kid } = stored
  const alg = algorithmName(jwk)
  // Generated SDKs refuse a key without one of the four.
  const publicJwk = publicPart({ ...jwk, use: jwk.use ?? 'sig', kid, alg })
  const algorithm = jwk.use === 'enc' ? undefined : algorithms[alg]
  const unused = { kid, alg, publicJwk, publicKey: undefined, signingKey: undefined }
  if (algorithm === undefined || !fits(algorithm, jwk)) return unused
  const pair = keyObjects(jwk)
  if (pair === undefined) return undefined
  const { publicKey, privateKey } = pair
  if (!isLongEnough(publicKey)) return unused
  const signs = privateKey !== undefined
  return {
    kid,
    alg,
    publicJwk,
    publicKey,
    signingKey: signs ? signingKey(kid, alg, algorithm, privateKey) : undefined,
  }
}

function fits({ kty, crv }: Algorithm, jwk: JWK): boolean {
  return jwk.kty === kty && (crv === undefined || jwk.crv === crv)
}

function signingKey(kid: string, alg: string, algorithm: Algorithm, key: KeyObject): SigningKey {
  const headers = new Map<string, string>()
  const headerOf = (typ: string): string => {
    const known =
      headers.get(typ) ?? Buffer.from(JSON.stringify({ alg, kid, typ })).toString('base64url')
    headers.set(typ, known)
    return known
  }
  return {
    kid,
    alg,
    async sign(claims, typ) {
      const input = `${headerOf(typ)}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
      const signature = await signBytes(algorithm, key, Buffer.from(input))
      return `${input}.${signature.toString('base64url')}`
    },
  }
}

async function verifyWith(
  { publicKey, alg }: OpenedKey,
  jwt: string,
): Promise<JsonObject | undefined> {
  if (publicKey === undefined) return undefined
  try {
    const { payload } = await compactVerify(jwt, publicKey, { algorithms: [alg] })
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims)
      ? (claims as JsonObject)
      : undefined
  } catch {
    // Malformed, another signature, or a critical header that nobody here understands.
    return undefined
  }
}
