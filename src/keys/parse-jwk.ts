/**
 * Keys as they are uploaded and shown.
 *
 * @see RFC 7517 §4, RFC 7518 §6, RFC 8037 §2
 */

import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto'
import type { Json, JsonObject } from '../protocol/json.ts'
import { err, ok, type Result } from '../result.ts'
import { algorithmName } from './algorithms.ts'

/** Members that are kept, in the order of answers. Generated SDKs refuse any others. */
const members = [
  'use',
  'kty',
  'kid',
  'crv',
  'alg',
  'k',
  'x',
  'y',
  'n',
  'e',
  'd',
  'p',
  'q',
  'dp',
  'dq',
  'qi',
  'x5c',
] as const

const labels = ['use', 'kty', 'kid', 'crv', 'alg'] as const

/** Members of which each type of key is made, and those that a private one has besides. */
const materials: Readonly<
  Record<string, { readonly all: readonly string[]; readonly secret: readonly string[] }>
> = {
  RSA: { all: ['n', 'e'], secret: ['d', 'p', 'q', 'dp', 'dq', 'qi'] },
  EC: { all: ['x', 'y'], secret: ['d'] },
  OKP: { all: ['x'], secret: ['d'] },
  oct: { all: ['k'], secret: [] },
}

const curves: Readonly<Record<string, readonly string[]>> = {
  EC: ['P-256', 'P-384', 'P-521'],
  OKP: ['Ed25519'],
}

const base64url = /^[A-Za-z0-9_-]+$/u

/**
 * Reads one JWK: symmetric, public or private. Unknown members are dropped.
 *
 * @returns a sentence on what is wrong when it is no key. `kid`, `use` and `alg` may be missing.
 */
export function parseJwk(value: unknown): Result<JsonObject, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return err('a key is not an object')
  const sent = value as JsonObject
  const jwk = Object.fromEntries(
    members
      .filter((name) => sent[name] !== undefined && sent[name] !== null)
      .map((name) => [name, sent[name]]),
  )
  const wrong = labels.find((name) => jwk[name] !== undefined && typeof jwk[name] !== 'string')
  if (wrong !== undefined) return err(`${wrong} of a key is not a string`)
  const problem = problemOf(jwk)
  return problem === undefined ? ok(jwk) : err(problem)
}

function problemOf(jwk: JsonObject): string | undefined {
  const kty = textOf(jwk, 'kty')
  const material = Object.hasOwn(materials, kty) ? materials[kty] : undefined
  if (material === undefined) return `unknown json web key type '${kty.slice(0, 40)}'`
  if (curves[kty]?.includes(textOf(jwk, 'crv')) === false) return 'the crv of a key is unknown'
  const isPrivate = jwk['d'] !== undefined
  const needed = [...material.all, ...(isPrivate ? material.secret : [])]
  const missing = needed.find((name) => !isBase64url(jwk[name]))
  if (missing !== undefined) return `${missing} of a key is missing or not base64url`
  if (!isChain(jwk['x5c'])) return 'x5c of a key is not an array of strings'
  return makesKey(jwk, isPrivate) ? undefined : 'the members of a key make no key'
}

/** A member that is a string, else `''`. */
function textOf(jwk: JsonObject, name: string): string {
  const value = jwk[name]
  return typeof value === 'string' ? value : ''
}

function isBase64url(value: Json | undefined): boolean {
  return typeof value === 'string' && base64url.test(value)
}

function isChain(value: Json | undefined): boolean {
  return (
    value === undefined ||
    (Array.isArray(value) && value.every((certificate) => typeof certificate === 'string'))
  )
}

/** Whatever OpenSSL does not take (a point off its curve, halves of different keys) is a malformed key, not a failure of ours. */
function makesKey(jwk: JsonObject, isPrivate: boolean): boolean {
  try {
    if (jwk['kty'] === 'oct') createSecretKey(Buffer.from(textOf(jwk, 'k'), 'base64url'))
    else if (isPrivate) createPrivateKey({ key: jwk, format: 'jwk' })
    else createPublicKey({ key: jwk, format: 'jwk' })
    return true
  } catch {
    return false
  }
}

/** A key as answers show it: members in their order, and the four that generated SDKs ask for never missing. */
export function showJwk(jwk: JsonObject, kid: string): JsonObject {
  const complete: JsonObject = { ...jwk, use: jwk['use'] ?? 'sig', alg: algorithmName(jwk), kid }
  return Object.fromEntries(
    members.filter((name) => complete[name] !== undefined).map((name) => [name, complete[name]]),
  )
}
