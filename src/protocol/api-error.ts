/**
 * Failures of the management API that are not codes of OAuth. Their `error` is a sentence, and SDKs know it as such.
 *
 * @see the Ory OAuth2 API, which answers them in the form of RFC 6749 §5.2
 */

import type { OAuthError } from './oauth-error.ts'

interface ApiFailure {
  readonly status: number
  /** The `error` on the wire. */
  readonly code: string
  /** When it happens. */
  readonly meaning: string
}

/** Every failure of the management API that is not in the table of OAuth codes. */
export const apiErrors = {
  malformed_request: {
    status: 400,
    code: 'The request was malformed or contained invalid parameters',
    meaning: 'The body is not JSON, or a path or page parameter has no valid value.',
  },
  unauthorized: {
    status: 401,
    code: 'The request could not be authorized',
    meaning: 'The registration access token is missing, unknown or that of another client.',
  },
  forbidden: {
    status: 403,
    code: 'The requested action was forbidden',
    meaning: 'The caller may not do this.',
  },
  not_found: {
    status: 404,
    code: 'The requested resource could not be found',
    meaning: 'The feature is turned off.',
  },
  unknown_resource: {
    status: 404,
    code: 'Unable to locate the resource',
    meaning: 'Nothing has this id.',
  },
  unknown_key_set: {
    status: 404,
    code: 'Not Found',
    meaning: 'No key set has this name, or no key of it this id.',
  },
  unknown_challenge: {
    status: 404,
    code: 'Not Found',
    meaning: 'The challenge was not made by this server, or its client is gone.',
  },
  already_exists: {
    status: 409,
    code: 'Unable to insert or update resource because a resource with that value exists already',
    meaning: 'The id is taken, or somebody else changed the resource at the same time.',
  },
  unsupported: {
    status: 400,
    code: 'Bad Request',
    meaning: 'The server cannot do what is asked, such as make a key of an unknown algorithm.',
  },
  invalid_page_token: {
    status: 400,
    code: 'invalid pagination token',
    meaning: 'The page token is of another list or of another server.',
  },
  too_large: {
    status: 413,
    code: 'The request body is too large',
    meaning: 'The body is larger than this server reads.',
  },
  undecodable: { status: 400, code: 'error', meaning: 'The body is JSON of another shape.' },
  server_error: {
    status: 500,
    code: 'error',
    meaning: 'A fault of the server; its log tells more under the request id.',
  },
} as const satisfies Record<string, ApiFailure>

/** Name of a failure of the management API. */
export type ApiErrorName = keyof typeof apiErrors

/** Makes the error of a name. `reason` becomes the whole `error_description`, which some failures leave empty. */
export function apiError(name: ApiErrorName, reason = ''): OAuthError {
  const { status, code } = apiErrors[name]
  return { code, status, description: reason, hint: undefined, debug: undefined }
}
