/**
 * Seals with AES-256-GCM under a key of its own for every value.
 *
 * Key and nonce of the cipher are derived from a master key and 24 random bytes, so that the number of values under one
 * secret is not bounded by the 96-bit nonce of GCM (NIST SP 800-38D §8.3). The purpose is the associated data. The derivation
 * is the one-step function of NIST SP 800-56C §4.1 with SHA-512, at a third of the cost of an HMAC object.
 */

import { createCipheriv, createDecipheriv, hash, hkdfSync } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Secret } from '../brand.ts'
import type { Random } from '../context.ts'
import { compressionDictionary } from './compression-dictionary.ts'
import { sealedKinds, type SealedKind, type Sealer } from './sealer.ts'

/** Bumped when the format changes, so that old values never open as new ones. */
const formatVersion = '1'
const nonceBytes = 24
const tagBytes = 16
const masterBytes = 32
const counterBytes = 4
const nonceStart = counterBytes + masterBytes
/** Largest text that may come out of a compressed value: bounds the work of a forged one. */
const maxInflatedBytes = 1 << 20

/** A window just larger than the dictionary: setting up a larger one would cost more than the compression. */
const compression = { level: 6, memLevel: 2, windowBits: 11, dictionary: compressionDictionary }

interface MasterKey {
  /** Counter, key, and room for the random bytes: what is hashed for the key of a value. */
  readonly derivation: Buffer
  /** One byte in the clear that saves trying every secret. */
  readonly hint: number
}

/** The secrets that values are sealed with and opened by, the newest first, and randomness. */
export interface SealerOptions {
  /** First seals, all open; at least one. */
  readonly system: readonly Secret[]
  /** Fall back to `system` when empty. */
  readonly cookie: readonly Secret[]
  readonly pagination: readonly Secret[]
  readonly random: Pick<Random, 'bytes'>
}

type KeyFamily = 'system' | 'cookie' | 'pagination'

function familyOf(kind: SealedKind): KeyFamily {
  if (kind === 'session_cookie' || kind === 'csrf_cookie') return 'cookie'
  return kind === 'page_token' ? 'pagination' : 'system'
}

function masterKeys(secrets: readonly Secret[]): readonly MasterKey[] {
  return secrets.map((secret) => {
    const bytes = Buffer.from(
      hkdfSync('sha256', secret.reveal(), '', `firebrand seal ${formatVersion}`, masterBytes + 1),
    )
    const derivation = Buffer.alloc(nonceStart + nonceBytes)
    derivation.writeUInt32BE(1)
    bytes.copy(derivation, counterBytes, 0, masterBytes)
    return { derivation, hint: bytes[masterBytes] ?? 0 }
  })
}

interface CipherKey {
  readonly key: Buffer
  readonly iv: Buffer
}

/** Where the key of the value at hand is derived; a cipher keeps a copy of its own. */
const derived = Buffer.alloc(64)
const derivedKey: CipherKey = { key: derived.subarray(0, 32), iv: derived.subarray(32, 44) }

/** What it returns holds until the next call. */
function cipherKey({ derivation }: MasterKey, nonce: Uint8Array): CipherKey {
  derivation.set(nonce, nonceStart)
  // As text: a buffer made by the library costs three times as much as the digest.
  derived.write(hash('sha512', derivation, 'latin1'), 'latin1')
  return derivedKey
}

/** Canonical base64url without padding; `undefined` for anything else, so that no two texts mean the same bytes. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

/** Kinds that travel in URLs: their payload is compressed when it is long, which takes more time than sealing it. */
const inUrls: ReadonlySet<SealedKind> = new Set([
  'login_challenge',
  'login_verifier',
  'consent_challenge',
  'consent_verifier',
  'logout_challenge',
  'logout_verifier',
  'device_challenge',
  'device_verifier',
])

/** Up to here a sealed value has at most 800 characters. */
const longestPlainBytes = 550

/** First byte of a payload that travels in URLs. */
const plain = Buffer.of(0)
const deflated = Buffer.of(1)

function pack(kind: SealedKind, payload: string): Buffer {
  const bytes = Buffer.from(payload)
  if (!inUrls.has(kind)) return bytes
  return bytes.length <= longestPlainBytes
    ? Buffer.concat([plain, bytes])
    : Buffer.concat([deflated, deflateRawSync(bytes, compression)])
}

function unpack(kind: SealedKind, bytes: Buffer): string {
  if (!inUrls.has(kind)) return bytes.toString()
  const payload = bytes.subarray(1)
  if (bytes[0] === plain[0]) return payload.toString()
  return inflateRawSync(payload, { ...compression, maxOutputLength: maxInflatedBytes }).toString()
}

/** Makes a {@link Sealer}. @throws when there is no system secret. */
export function createSealer(options: SealerOptions): Sealer {
  if (options.system.length === 0)
    throw new Error('sealing needs at least one secret in secrets.system')
  const system = masterKeys(options.system)
  const keys: Readonly<Record<KeyFamily, readonly MasterKey[]>> = {
    system,
    cookie: options.cookie.length > 0 ? masterKeys(options.cookie) : system,
    pagination: options.pagination.length > 0 ? masterKeys(options.pagination) : system,
  }
  const purposes = new Map<SealedKind, Buffer>()
  for (const kind of Object.keys(sealedKinds) as SealedKind[]) {
    purposes.set(kind, Buffer.from(`firebrand ${formatVersion} ${kind}`))
  }
  const purposeOf = (kind: SealedKind): Buffer => purposes.get(kind) ?? Buffer.from(kind)

  return {
    seal(kind, payload) {
      const [master] = keys[familyOf(kind)]
      if (master === undefined) throw new Error('there is no secret to seal with')
      const head = Buffer.alloc(1 + nonceBytes)
      head[0] = master.hint
      head.set(options.random.bytes(nonceBytes), 1)
      const { key, iv } = cipherKey(master, head.subarray(1))
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(purposeOf(kind))
      const text = cipher.update(pack(kind, payload))
      // GCM has nothing left to say at the end.
      cipher.final()
      const body = Buffer.concat([text, cipher.getAuthTag()])
      return `${sealedKinds[kind].prefix}${head.toString('base64url')}.${body.toString('base64url')}`
    },

    open(kind, value) {
      const { prefix } = sealedKinds[kind]
      const text = prefix !== '' && value.startsWith(prefix) ? value.slice(prefix.length) : value
      const dot = text.indexOf('.')
      const head = decode(text.slice(0, Math.max(dot, 0)))
      const body = decode(text.slice(dot + 1))
      if (
        dot < 0 ||
        head?.length !== 1 + nonceBytes ||
        body === undefined ||
        body.length < tagBytes
      )
        return undefined
      for (const master of keys[familyOf(kind)]) {
        if (master.hint !== head[0]) continue
        const opened = decrypt(cipherKey(master, head.subarray(1)), body, purposeOf(kind))
        if (opened !== undefined) return unpack(kind, opened)
      }
      return undefined
    },
  }
}

function decrypt({ key, iv }: CipherKey, body: Buffer, purpose: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(purpose)
  decipher.setAuthTag(body.subarray(body.length - tagBytes))
  const text = decipher.update(body.subarray(0, body.length - tagBytes))
  try {
    decipher.final()
    return text
  } catch {
    // The tag does not match: altered, of another kind, or under another secret.
    return undefined
  }
}
