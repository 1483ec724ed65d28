/**
 * What a response type demands of a request and of its client.
 *
 * @see OpenID Connect Core §3.2.2.1 and §3.3.2.1, OAuth 2.0 Multiple Response Types §3 and §5
 */

import { err, ok, type Result } from '../result.ts'
import { allowsGrantType, type Client } from './client.ts'
import { oauthError, printable, type OAuthError } from './oauth-error.ts'
import { isSecureRedirectUri } from './redirect-uri.ts'
import {
  allowsResponseType,
  isHybrid,
  parseResponseType,
  type ResponseMode,
  type ResponseValue,
} from './response.ts'

/** The facts that the rules look at. */
export interface RequestedResponse {
  readonly values: ReadonlySet<ResponseValue>
  readonly client: Client
  readonly redirectUri: string
  readonly responseMode: ResponseMode
  /** False when the only registered redirect URI was meant. */
  readonly sentRedirectUri: boolean
  readonly nonce: string
  /** Dev mode: plain http redirect URIs are accepted for any host. */
  readonly allowInsecureRedirects: boolean
}

/** Parses `response_type` against what the client registered. @returns `unsupported_response_type` otherwise. */
export function checkResponseType(
  responseType: string,
  client: Client,
): Result<ReadonlySet<ResponseValue>, OAuthError> {
  const values = parseResponseType(responseType)
  if (!allowsResponseType(client.response_types, responseType) || values === undefined) {
    return err(
      oauthError(
        'unsupported_response_type',
        `The client may not request the response type '${printable(responseType)}'.`,
      ),
    )
  }
  return ok(values)
}

type Rule = (response: RequestedResponse) => OAuthError | undefined

const carriesToken = ({ values }: RequestedResponse) =>
  values.has('token') || values.has('id_token')

/** In the order in which errors win. */
const rules: readonly Rule[] = [
  // A token in the query ends up in logs and Referer headers.
  (response) =>
    carriesToken(response) && response.responseMode === 'query'
      ? oauthError(
          'unsupported_response_mode',
          "A response that carries a token must use the response mode 'fragment' or 'form_post'.",
        )
      : undefined,
  ({ values, redirectUri, allowInsecureRedirects }) =>
    values.size === 1 &&
    values.has('code') &&
    !allowInsecureRedirects &&
    !isSecureRedirectUri(redirectUri)
      ? oauthError(
          'invalid_request',
          'The redirect URI uses http on a host that is not this machine. Use https, or http on localhost for development.',
        )
      : undefined,
  ({ values, client }) =>
    (values.has('token') || !values.has('code')) && !allowsGrantType(client, 'implicit')
      ? oauthError('invalid_grant', "The client may not use the grant type 'implicit'.")
      : undefined,
  ({ values, client }) =>
    isHybrid(values) && !allowsGrantType(client, 'authorization_code')
      ? oauthError('invalid_grant', "The client may not use the grant type 'authorization_code'.")
      : undefined,
  ({ values, nonce }) =>
    values.has('id_token') && nonce === ''
      ? oauthError(
          'invalid_request',
          'The nonce is required when the response carries an ID token.',
        )
      : undefined,
  ({ values, sentRedirectUri }) =>
    isHybrid(values) && !sentRedirectUri
      ? oauthError('invalid_request', 'The redirect_uri is required for hybrid response types.')
      : undefined,
]

/** Checks the rules of implicit, hybrid and code responses. @returns the first error, `undefined` when all hold. */
export function checkRequestedResponse(response: RequestedResponse): OAuthError | undefined {
  for (const rule of rules) {
    const error = rule(response)
    if (error !== undefined) return error
  }
  return undefined
}
