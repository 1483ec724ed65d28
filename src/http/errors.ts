/** Writes failures as responses: one encoder per wire form. */

import type { Settings } from '../settings.ts'
import { errorDescription, type OAuthError } from '../protocol/oauth-error.ts'
import { rateLimitHeaders } from '../protocol/rate-limit.ts'
import { fields, pairsOf, text, type HeaderFields } from './respond.ts'

type Exposure = Pick<Settings, 'oauth2'>

/**
 * Writes an error of OAuth or of the management API as `{"error", "error_description"}`.
 *
 * @param exposure given only where the reference exposes debug text (token, device authorization, introspection), and
 *   it takes effect only with `oauth2.expose_internal_errors`. Without it debug text never reaches the wire.
 */
export function oauthErrorResponse(
  error: OAuthError,
  exposure?: Exposure,
  headers?: HeaderFields,
): Response {
  return errorBody(
    error.status,
    error.code,
    errorDescription(error, exposure?.oauth2.exposeInternalErrors === true),
    error.rateLimited === undefined
      ? headers
      : [...Object.entries(rateLimitHeaders(error.rateLimited)), ...pairsOf(headers)],
  )
}

/**
 * Writes an OAuth error in the envelope of the token endpoint. A client that tried Basic authentication is told so
 * by `WWW-Authenticate` on 401.
 *
 * @see RFC 6749 §5.2
 */
export function tokenErrorResponse(
  error: OAuthError,
  request: Request,
  exposure: Exposure,
): Response {
  const headers: Record<string, string> = { ...tokenHeaders }
  const authorization = request.headers.get('authorization') ?? ''
  if (error.status === 401 && /^basic(?: |$)/iu.test(authorization)) {
    headers['www-authenticate'] = 'Basic realm="OAuth2"'
  }
  return oauthErrorResponse(error, exposure, headers)
}

/** Headers of every response of the token endpoint (RFC 6749 §5.1). */
export const tokenHeaders = {
  'content-type': 'application/json;charset=UTF-8',
  'cache-control': 'no-store',
  pragma: 'no-cache',
} as const

/** Writes `{"error", "error_description"}` and a line break, with characters escaped that mean something in HTML. */
function errorBody(
  status: number,
  error: string,
  description: string,
  headers?: HeaderFields,
): Response {
  const body = JSON.stringify({ error, error_description: description })
  return text(
    status,
    `${htmlSafe(body)}\n`,
    fields({ 'content-type': 'application/json' }, headers),
  )
}

function htmlSafe(jsonText: string): string {
  return jsonText.replaceAll(
    /[<>&\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
