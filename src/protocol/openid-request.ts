/**
 * The parameters that OpenID Connect adds to an authorization request.
 *
 * @see OpenID Connect Core §3.1.2.1 and §5.5, RFC 9470 §4
 */

import { ok, type Result } from '../result.ts'
import {
  noClaimsRequest,
  parseClaimsRequest,
  requestedAcr,
  type ClaimsRequest,
} from './claims-request.ts'
import type { Client } from './client.ts'
import type { OAuthError } from './oauth-error.ts'
import { parseMaxAge, parsePrompt, type Prompt } from './prompt.ts'

/** What a client wants of the authentication, and which claims. */
export interface OpenIdRequest {
  readonly prompt: readonly Prompt[]
  /** Of the request, or else the client's `default_max_age`. */
  readonly maxAgeSeconds: number | undefined
  readonly idTokenHint: string | undefined
  readonly claims: ClaimsRequest
  /** In the order of preference: of the request, or else the client's `default_acr_values`. */
  readonly acrValues: readonly string[]
}

/** What a device asks for: it sends none of the parameters. */
export const noOpenIdRequest: OpenIdRequest = {
  prompt: [],
  maxAgeSeconds: undefined,
  idTokenHint: undefined,
  claims: noClaimsRequest,
  acrValues: [],
}

/** What a client may decide beforehand (OpenID Connect Dynamic Client Registration §2). */
export type OpenIdDefaults = Pick<Client, 'default_max_age' | 'default_acr_values'>

/**
 * Checks the parameters. `claims` counts in requests with the scope `openid` only: it is a parameter of others elsewhere.
 *
 * @returns `invalid_request` for a parameter that is malformed.
 */
export function checkOpenIdRequest(
  params: URLSearchParams,
  client: OpenIdDefaults,
  isOpenId: boolean,
): Result<OpenIdRequest, OAuthError> {
  const prompt = parsePrompt(params.get('prompt') ?? '')
  if (!prompt.ok) return prompt
  const sentMaxAge = params.get('max_age') ?? ''
  const maxAge = parseMaxAge(sentMaxAge)
  if (!maxAge.ok) return maxAge
  const claims = parseClaimsRequest(isOpenId ? (params.get('claims') ?? '') : '')
  if (!claims.ok) return claims
  const hint = params.get('id_token_hint') ?? ''
  return ok({
    prompt: prompt.value,
    maxAgeSeconds: sentMaxAge === '' ? client.default_max_age : maxAge.value,
    idTokenHint: hint === '' ? undefined : hint,
    claims: claims.value,
    acrValues: acrValuesOf(params, claims.value, client),
  })
}

/** §5.5.1.1: `acr_values` asks for the claim `acr` too; the claim is more exact. */
function acrValuesOf(
  params: URLSearchParams,
  claims: ClaimsRequest,
  client: OpenIdDefaults,
): readonly string[] {
  const sent = (params.get('acr_values') ?? '').split(' ').filter((value) => value !== '')
  const all = [...new Set([...requestedAcr(claims), ...sent])]
  return all.length > 0 ? all : (client.default_acr_values ?? [])
}
