/**
 * The authorization request: what a client may ask of the authorization endpoint.
 *
 * @see RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1, RFC 7636 §4.3
 */

import { err, ok, type Result } from '../result.ts'
import { findForbiddenAudience, parseAudience } from './audience.ts'
import { isPublic, type Client } from './client.ts'
import { oauthError, printable, type OAuthError } from './oauth-error.ts'
import { checkOpenIdRequest, type OpenIdRequest } from './openid-request.ts'
import { findRepeated } from './parameters.ts'
import { checkCodeChallenge, type PkcePolicy } from './pkce.ts'
import { matchRedirectUri } from './redirect-uri.ts'
import { checkRequestedResponse, checkResponseType } from './requested-response.ts'
import {
  defaultResponseMode,
  parseResponseMode,
  type ResponseMode,
  type ResponseValue,
} from './response.ts'
import { findForbiddenScope, hasScope, parseScope, type ScopeStrategy } from './scope.ts'

/** Shortest `state` and `nonce` that count as unpredictable, in bytes. */
const minimumEntropyBytes = 8

/** A checked authorization request. */
export interface AuthorizationRequest extends OpenIdRequest {
  readonly responseValues: ReadonlySet<ResponseValue>
  readonly responseMode: ResponseMode
  /** Where the response goes. */
  readonly redirectUri: string
  /** As sent; `undefined` when the only registered one was meant. */
  readonly sentRedirectUri: string | undefined
  readonly scope: readonly string[]
  readonly audience: readonly string[]
  readonly state: string
  /** `''` when not sent. */
  readonly nonce: string
  readonly codeChallenge: string | undefined
}

/** A refused request: shown to the end user when there is no address to trust, sent to the client otherwise. */
export type AuthorizationFailure =
  | { readonly kind: 'show'; readonly error: OAuthError }
  | {
      readonly kind: 'redirect'
      readonly error: OAuthError
      readonly redirectUri: string
      readonly state: string
      readonly responseMode: ResponseMode
    }

/** What the operator decided about authorization requests. */
export interface AuthorizationPolicy {
  readonly scopeStrategy: ScopeStrategy
  readonly pkce: PkcePolicy
  /** Dev mode: plain http redirect URIs are accepted for any host. */
  readonly allowInsecureRedirects: boolean
}

function value(params: URLSearchParams, name: string): string | undefined {
  const text = params.get(name)
  return text === null || text === '' ? undefined : text
}

/** Refuses a request for a reason that may only be shown. */
function show(error: OAuthError): { readonly ok: false; readonly error: AuthorizationFailure } {
  return err({ kind: 'show', error })
}

/**
 * Checks the parameters of an authorization request against the client, in the order in which errors win.
 *
 * @returns a `show` failure until the redirect URI is trusted, a `redirect` failure from then on (RFC 6749 §4.1.2.1).
 */
export function checkAuthorizationRequest(
  params: URLSearchParams,
  client: Client,
  policy: AuthorizationPolicy,
): Result<AuthorizationRequest, AuthorizationFailure> {
  const scope = parseScope(params.get('scope') ?? '')
  const place = checkResponsePlace(params, client, hasScope(scope, 'openid'))
  if (!place.ok) return place
  const refuse = (error: OAuthError) => err({ kind: 'redirect', error, ...place.value } as const)

  const asked = checkAsked(params, client, policy)
  if (!asked.ok) return refuse(asked.error)
  const answer = checkAnswer(params, client, policy, place.value)
  if (!answer.ok) return refuse(answer.error)
  return ok({
    ...place.value,
    ...asked.value,
    ...answer.value,
    sentRedirectUri: value(params, 'redirect_uri'),
  })
}

type ResponsePlace = Pick<AuthorizationRequest, 'redirectUri' | 'state' | 'responseMode'>

