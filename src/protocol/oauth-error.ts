/**
 * Error codes of OAuth 2.0 and OpenID Connect, each defined once.
 *
 * @see RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6, RFC 6750 §3.1, RFC 7591 §3.2.2, RFC 8628 §3.5
 */

import type { RateLimited } from './rate-limit.ts'

interface ErrorCode {
  /** HTTP status when the error is written as JSON. */
  readonly status: number
  /** Where the code is defined. */
  readonly spec: string
  /** Fixed text of `error_description`; a hint is appended to it. */
  readonly description: string
  /** Advice appended when the thrower gives none. */
  readonly defaultHint?: string
}

/** Every code that can reach the wire: HTTP status, defining section and description. */
export const oauthErrorCodes = {
  invalid_request: {
    status: 400,
    spec: 'RFC 6749 §5.2',
    description:
      'The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.',
    defaultHint: 'Make sure that the parameters you are sending are correct and complete.',
  },
  invalid_client: {
    status: 401,
    spec: 'RFC 6749 §5.2',
    description:
      'Client authentication failed (for example an unknown client, no client authentication, or an unsupported authentication method).',
  },
  invalid_grant: {
    status: 400,
    spec: 'RFC 6749 §5.2',
    description:
      'The authorization grant (for example an authorization code) or refresh token is invalid, expired, revoked, does not match the redirect URI of the authorization request, or was issued to another client.',
  },
  unauthorized_client: {
    status: 400,
    spec: 'RFC 6749 §5.2',
    description: 'The authenticated client may not use this authorization grant type.',
    defaultHint: 'Make sure that the client may use the grant type it asks for.',
  },
  unsupported_grant_type: {
    status: 400,
    spec: 'RFC 6749 §5.2',
    description: 'The authorization grant type is not supported by this authorization server.',
  },
  unsupported_response_type: {
    status: 400,
    spec: 'RFC 6749 §4.1.2.1',
    description:
      'The authorization server does not support obtaining an authorization response with this response type.',
  },
  unsupported_response_mode: {
    status: 400,
    spec: 'OAuth 2.0 Multiple Response Types §2.1',
    description: 'The authorization server does not support this response mode for the request.',
  },
  invalid_scope: {
    status: 400,
    spec: 'RFC 6749 §5.2',
    description:
      'The requested scope is invalid, unknown, malformed, or exceeds what the client may ask for.',
  },
  access_denied: {
    status: 403,
    spec: 'RFC 6749 §4.1.2.1',
    description: 'The resource owner or the authorization server denied the request.',
    defaultHint:
      'Make sure that the request you are making is permitted. The end user may have refused it.',
  },
  server_error: {
    status: 500,
    spec: 'RFC 6749 §4.1.2.1',
    description:
      'The authorization server met an unexpected condition that kept it from fulfilling the request.',
  },
  temporarily_unavailable: {
    status: 503,
    spec: 'RFC 6749 §4.1.2.1',
    description:
      'The authorization server cannot handle the request at the moment. Try again later.',
  },
  invalid_token: {
    status: 401,
    spec: 'RFC 6750 §3.1',
    description: 'The access token is expired, revoked, malformed, or invalid for another reason.',
    defaultHint: 'Ask for a new access token and try again.',
  },
  insufficient_scope: {
    status: 403,
    spec: 'RFC 6750 §3.1',
    description: 'The request needs higher privileges than the access token provides.',
  },
  request_unauthorized: {
    status: 401,
    spec: 'Ory OAuth2 API',
    description: 'The request could not be authorized.',
    defaultHint: 'Make sure that the credentials you send are valid and complete.',
  },
  request_forbidden: {
    status: 403,
    spec: 'Ory OAuth2 API',
    description: 'The request is not allowed.',
    defaultHint: 'You are not allowed to perform this action.',
  },
  scope_not_granted: {
    status: 403,
    spec: 'Ory OAuth2 API',
    description: 'The token was not granted the scope that this request needs.',
    defaultHint: 'The resource owner did not grant the requested scope.',
  },
  insufficient_entropy: {
    status: 400,
    spec: 'Ory OAuth2 API',
    description: 'A security parameter (for example nonce) is too short to be unpredictable.',
  },
  invalid_state: {
    status: 400,
    spec: 'Ory OAuth2 API',
    description: 'The state is missing or too short to protect against cross-site request forgery.',
  },
  misconfiguration: {
    status: 500,
    spec: 'Ory OAuth2 API',
    description: 'The request failed because the authorization server is misconfigured.',
  },
  login_required: {
    status: 400,
    spec: 'OpenID Connect Core §3.1.2.6',
    description: 'The authorization server requires the end user to authenticate.',
  },
  consent_required: {
    status: 400,
    spec: 'OpenID Connect Core §3.1.2.6',
    description: 'The authorization server requires the consent of the end user.',
  },
  interaction_required: {
    status: 400,
    spec: 'OpenID Connect Core §3.1.2.6',
    description: 'The authorization server requires an interaction with the end user.',
  },
  unmet_authentication_requirements: {
    status: 400,
    spec: 'OpenID Connect Core Unmet Authentication Requirements 1.0 §2',
    description:
      'The authorization server cannot meet the requirements of the client for the authentication of the end user.',
  },
  request_not_supported: {
    status: 400,
    spec: 'OpenID Connect Core §3.1.2.6',
    description: 'The authorization server does not support the parameter request.',
  },
  request_uri_not_supported: {
    status: 400,
    spec: 'OpenID Connect Core §3.1.2.6',
    description: 'The authorization server does not support the parameter request_uri.',
  },
  registration_not_supported: {
    status: 400,
    spec: 'OpenID Connect Core §3.1.2.6',
    description: 'The authorization server does not support the parameter registration.',
  },
  invalid_request_uri: {
    status: 400,
    spec: 'OpenID Connect Core §3.1.2.6',
    description: 'The request_uri could not be fetched, is not registered, or holds invalid data.',
  },
  invalid_request_object: {
    status: 400,
    spec: 'OpenID Connect Core §3.1.2.6',
    description: 'The request object is invalid.',
  },
  jti_known: { status: 400, spec: 'Ory OAuth2 API', description: 'The jti was used before.' },
  token_signature_mismatch: {
    status: 400,
    spec: 'Ory OAuth2 API',
    description: 'The signature of the token does not match.',
    defaultHint: 'Make sure that the token was issued by this server and was not altered.',
  },
  authorization_pending: {
    status: 400,
    spec: 'RFC 8628 §3.5',
    description: 'The end user has not yet completed the authorization.',
  },
  slow_down: {
    status: 400,
    spec: 'RFC 8628 §3.5',
    description: 'The client polls too often.',
    defaultHint: 'Add five seconds to the polling interval.',
  },
  expired_token: {
    status: 400,
    spec: 'RFC 8628 §3.5',
    description: 'The device code has expired.',
  },
  invalid_client_metadata: {
    status: 400,
    spec: 'RFC 7591 §3.2.2',
    description: 'The value of one of the client metadata fields is invalid.',
  },
  invalid_redirect_uri: {
    status: 400,
    spec: 'RFC 7591 §3.2.2',
    description: 'The value of one or more redirect_uris is invalid.',
  },
  missing_required_parameter: {
    status: 400,
    spec: 'Ory OAuth2 API',
    description: 'A required parameter is missing.',
  },
} as const satisfies Record<string, ErrorCode>

