/** Writes failures as responses: one encoder per wire form. */

import type { Settings } from '../settings.ts'
import { errorDescription, type OAuthError } from '../protocol/oauth-error.ts'
import { fields, text, type HeaderFields } from './respond.ts'

type Exposure = Pick<Settings, 'oauth2'>

/** Failures of the API that are not OAuth codes: HTTP status, literal `error` value, `error_description` if none is given. */
export const frameworkErrors = {
  /** E4: undecodable body, bad page parameters, bad identifier. */
  malformed: {
    status: 400,
    error: 'The request was malformed or contained invalid parameters',
    description: '',
  },
  /** E5: registration access token missing, unknown or of another client. */
  unauthorized: {
    status: 401,
    error: 'The request could not be authorized',
    description: 'The requested client does not exist or the credentials are not valid.',
  },
  /** E6 */
  forbidden: { status: 403, error: 'The requested action was forbidden', description: '' },
  /** E7: a feature that is turned off. */
  notEnabled: {
    status: 404,
    error: 'The requested resource could not be found',
    description: 'This feature is not enabled.',
  },
  /** E8: no row of that id. */
  unknownResource: { status: 404, error: 'Unable to locate the resource', description: '' },
  /** E9: unknown key set, undecodable challenge. */
  notFound: {
    status: 404,
    error: 'Not Found',
    description: 'Unable to locate the requested resource',
  },
  /** E10 */
  conflict: {
    status: 409,
    error: 'Unable to insert or update resource because a resource with that value exists already',
    description: '',
  },
  /** E11 */
  badRequest: { status: 400, error: 'Bad Request', description: '' },
  /** E13: a trust grant that cannot be decoded, a consent decision that cannot be decoded. */
  undecodable: { status: 400, error: 'error', description: 'The request body cannot be decoded.' },
  /** E14: anything unmapped. */
  unknown: { status: 500, error: 'error', description: 'The error is unrecognizable' },
  /** E15: a page token of another list. */
  pageToken: { status: 400, error: 'invalid pagination token', description: '' },
  /** E16 */
  concurrentUpdate: {
    status: 400,
    error: 'Unable to serialize access due to a concurrent update in another session',
    description: '',
  },
  /** A body beyond the limit. */
  payloadTooLarge: {
    status: 413,
    error: 'The request was malformed or contained invalid parameters',
    description: 'The request body is larger than this server accepts.',
  },
} as const satisfies Record<
  string,
  { readonly status: number; readonly error: string; readonly description: string }
>

export type FrameworkError = keyof typeof frameworkErrors

/** Writes one of {@link frameworkErrors}; `description` replaces the fixed text and never holds a credential. */
export function frameworkErrorResponse(kind: FrameworkError, description?: string): Response {
  const entry = frameworkErrors[kind]
  return errorBody(
    entry.status,
    entry.error,
    (description ?? entry.description).replaceAll('"', "'"),
  )
}

/**
 * Writes an OAuth error as `{"error", "error_description"}`.
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
    headers,
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
