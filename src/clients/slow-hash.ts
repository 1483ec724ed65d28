/** Slow hashes of secrets that people chose, told apart by the prefix of their text. */

import { compare, hash } from 'bcryptjs'
import * as crypto from 'node:crypto'
import { promisify } from 'node:util'
import type { Settings } from '../settings.ts'

const pbkdf2 = promisify(crypto.pbkdf2)

/** bcrypt ignores what lies behind this many bytes. */
export const bcryptMaxBytes = 72

/** Digest names of PBKDF2 hashes. Two of them name SHA-3, as the reference writes it; an unknown name means SHA-256. */
const pbkdf2Digests: Readonly<Record<string, string>> = {
  sha1: 'sha1',
  sha224: 'sha3-224',
  sha256: 'sha256',
  sha384: 'sha3-384',
  sha512: 'sha512',
}

/** Standard base64 without padding; `undefined` for any other spelling. */
function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return unpaddedBase64(bytes) === text ? bytes : undefined
}

function unpaddedBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/u, '')
}

/** Parameters such as `m=65536,t=3,p=4` of a hash text. */
function parameters(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.split(',').flatMap((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return /^[1-9]\d{0,9}$/u.test(value) ? [[name, Number(value)] as const] : []
    }),
  )
}

/** `$<name>$<…parameters>$<salt>$<key>` taken apart. */
interface HashText {
  readonly name: string
  readonly parameters: ReadonlyMap<string, number>
  readonly salt: Buffer
  readonly key: Buffer
}

function parseHashText(text: string): HashText | undefined {
  const [, name = '', ...fields] = text.split('$')
  const salt = strictBase64(fields.at(-2) ?? '')
  const key = strictBase64(fields.at(-1) ?? '')
  if (fields.length < 3 || salt === undefined || key === undefined || key.length === 0)
    return undefined
  return { name, parameters: parameters(fields.at(-3) ?? ''), salt, key }
}

type Derive = (secret: string, hash: HashText) => Promise<Uint8Array> | undefined

/** Derives the key of a PBKDF2 hash (RFC 8018 §5.2). */
const derivePbkdf2: Derive = (secret, { name, parameters, salt, key }) => {
  const iterations = parameters.get('i')
  if (iterations === undefined || parameters.get('l') !== key.length) return undefined
  const digest = pbkdf2Digests[name.slice('pbkdf2-'.length)] ?? 'sha256'
  return pbkdf2(secret, salt, iterations, key.length, digest)
}

/** Derives the key of an Argon2 hash (RFC 9106); needs Node.js 24.7. */
const deriveArgon2: Derive = (secret, { name, parameters, salt, key }) => {
  const memory = parameters.get('m')
  const passes = parameters.get('t')
  const parallelism = parameters.get('p')
  if (typeof crypto.argon2 !== 'function') return undefined
  if (memory === undefined || passes === undefined || parallelism === undefined) return undefined
  const algorithm = name === 'argon2id' ? 'argon2id' : 'argon2i'
  const tagLength = key.length
  return promisify(crypto.argon2)(algorithm, {
    message: secret,
    nonce: salt,
    memory,
    passes,
    parallelism,
    tagLength,
  })
}

/** Derives the key of a scrypt hash (RFC 7914). */
const deriveScrypt: Derive = (secret, { parameters, salt, key }) => {
  const logCost = parameters.get('ln')
  const r = parameters.get('r')
  const p = parameters.get('p')
  if (logCost === undefined || r === undefined || p === undefined || logCost > 24) return undefined
  const N = 2 ** logCost
  return new Promise((resolve, reject) => {
    crypto.scrypt(
      secret,
      salt,
      key.length,
      { N, r, p, maxmem: 256 * N * r + 1024 },
      (error, derived) => {
        if (error === null) resolve(derived)
        else reject(error)
      },
    )
  })
}

const derivations: readonly (readonly [name: RegExp, derive: Derive])[] = [
  [/^pbkdf2-/u, derivePbkdf2],
  [/^argon2id?$/u, deriveArgon2],
  [/^scrypt$/u, deriveScrypt],
]

/** The spellings of bcrypt's version differ in historic bugs that none of our hashes has. */
const bcryptVersion = /^\$2[abyz]?\$/u

async function verifyBcrypt(hashText: string, secret: string): Promise<boolean> {
  if (Buffer.byteLength(secret) > bcryptMaxBytes) return false
  return compare(secret, hashText.replace(bcryptVersion, '$2b$'))
}

/**
 * Checks a secret against a hash text: `$pbkdf2-<digest>$i=…,l=…$salt$key`, `$2b$…` (bcrypt), `$argon2id$…`,
 * `$argon2i$…` or `$scrypt$ln=…,r=…,p=…$salt$key`. Derived keys are compared in constant time.
 *
 * @returns false too when the text is none of these or is malformed, and for a secret with a NUL: PBKDF2 and scrypt pad with it
 *   (RFC 2104 §2), so that a secret and the same with one more would be one.
 */
export async function verifySlowHash(hashText: string, secret: string): Promise<boolean> {
  if (bcryptVersion.test(hashText)) return verifyBcrypt(hashText, secret)
  const parsed = parseHashText(hashText)
  if (parsed === undefined) return false
  const derive = derivations.find(([name]) => name.test(parsed.name))?.[1]
  const derived = await derive?.(secret, parsed)
  const isSame = derived !== undefined && crypto.timingSafeEqual(derived, parsed.key)
  return isSame && !secret.includes('\0')
}

/**
 * Hashes a secret with the configured algorithm.
 *
 * @param salt 16 random bytes.
 * @throws RangeError when bcrypt is configured and the secret has more than 72 bytes; validation refuses those before.
 */
export async function slowHash(
  secret: string,
  salt: Uint8Array,
  hasher: Settings['oauth2']['hasher'],
): Promise<string> {
  if (hasher.algorithm === 'bcrypt') {
    if (Buffer.byteLength(secret) > bcryptMaxBytes)
      throw new RangeError('bcrypt cannot hash more than 72 bytes')
    return hash(secret, hasher.bcryptCost)
  }
  const key = await pbkdf2(secret, salt, hasher.pbkdf2Iterations, 32, 'sha256')
  return `$pbkdf2-sha256$i=${hasher.pbkdf2Iterations},l=32$${unpaddedBase64(salt)}$${unpaddedBase64(key)}`
}
