/**
 * Checks an ID token as a client has to.
 *
 * @see OpenID Connect Core §3.1.3.7
 */

import { createHash } from 'node:crypto'
import * as jose from 'jose'
import type { Services } from '../../context.ts'
import type { Check } from '../pages/demo-result.ts'
import { selfRequest, type Self } from '../self.ts'
import { readAnswer } from './client.ts'
import type { TokenMemory } from './memory.ts'
import { demoClientId } from './seed.ts'

/** A token, decoded, with what became of every check. */
export interface VerifiedIdToken {
  readonly checks: readonly Check[]
  readonly header: jose.ProtectedHeaderParameters
  readonly claims: jose.JWTPayload
}

/** Verifies the ID token with the keys that the server publishes. @throws for text that is no JWT. */
export async function verifyIdToken(
  services: Services,
  self: Self,
  tokens: TokenMemory & { readonly idToken: string },
): Promise<VerifiedIdToken> {
  const header = jose.decodeProtectedHeader(tokens.idToken)
  const claims = jose.decodeJwt(tokens.idToken)
  const { issuer } = services.settings
  const audience = [claims.aud ?? []].flat()
  const seconds = services.clock() / 1000
  return {
    header,
    claims,
    checks: [
      await checkSignature(self, tokens.idToken),
      { label: 'Issuer', passed: claims.iss === issuer, detail: String(claims.iss) },
      { label: 'Audience', passed: audience.includes(demoClientId), detail: audience.join(', ') },
      checkNonce(claims, tokens),
      {
        label: 'Lifetime',
        passed: claims.exp !== undefined && claims.exp > seconds,
        detail: claims.exp === undefined ? 'No end.' : `Until ${utc(claims.exp)}.`,
      },
      ...checkAtHash(claims, header.alg, tokens.accessToken),
    ],
  }
}

async function checkSignature(self: Self, idToken: string): Promise<Check> {
  const label = 'ID token signature'
  try {
    const published = await readAnswer(self.fetchPublic(selfRequest('/.well-known/jwks.json')))
    const keys = jose.createLocalJWKSet(published as jose.JSONWebKeySet)
    const { protectedHeader } = await jose.compactVerify(idToken, keys)
    const key = protectedHeader.kid ?? 'without an id'
    return { label, passed: true, detail: `${protectedHeader.alg}, published key ${key}.` }
  } catch (error) {
    if (!(error instanceof jose.errors.JOSEError)) throw error
    return { label, passed: false, detail: error.message }
  }
}

/** A refreshed ID token should have no nonce, and one that it has is the first one's (§12.2). */
function checkNonce({ nonce }: jose.JWTPayload, tokens: TokenMemory): Check {
  const passed = nonce === tokens.nonce || (nonce === undefined && tokens.refreshes > 0)
  const detail = passed ? 'The one of the request.' : 'Not the one of the request.'
  return { label: 'Nonce', passed, detail }
}

/** Hash that belongs to each algorithm; Ed25519 uses SHA-512 (RFC 8032 §5.1). */
const hashes: Readonly<Record<string, string>> = {
  RS256: 'sha256',
  ES256: 'sha256',
  EdDSA: 'sha512',
  Ed25519: 'sha512',
}

/** The claim is optional in the code flow (§3.1.3.6). */
function checkAtHash(
  claims: jose.JWTPayload,
  algorithm: string | undefined,
  accessToken: string,
): readonly Check[] {
  const atHash = claims['at_hash']
  const hash = hashes[algorithm ?? '']
  if (atHash === undefined || hash === undefined) return []
  const digest = createHash(hash).update(accessToken).digest()
  const expected = digest.subarray(0, digest.length / 2).toString('base64url')
  const detail = 'The ID token names the access token that came with it.'
  return [{ label: 'Access token hash', passed: atHash === expected, detail }]
}

function utc(epochSeconds: number): string {
  return `${new Date(epochSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