/** One of the codes in {@link oauthErrorCodes}. */
export type OAuthErrorCode = keyof typeof oauthErrorCodes

/**
 * A protocol failure as a value. `code`, `description` and `hint` may be shown to anybody and never hold a credential.
 *
 * A login or consent app may name codes of its own when it rejects a request, so `code` is a string on the wire.
 */
export interface OAuthError {
  readonly code: string
  readonly status: number
  readonly description: string
  /** For the developer of the client; appended to the description on the wire. */
  readonly hint: string | undefined
  /** For our log, and for the wire only when `oauth2.expose_internal_errors` is set. */
  readonly debug: string | undefined
  /** Set when a rate limit refused the request; written as headers. */
  readonly rateLimited?: RateLimited
}

/** Makes the error of a code. `hint` tells the client's developer what to do; `debug` is for the log. */
export function oauthError(code: OAuthErrorCode, hint?: string, debug?: string): OAuthError {
  const entry: ErrorCode = oauthErrorCodes[code]
  return {
    code,
    status: entry.status,
    description: entry.description,
    hint: hint ?? entry.defaultHint,
    debug,
  }
}

/**
 * Composes `error_description`: description, hint and (if exposed) debug joined by spaces.
 * A double quote becomes a single one, so that the text fits into a `WWW-Authenticate` header (RFC 6749 §5.2 allows neither).
 */
export function errorDescription(error: OAuthError, exposeDebug: boolean): string {
  const parts = [error.description, error.hint, exposeDebug ? error.debug : undefined]
  return parts
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
    .replaceAll('"', "'")
}

/** A value of the request fit for a message: visible ASCII only (RFC 6749 §4.1.2.1), cut to a sane length. */
export function printable(text: string): string {
  return text.replaceAll(/[^\u0020-\u007E]|["\\]/gu, '?').slice(0, 100)
}
