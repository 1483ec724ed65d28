/** `oidc_context` of the login and consent objects: hints of the request, passed on as they are. */

import type { JsonObject } from '../protocol/json.ts'
import { checkOpenIdRequest, type OpenIdDefaults } from '../protocol/openid-request.ts'

/**
 * Members that the request did not carry are left out, so it is `{}` for a plain request. `acr_values` are those that count: also the
 * values of the claim `acr`, or the client's own.
 */
export function oidcContextOf(
  params: URLSearchParams,
  client: OpenIdDefaults,
  idTokenHintClaims?: JsonObject,
): JsonObject {
  const openId = checkOpenIdRequest(params, client, true)
  const acrValues = openId.ok ? openId.value.acrValues : []
  const uiLocales = list(params, 'ui_locales')
  const display = params.get('display') ?? ''
  const loginHint = params.get('login_hint') ?? ''
  return {
    ...(acrValues.length > 0 ? { acr_values: acrValues } : {}),
    ...(uiLocales.length > 0 ? { ui_locales: uiLocales } : {}),
    ...(display === '' ? {} : { display }),
    ...(loginHint === '' ? {} : { login_hint: loginHint }),
    ...(idTokenHintClaims === undefined ? {} : { id_token_hint_claims: idTokenHintClaims }),
  }
}

function list(params: URLSearchParams, name: string): readonly string[] {
  return (params.get(name) ?? '').split(' ').filter((value) => value !== '')
}
