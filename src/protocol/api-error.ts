/**
 * Failures of the management API that are not codes of OAuth. Their `error` is a sentence, and SDKs know it as such.
 *
 * @see the Ory OAuth2 API, which answers them in the form of RFC 6749 §5.2
 */

import type { OAuthError } from './oauth-error.ts'

const apiErrors = {
  malformed_request: {
    status: 400,
    code: 'The request was malformed or contained invalid parameters',
  },
  unauthorized: { status: 401, code: 'The request could not be authorized' },
  forbidden: { status: 403, code: 'The requested action was forbidden' },
  not_found: { status: 404, code: 'The requested resource could not be found' },
  unknown_resource: { status: 404, code: 'Unable to locate the resource' },
  unknown_key_set: { status: 404, code: 'Not Found' },
  unknown_challenge: { status: 404, code: 'Not Found' },
  already_exists: {
    status: 409,
    code: 'Unable to insert or update resource because a resource with that value exists already',
  },
  unsupported: { status: 400, code: 'Bad Request' },
  invalid_page_token: { status: 400, code: 'invalid pagination token' },
  too_large: { status: 413, code: 'The request body is too large' },
  undecodable: { status: 400, code: 'error' },
  server_error: { status: 500, code: 'error' },
} as const

/** Name of a failure of the management API. */
export type ApiErrorName = keyof typeof apiErrors

/** Makes the error of a name. `reason` becomes the whole `error_description`, which some failures leave empty. */
export function apiError(name: ApiErrorName, reason = ''): OAuthError {
  return { ...apiErrors[name], description: reason, hint: undefined, debug: undefined }
}
