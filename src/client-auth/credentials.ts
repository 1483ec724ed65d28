/**
 * Credentials as a client sends them, before anything is known about the client.
 *
 * @see RFC 6749 §2.3.1
 */

import { Secret } from '../brand.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { err, ok, type Result } from '../result.ts'

/** What a request says about its client, before anything is checked. */
export interface Credentials {
  readonly clientId: string
  readonly secret: Secret
  /** True when the secret is the empty string. */
  readonly isEmpty: boolean
}

function credentials(clientId: string, secret: string): Credentials {
  return { clientId, secret: new Secret(secret), isEmpty: secret === '' }
}

/**
 * Reads an `Authorization: Basic` header. Both halves are form-urlencoded (RFC 6749 §2.3.1 and Appendix B).
 *
 * @returns `undefined` for no header, another scheme or broken base64, so that the body is consulted;
 *   `invalid_request` when a half does not decode strictly.
 */
export function parseBasic(
  authorization: string | null,
): Result<Credentials | undefined, OAuthError> {
  const encoded = /^basic +(\S+)$/iu.exec(authorization ?? '')?.[1] ?? ''
  const bytes = Buffer.from(encoded, 'base64')
  // RFC 4648 §3.5: one spelling of the credentials, with its padding and without stray bits.
  if (bytes.toString('base64') !== encoded) return ok(undefined)
  const text = decodeUtf8(bytes)
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon < 0) return ok(undefined)
  const clientId = decodeFormComponent(text.slice(0, colon))
  const secret = decodeFormComponent(text.slice(colon + 1))
  if (clientId === undefined || secret === undefined) {
    return err(
      oauthError(
        'invalid_request',
        'The client id and secret in the Authorization header must be form-urlencoded before they are base64-encoded.',
      ),
    )
  }
  return ok(clientId === '' ? undefined : credentials(clientId, secret))
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function decodeFormComponent(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** Reads `client_id` and `client_secret` of the body; `undefined` without a `client_id`. */
export function parsePost(form: Parameters): Credentials | undefined {
  const clientId = form.get('client_id') ?? ''
  return clientId === '' ? undefined : credentials(clientId, form.get('client_secret') ?? '')
}