function checkResponsePlace(
  params: URLSearchParams,
  client: Client,
  isOpenId: boolean,
): Result<ResponsePlace, AuthorizationFailure> {
  const sentMode = value(params, 'response_mode')
  const mode = sentMode === undefined ? undefined : parseResponseMode(sentMode)
  if (sentMode !== undefined && mode === undefined) {
    return show(
      oauthError(
        'unsupported_response_mode',
        "Use one of the response modes 'query', 'fragment' and 'form_post'.",
      ),
    )
  }
  if (params.getAll('redirect_uri').length > 1 || params.getAll('client_id').length > 1) {
    return show(
      oauthError(
        'invalid_request',
        'The parameters client_id and redirect_uri must not be repeated.',
      ),
    )
  }
  const sent = value(params, 'redirect_uri')
  if (sent === undefined && isOpenId) {
    return show(
      oauthError(
        'invalid_request',
        "The redirect_uri is required when the scope contains 'openid'.",
      ),
    )
  }
  const redirectUri = matchRedirectUri(sent, client.redirect_uris)
  if (redirectUri === undefined) {
    return show(
      oauthError(
        'invalid_request',
        'The redirect_uri does not match any of the redirect URIs registered for this client.',
      ),
    )
  }
  return ok({
    redirectUri,
    state: params.get('state') ?? '',
    responseMode: mode ?? defaultResponseMode(params.get('response_type') ?? 'code'),
  })
}

type Asked = Pick<AuthorizationRequest, 'scope' | 'audience'>

function checkAsked(
  params: URLSearchParams,
  client: Client,
  policy: AuthorizationPolicy,
): Result<Asked, OAuthError> {
  const repeated = findRepeated(params)
  if (repeated !== undefined) return err(repeated)
  const scope = parseScope(params.get('scope') ?? '')
  const forbiddenScope = findForbiddenScope(policy.scopeStrategy, parseScope(client.scope), scope)
  if (forbiddenScope !== undefined) {
    return err(
      oauthError(
        'invalid_scope',
        `The client may not request the scope '${printable(forbiddenScope)}'.`,
      ),
    )
  }
  const audience = parseAudience(params.getAll('audience'))
  const forbiddenAudience = findForbiddenAudience(client.audience, audience)
  if (forbiddenAudience !== undefined) {
    return err(
      oauthError(
        'invalid_request',
        `The client may not request the audience '${printable(forbiddenAudience)}'.`,
      ),
    )
  }
  if (value(params, 'registration') !== undefined) {
    return err(oauthError('registration_not_supported'))
  }
  return ok({ scope, audience })
}

type Answer = Omit<
  AuthorizationRequest,
  'redirectUri' | 'state' | 'responseMode' | 'scope' | 'audience' | 'sentRedirectUri'
>

function checkAnswer(
  params: URLSearchParams,
  client: Client,
  policy: AuthorizationPolicy,
  place: ResponsePlace,
): Result<Answer, OAuthError> {
  const values = checkResponseType(params.get('response_type') ?? '', client)
  if (!values.ok) return values
  if (byteLength(place.state) < minimumEntropyBytes) {
    return err(
      oauthError(
        'invalid_state',
        `The state must be at least ${minimumEntropyBytes} characters long.`,
      ),
    )
  }
  const nonce = params.get('nonce') ?? ''
  if (nonce !== '' && byteLength(nonce) < minimumEntropyBytes) {
    return err(
      oauthError(
        'insufficient_entropy',
        `The nonce must be at least ${minimumEntropyBytes} characters long.`,
      ),
    )
  }
  const refused = checkRequestedResponse({
    ...place,
    values: values.value,
    client,
    sentRedirectUri: value(params, 'redirect_uri') !== undefined,
    nonce,
    allowInsecureRedirects: policy.allowInsecureRedirects,
  })
  if (refused !== undefined) return err(refused)
  return checkExtensions(params, client, policy, { responseValues: values.value, nonce })
}

/** PKCE and the parameters of OpenID Connect. */
function checkExtensions(
  params: URLSearchParams,
  client: Client,
  policy: AuthorizationPolicy,
  checked: Pick<Answer, 'responseValues' | 'nonce'>,
): Result<Answer, OAuthError> {
  const isOpenId = hasScope(parseScope(params.get('scope') ?? ''), 'openid')
  const openId = checkOpenIdRequest(params, client, isOpenId)
  if (!openId.ok) return openId
  const challenge = checked.responseValues.has('code')
    ? checkCodeChallenge(
        value(params, 'code_challenge'),
        value(params, 'code_challenge_method'),
        { isPublic: isPublic(client) },
        policy.pkce,
      )
    : ok(undefined)
  if (!challenge.ok) return challenge
  return ok({
    ...checked,
    ...openId.value,
    codeChallenge: challenge.value,
  })
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
