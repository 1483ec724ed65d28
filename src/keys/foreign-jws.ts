/**
 * Signed objects of others, checked with their public keys: HMAC and `none` are never accepted, an embedded key is never used.
 *
 * @see RFC 7515 §5.2, RFC 7518 §3.1, RFC 8725 §3.1
 */

import { compactVerify, importJWK, type JWK } from 'jose'
import type { JsonObject } from '../protocol/json.ts'
import { err, ok, type Result } from '../result.ts'
import { algorithms } from './algorithms.ts'
import type { JwsHeader } from './compact-jws.ts'

/** The claims of a compact JWS before anything is verified; only good to find out whose key to use. */
export function peekClaims(jws: string): JsonObject | undefined {
  const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url')
  const claims = parseClaims(payload)
  return claims.ok ? claims.value : undefined
}

/** Type of the keys that an `alg` is used with; `undefined` for HMAC, `none` and whatever else is not accepted. */
export function keyTypeOf(alg: string): 'RSA' | 'EC' | 'OKP' | undefined {
  return Object.hasOwn(algorithms, alg) ? algorithms[alg]?.kty : undefined
}

/** Whether a JWK may have signed what has this header: of the right type, for signatures, and of that name if the header has one. */
export function fitsHeader(key: JsonObject, { alg, kid }: JwsHeader): boolean {
  const { kty, use, alg: ofKey } = key
  return (
    kty !== undefined &&
    kty === keyTypeOf(alg) &&
    (kid === undefined || key['kid'] === kid) &&
    (use === undefined || use === 'sig') &&
    (ofKey === undefined || ofKey === alg)
  )
}

/**
 * Checks a compact JWS with one key.
 *
 * @returns its claims; `malformed` when the signature is right but the payload is no JSON object; `undefined` when it is wrong.
 */
export async function verifyForeignJws(
  key: JsonObject,
  jws: string,
  alg: string,
): Promise<Result<JsonObject, 'malformed'> | undefined> {
  const payload = await verifiedPayload(key, jws, alg)
  return payload === undefined ? undefined : parseClaims(payload)
}

async function verifiedPayload(
  key: JsonObject,
  jws: string,
  alg: string,
): Promise<Uint8Array | undefined> {
  try {
    const imported = await importJWK(key as JWK, alg)
    return (await compactVerify(jws, imported, { algorithms: [alg] })).payload
  } catch {
    // Another key, an altered token, or a critical header that nobody here understands.
    return undefined
  }
}

function parseClaims(payload: Uint8Array): Result<JsonObject, 'malformed'> {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims)
      ? ok(claims as JsonObject)
      : err('malformed')
  } catch {
    return err('malformed')
  }
}
