/** IDT: what an ID Token must be (OpenID Connect Core §2, §3.1.3.7, §3.2.2.9 and §3.3.2.11). */

import { createHash } from 'node:crypto'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTVerifyResult } from 'jose'
import { expect } from 'vitest'
import type { Provider } from '../provider.ts'
import { checkClaimTypes, type Claims } from './claims.ts'
import { expectText } from './values.ts'

/** What is known about an ID Token before it is opened. */
export interface ExpectedIdToken {
  readonly clientId: string
  /** `undefined` when none was sent. */
  readonly nonce: string | undefined
  readonly accessToken?: string | undefined
  readonly code?: string | undefined
  /** It came through the browser: hashes of what came along are a must. */
  readonly isFrontChannel: boolean
}

/** A verified ID Token. */
export interface IdToken {
  readonly raw: string
  readonly header: JWTVerifyResult['protectedHeader']
  readonly claims: Claims
}

/** Verifies the signature by the published keys and holds the claims to the whole set. */
export async function checkIdToken(
  provider: Provider,
  raw: string,
  expected: ExpectedIdToken,
): Promise<IdToken> {
  const keys = await publishedKeys(provider)
  const now = provider.server.clock()
  const { payload, protectedHeader: header } = await jwtVerify(raw, createLocalJWKSet(keys), {
    issuer: provider.issuer,
    audience: expected.clientId,
    currentDate: new Date(now),
  })
  expect(keys.keys.map(({ kid }) => kid)).toContain(header.kid)
  const claims: Claims = payload
  expectText(claims['sub'], 'sub')
  checkTimes(claims, now / 1000)
  if (claims['acr'] !== undefined) expectText(claims['acr'], 'acr')
  expect(claims['nonce']).toBe(expected.nonce)
  checkClaimTypes(claims)
  checkHash(claims['at_hash'], expected.accessToken, header.alg, expected.isFrontChannel)
  checkHash(claims['c_hash'], expected.code, header.alg, expected.isFrontChannel)
  return { raw, header, claims }
}

/** The keys at `jwks_uri`. */
export async function publishedKeys(provider: Provider): Promise<JSONWebKeySet> {
  const { jwks_uri = '' } = await provider.metadata()
  return (await (await provider.fetch(jwks_uri)).json()) as JSONWebKeySet
}

const year = 365 * 86_400

function checkTimes(claims: Claims, now: number): void {
  const { exp, iat, auth_time: authTime } = claims
  expect(exp).toBeGreaterThan(now)
  expect(exp).toBeLessThan(now + year)
  expect(Math.abs(Number(iat) - now)).toBeLessThanOrEqual(300)
  if (authTime === undefined) return
  expect(authTime).toBeTypeOf('number')
  expect(authTime).toBeLessThanOrEqual(now + 300)
  expect(authTime).toBeGreaterThan(now - year)
}

function checkHash(
  hash: unknown,
  value: string | undefined,
  alg: string,
  isRequired: boolean,
): void {
  if (value === undefined) return expect(hash).toBeUndefined()
  if (hash === undefined && !isRequired) return
  const digest = createHash(`sha${alg.slice(2)}`)
    .update(value)
    .digest()
  expect(hash).toBe(digest.subarray(0, digest.length / 2).toString('base64url'))
}
