/**
 * Public keys of others, as they are sent.
 *
 * @see RFC 7517 §4, RFC 7518 §6, RFC 8037
 */

import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto'
import type { Json, JsonObject } from '../protocol/json.ts'
import { err, ok, type Result } from '../result.ts'

/** Members of a public key that are stored and shown. Generated SDKs refuse any others. */
const publicMembers = ['use', 'kty', 'kid', 'crv', 'alg', 'x', 'y', 'n', 'e', 'x5c'] as const

/** Members that make up each type of key, in the order of its thumbprint (RFC 7638 §3.2, RFC 8037 §2). */
export const thumbprintMembers = new Map<string, readonly string[]>([
  ['RSA', ['e', 'kty', 'n']],
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
])

const curvesOfType = new Map<string, readonly string[]>([
  ['EC', ['P-256', 'P-384', 'P-521']],
  ['OKP', ['Ed25519']],
])

const base64url = /^[A-Za-z0-9_-]+$/u

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isAbsent(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null
}

/** A member that is a string, else `''`. */
export function textOf(jwk: JsonObject, name: string): string {
  const value = jwk[name]
  return typeof value === 'string' ? value : ''
}

/** The key as node:crypto takes it; `undefined` when a member is missing or the numbers are not those of a key. */
function importKey(jwk: JsonObject, members: readonly string[]): KeyObject | undefined {
  const key = Object.fromEntries(members.map((name) => [name, textOf(jwk, name)]))
  const material = members.filter((name) => name !== 'kty' && name !== 'crv')
  if (!material.every((name) => base64url.test(key[name] ?? ''))) return undefined
  try {
    return createPublicKey({ key, format: 'jwk' })
  } catch {
    // Whatever OpenSSL does not take (a point that is not on its curve) is a malformed key, not a failure of ours.
    return undefined
  }
}

function certifies(chain: Json, key: KeyObject): boolean {
  if (!Array.isArray(chain) || chain.length === 0) return false
  const certificates: readonly unknown[] = chain
  try {
    const [first] = certificates.map(
      (text) => new X509Certificate(Buffer.from(String(text), 'base64')),
    )
    return first?.publicKey.equals(key) ?? false
  } catch {
    return false
  }
}

function publicPart(jwk: JsonObject): JsonObject {
  const shown = publicMembers.filter((name) => !isAbsent(jwk[name]) && jwk[name] !== '')
  return Object.fromEntries(shown.map((name) => [name, jwk[name]]))
}

/**
 * Reads a JWK as it was sent. Private members are dropped, since the server has no use for them and must not show them to
 * anybody; the others come in an order of their own.
 *
 * @returns a symmetric key as `{kty: 'oct'}`, for the caller to refuse; the end of a sentence for what is no key.
 */
export function parsePublicJwk(value: unknown): Result<JsonObject, string> {
  if (!isObject(value)) return err('is not an object')
  const { x5c, kid, use, alg } = value
  const kty = textOf(value, 'kty')
  if (kty === 'oct') return ok({ kty })
  const members = thumbprintMembers.get(kty)
  if (members === undefined) return err('has an unknown key type (kty)')
  const curves = curvesOfType.get(kty)
  if (curves !== undefined && !curves.includes(textOf(value, 'crv')))
    return err('has an unknown curve (crv)')
  if (![kid, use, alg].every((label) => isAbsent(label) || typeof label === 'string'))
    return err('must have strings for kid, use and alg')
  const key = importKey(value, members)
  if (key === undefined) return err('is malformed')
  if (!isAbsent(x5c) && !certifies(x5c, key)) return err('has an x5c that does not certify it')
  return ok(publicPart(value))
}
