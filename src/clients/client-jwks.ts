/**
 * Public keys of a client.
 *
 * @see RFC 7591 §2 (`jwks`), RFC 7517, RFC 7518 §6, RFC 8037
 */

import { createHash } from 'node:crypto'
import { isObject, parsePublicJwk, textOf, thumbprintMembers } from '../keys/public-jwk.ts'
import type { Client } from '../protocol/client.ts'
import type { JsonObject } from '../protocol/json.ts'
import { err, ok, type Result } from '../result.ts'

/** The algorithm that a key of each curve can be used with; RSA keys have no curve. */
const algorithmOfCurve = new Map([
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
  ['Ed25519', 'EdDSA'],
])

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
    const key = parsePublicJwk(each)
    if (!key.ok) return err(`a key of jwks ${key.error}`)
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
