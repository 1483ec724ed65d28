/** Passwords of accounts: what is accepted, how it is stored, how it is checked. */

import * as crypto from 'node:crypto'
import { promisify } from 'node:util'
import { verifySlowHash } from '../clients/slow-hash.ts'
import { err, ok, type Result } from '../result.ts'

/** NIST SP 800-63B-4 §3.1.1.2: at least eight characters, and no rules of composition. */
const minimumCharacters = 8

/** Bounds the work of hashing; far beyond what anyone types. */
const maximumBytes = 1024

/** Parameters of Argon2id as OWASP recommends them: 19 MiB, two passes. About 25 ms on a thread of the pool. */
const argon2id = { memory: 19_456, passes: 2, parallelism: 1 } as const

/** Where the runtime lacks Argon2: scrypt at 32 MiB, about the same work for an attacker. */
const scrypt = { logCost: 15, r: 8, p: 3 } as const

const keyBytes = 32

/** Hashes and checks passwords; replaced in tests to count its work. */
export interface PasswordHasher {
  /** A hash text that records its algorithm and parameters. @param salt 16 random bytes. */
  hash(password: string, salt: Uint8Array): Promise<string>
  /** Derives once and compares in constant time. */
  verify(hashText: string, password: string): Promise<boolean>
  /** Whether {@link PasswordHasher.hash} makes hash texts of the same algorithm and parameters today. */
  isCurrent(hashText: string): boolean
  /** A hash text that no password matches and that costs as much to check as a real one. */
  readonly decoy: string
}

/**
 * The spelling under which a password is hashed: NFKC, so that it does not depend on the keyboard (RFC 8265 §4.2 asks
 * for NFC; NFKC also covers full-width forms).
 */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC')
}

/** Checks a new password. @returns a sentence for the person who chose it. */
export function checkNewPassword(password: string): Result<void, string> {
  const normalized = normalizePassword(password)
  if (Array.from(normalized).length < minimumCharacters)
    return err(`The password must have at least ${minimumCharacters} characters.`)
  if (Buffer.byteLength(normalized) > maximumBytes)
    return err(`The password must have at most ${maximumBytes} bytes.`)
  return ok(undefined)
}

/** Whether a password that somebody typed can belong to an account at all. Longer ones are not worth hashing. */
export function isPlausiblePassword(password: string): boolean {
  return Buffer.byteLength(normalizePassword(password)) <= maximumBytes
}

function unpaddedBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/u, '')
}

function argon2Prefix(): string {
  const { memory, passes, parallelism } = argon2id
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$`
}

async function hashArgon2id(password: string, salt: Uint8Array): Promise<string> {
  const key = await promisify(crypto.argon2)('argon2id', {
    ...argon2id,
    message: normalizePassword(password),
    nonce: salt,
    tagLength: keyBytes,
  })
  return `${argon2Prefix()}${unpaddedBase64(salt)}$${unpaddedBase64(key)}`
}

function scryptPrefix(): string {
  const { logCost, r, p } = scrypt
  return `$scrypt$ln=${logCost},r=${r},p=${p}$`
}

function hashScrypt(password: string, salt: Uint8Array): Promise<string> {
  const { logCost, r, p } = scrypt
  const options = { N: 2 ** logCost, r, p, maxmem: 256 * 2 ** logCost * r }
  return new Promise((resolve, reject) => {
    crypto.scrypt(normalizePassword(password), salt, keyBytes, options, (error, key) => {
      if (error === null) resolve(`${scryptPrefix()}${unpaddedBase64(salt)}$${unpaddedBase64(key)}`)
      else reject(error)
    })
  })
}

const nothing = `${unpaddedBase64(new Uint8Array(16))}$${unpaddedBase64(new Uint8Array(keyBytes))}`

const verify = (hashText: string, password: string) =>
  verifySlowHash(hashText, normalizePassword(password))

/** Argon2id (RFC 9106). Node.js has it since 24.7. */
export const argon2idHasher: PasswordHasher = {
  hash: hashArgon2id,
  verify,
  isCurrent: (hashText) => hashText.startsWith(argon2Prefix()),
  decoy: argon2Prefix() + nothing,
}

/** scrypt (RFC 7914). */
export const scryptHasher: PasswordHasher = {
  hash: hashScrypt,
  verify,
  isCurrent: (hashText) => hashText.startsWith(scryptPrefix()),
  decoy: scryptPrefix() + nothing,
}

/** The best hasher of this runtime. Each verifies what the other made, where the runtime can. */
export const passwordHasher: PasswordHasher =
  typeof crypto.argon2 === 'function' ? argon2idHasher : scryptHasher
