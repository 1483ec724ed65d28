/**
 * Answers that only their client can read.
 *
 * @see OpenID Connect Core §10.2, RFC 7516, RFC 7519 §5.2
 */

import { CompactEncrypt, importJWK, type JWK } from 'jose'
import type { Services } from '../context.ts'
import { fitsKeyManagement } from '../keys/encryption-algorithms.ts'
import type { Client } from '../protocol/client.ts'
import type { JsonObject } from '../protocol/json.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import { findClientKeys } from './client-keys.ts'
import { encryptionOf, type Encrypted } from './response-algorithms.ts'

/** A text before it is encrypted. */
export interface Plaintext {
  readonly what: Encrypted
  /** A signed JWT, or claims as JSON. */
  readonly text: string
  /** Whether `text` is a signed JWT, so that the result is a nested one (RFC 7519 §5.2). */
  readonly isNested: boolean
}

/**
 * Encrypts what the client wants encrypted, to the first of its keys that fits; what it does not, comes back as it is.
 *
 * @returns `invalid_request` when the client has no such key, `temporarily_unavailable` when its `jwks_uri` does not answer.
 */
export async function encryptForClient(
  services: Pick<Services, 'outgoing' | 'clock' | 'settings'>,
  client: Client,
  { what, text, isNested }: Plaintext,
): Promise<Result<string, OAuthError>> {
  const encryption = encryptionOf(client, what)
  if (encryption === undefined) return ok(text)
  const { alg, enc } = encryption
  const keys = await findClientKeys(services, client, (key) => fitsKeyManagement(key, alg))
  if (!keys.ok && keys.error === 'unreachable')
    return err(
      oauthError('temporarily_unavailable', 'The jwks_uri of the client gives no key set.'),
    )
  const header = { alg, enc, ...(isNested ? { cty: 'JWT' } : {}) }
  for (const key of keys.ok ? keys.value : []) {
    const jwe = await encryptTo(key, text, header)
    if (jwe !== undefined) return ok(jwe)
  }
  return err(
    oauthError('invalid_request', `The client has registered no key that works with ${alg}.`),
  )
}

/** `undefined` when the key is malformed or too short for its algorithm. */
async function encryptTo(
  jwk: JsonObject,
  text: string,
  header: { readonly alg: string; readonly enc: string; readonly cty?: string },
): Promise<string | undefined> {
  const { kid } = jwk
  try {
    const { kty, crv, x, y, n, e } = jwk as JWK
    // The public members alone: whatever else the client published is nothing to work with.
    const material = Object.entries({ kty, crv, x, y, n, e }).filter(
      ([, value]) => value !== undefined,
    )
    const key = await importJWK(Object.fromEntries(material), header.alg)
    return await new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader({ ...header, ...(typeof kid === 'string' ? { kid } : {}) })
      .encrypt(key)
  } catch {
    return undefined
  }
}
