/**
 * The keys that clients encrypt request objects to.
 *
 * @see OpenID Connect Core §6.1 and §10.2, RFC 7516 §5.2
 */

import type { KeyObject } from 'node:crypto'
import { compactDecrypt, decodeProtectedHeader } from 'jose'
import type { Services } from '../context.ts'
import type { JsonObject } from '../protocol/json.ts'
import { algorithmName } from './algorithms.ts'
import {
  contentEncryptionAlgorithms,
  keyManagementAlgorithms,
  type EncryptionKeyType,
} from './encryption-algorithms.ts'
import { generateJwk } from './generate.ts'
import { requestObjectKeySet } from './key-ring.ts'
import type { StoredKey } from '../storage/storage.ts'
import {
  isLongEnough,
  keyObjects,
  openedOnce,
  openJwk,
  publicPart,
  type KeyRingOptions,
} from './stored-jwk.ts'

interface DecryptionKey {
  readonly kid: string
  readonly kty: EncryptionKeyType
  readonly publicJwk: JsonObject
  readonly privateKey: KeyObject
}

/** What the key ring does with the keys for request objects. */
export interface RequestObjectKeys {
  /** Newest first. With encryption turned on there is an RSA and an EC key at least at first; they are made on first use. */
  publicJwks(): Promise<readonly JsonObject[]>
  /** Values of `alg` that one of the keys can open. */
  algorithms(): Promise<readonly string[]>
  /** Plaintext of a compact JWE, `undefined` when no key opens it. */
  decrypt(jwe: string): Promise<string | undefined>
}

/** One key of each type, so that every client finds one that it can use. */
const firstAlgorithms = ['ECDH-ES', 'RSA-OAEP-256'] as const

/** Longest JWE that is tried; request objects are far shorter. */
const maxLength = 256 * 1024

/** Makes the {@link RequestObjectKeys} of a key ring. */
export function createRequestObjectKeys(options: KeyRingOptions): RequestObjectKeys {
  const opened = openedOnce((stored) => openKey(options, stored))
  let making: Promise<void> | undefined

  async function keys(): Promise<readonly DecryptionKey[]> {
    if (!options.settings.requestObjectEncryption) return []
    const present = await options.keys.list(requestObjectKeySet)
    if (present.length > 0) return opened(requestObjectKeySet, present)
    // Callers of one process share the making; of several processes one wins (createFirst).
    making ??= makeFirstKeys(options).finally(() => {
      making = undefined
    })
    await making
    return opened(requestObjectKeySet, await options.keys.list(requestObjectKeySet))
  }

  return {
    publicJwks: async () => (await keys()).map((key) => key.publicJwk),

    async algorithms() {
      const types = new Set((await keys()).map((key) => key.kty))
      return Object.entries(keyManagementAlgorithms)
        .filter(([, kty]) => types.has(kty))
        .map(([alg]) => alg)
    },

    async decrypt(jwe) {
      if (jwe.length > maxLength) return undefined
      const header = headerOf(jwe)
      if (header === undefined) return undefined
      for (const key of await keys()) {
        const fits =
          key.kty === keyManagementAlgorithms[header.alg] &&
          (header.kid === undefined || header.kid === key.kid)
        const plaintext = fits ? await open(jwe, key) : undefined
        if (plaintext !== undefined) return plaintext
      }
      return undefined
    },
  }
}

function headerOf(
  jwe: string,
): { readonly alg: string; readonly kid: string | undefined } | undefined {
  try {
    const { alg, kid, zip } = decodeProtectedHeader(jwe) as Record<string, unknown>
    // A few bytes must not grow to megabytes (RFC 8725 §3.6).
    if (typeof alg !== 'string' || zip !== undefined) return undefined
    if (!Object.hasOwn(keyManagementAlgorithms, alg)) return undefined
    return { alg, kid: typeof kid === 'string' ? kid : undefined }
  } catch {
    return undefined
  }
}

async function open(jwe: string, { privateKey }: DecryptionKey): Promise<string | undefined> {
  try {
    const { plaintext } = await compactDecrypt(jwe, privateKey, {
      keyManagementAlgorithms: Object.keys(keyManagementAlgorithms),
      contentEncryptionAlgorithms: [...contentEncryptionAlgorithms],
    })
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext)
  } catch {
    // Another key, an altered object, or a point that is not on the curve: all look alike from outside.
    return undefined
  }
}

async function makeFirstKeys(options: KeyRingOptions): Promise<void> {
  const { keys, sealer, clock, random } = options
  const made = firstAlgorithms.map(async (alg) => {
    const kid = random.uuid()
    const jwk = await generateJwk(alg, { kid, use: 'enc' })
    const sealedJwk = sealer.seal('private_jwk', JSON.stringify(jwk))
    return { set: requestObjectKeySet, kid, sealedJwk, createdAt: clock() }
  })
  const [first, ...more] = await Promise.all(made)
  if (first !== undefined) await keys.createFirst(first, ...more)
}

/** Opens a stored key; `undefined` for one that decrypts nothing. */
function openKey(services: Pick<Services, 'sealer'>, stored: StoredKey): DecryptionKey | undefined {
  const jwk = openJwk(services, stored)
  if (jwk.use !== undefined && jwk.use !== 'enc') return undefined
  const labelled = { ...jwk, use: 'enc', kid: stored.kid }
  const alg = algorithmName(labelled)
  const kty = Object.hasOwn(keyManagementAlgorithms, alg) ? keyManagementAlgorithms[alg] : undefined
  if (kty === undefined || kty !== jwk.kty) return undefined
  const privateKey = keyObjects(jwk)?.privateKey
  if (privateKey === undefined || !isLongEnough(privateKey)) return undefined
  return { kid: stored.kid, kty, publicJwk: publicPart({ ...labelled, alg }), privateKey }
}
