/**
 * Public keys of a client.
 *
 * @see RFC 7591 §2 (`jwks`), RFC 7517, RFC 7518 §6, RFC 8037
 */

import { createHash, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto'
import type { Client } from '../protocol/client.ts'
import type { Json, JsonObject } from '../protocol/json.ts'
import { err, ok, type Result } from '../result.ts'

/** Members of a public key that are stored and shown. Generated SDKs refuse any others. */
const publicMembers = ['use', 'kty', 'kid', 'crv', 'alg', 'x', 'y', 'n', 'e', 'x5c'] as const

/** Members that make up each type of key, in the order of its thumbprint (RFC 7638 §3.2, RFC 8037 §2). */
const thumbprintMembers = new Map<string, readonly string[]>([
  ['RSA', ['e', 'kty', 'n']],
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
])

/** The algorithm that a key of each curve can be used with; RSA keys have no curve. */
const algorithmOfCurve = new Map([
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
  ['Ed25519', 'EdDSA'],
])

const curvesOfType = new Map<string, readonly string[]>([
  ['EC', ['P-256', 'P-384', 'P-521']],
  ['OKP', ['Ed25519']],
])

const base64url = /^[A-Za-z0-9_-]+$/u

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isAbsent(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null
}

/** A member that is a string, else `''`. */
function textOf(jwk: JsonObject, name: string): string {
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

/** One key with its public members only, or what is wrong with it. */
function parseKey(value: unknown): Result<JsonObject, string> {
  if (!isObject(value)) return err('a key of jwks is not an object')
  const { x5c, kid, use, alg } = value
  const kty = textOf(value, 'kty')
  if (kty === 'oct') return ok({ kty })
  const members = thumbprintMembers.get(kty)
  if (members === undefined) return err('a key of jwks has an unknown kty')
  const curves = curvesOfType.get(kty)
  if (curves !== undefined && !curves.includes(textOf(value, 'crv')))
    return err('a key of jwks has an unknown crv')
  if (![kid, use, alg].every((label) => isAbsent(label) || typeof label === 'string'))
    return err('kid, use and alg of a key of jwks must be strings')
  const key = importKey(value, members)
  if (key === undefined) return err('a key of jwks is malformed')
  if (!isAbsent(x5c) && !certifies(x5c, key))
    return err('x5c of a key of jwks does not certify the key')
  return ok(publicPart(value))
}

/**
 * Reads `jwks` as it was sent. Private members of a key are dropped, since the server has no use for them and must not
 * show them to anybody.
 *
 * @returns `undefined` for what counts as not set (absent, `null`, `{}`); symmetric keys as `{kty: 'oct'}`, for
 *   validation to refuse; a sentence for what is no key set.
 */
export function parseClientJwks(value: unknown): Result<Client['jwks'], string> {
  if (value === undefined || value === null) return ok(undefined)
  if (!isObject(value)) return err('jwks is not an object')
  const list: unknown = value['keys']
  if (list === undefined || list === null) return ok(undefined)
  if (!Array.isArray(list)) return err('keys of jwks is not an array')
  const keys: JsonObject[] = []
  for (const each of list) {
    const key = parseKey(each)
    if (!key.ok) return key
    keys.push(key.value)
  }
  return ok({ keys })
}

/** SHA-256 thumbprint of a public key (RFC 7638 §3), base64url. */
function thumbprint(jwk: JsonObject): string {
  const members = thumbprintMembers.get(textOf(jwk, 'kty')) ?? []
  const canonical = JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])))
  return createHash('sha256').update(canonical).digest('base64url')
}

/**
 * Completes keys for display: generated SDKs cannot read one without `alg`, `kid` and `use`. The stored key stays as it
 * was registered, so that a made-up `alg` or `kid` never keeps an assertion from being verified.
 */
export function showJwks(jwks: Client['jwks']): JsonObject {
  if (jwks === undefined) return {}
  return {
    keys: jwks.keys.map((jwk) => ({
      use: 'sig',
      alg: algorithmOfCurve.get(textOf(jwk, 'crv')) ?? 'RS256',
      kid: jwk['kid'] ?? thumbprint(jwk),
      ...jwk,
    })),
  }
}
