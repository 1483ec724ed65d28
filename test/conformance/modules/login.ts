/** Complete logins, and parameters that must do no harm. */

import * as oauth from 'oauth4webapi'
import { expect } from 'vitest'
import { checkErrorResponse, expectErrorPage } from '../checks/authorization.ts'
import { standardClaims } from '../checks/claims.ts'
import type { RelyingParty } from '../relying-party.ts'
import { randomText } from '../random-text.ts'
import { loginWith } from './module.ts'

async function completeLogin(party: RelyingParty, metadata = {}): Promise<void> {
  const client = await party.client(metadata)
  const { idTokens, userInfos } = await party.login(client, {
    params: { state: randomText(128), nonce: randomText(43) },
  })
  // A warning: claims that nobody asked for.
  for (const { claims } of idTokens)
    expect(Object.keys(claims).filter((name) => standardClaims.includes(name))).toEqual([])
  expect(userInfos).toHaveLength(idTokensWithAccess(party))
}

/** How many access tokens a login gives: one from each endpoint. */
function idTokensWithAccess({ variant }: RelyingParty): number {
  return variant.responseType.split(' ').filter((type) => type !== 'id_token').length
}

async function withoutNonceFails(party: RelyingParty): Promise<void> {
  const { request, stop } = await party.visit(await party.client(), {
    params: { nonce: undefined },
  })
  if (stop.kind === 'page') expectErrorPage(stop, party.provider.issuer, /nonce/u)
  else expect(checkErrorResponse(stop, request.expected)).toBe('invalid_request')
}

async function withAcrValues(party: RelyingParty): Promise<void> {
  const { acr_values_supported: supported } = await party.provider.metadata()
  const values = (supported as readonly string[] | undefined) ?? ['1', '2']
  const { idTokens } = await party.login(await party.client(), {
    params: { acr_values: values.join(' ') },
  })
  for (const { claims } of idTokens) expect(values).toContain(claims['acr'])
}

async function responseTypeMissing(party: RelyingParty): Promise<void> {
  const options = { params: { response_type: undefined } }
  const { request, stop } = await party.visit(await party.client(), options)
  if (stop.kind === 'page') return expectErrorPage(stop, party.provider.issuer, /response_type/u)
  // Nobody knows the response type: the query is the place (RFC 6749 §4.1.2.1).
  const error = checkErrorResponse(stop, { ...request.expected, responseType: 'code' })
  expect(['unsupported_response_type', 'invalid_request']).toContain(error)
}

/** Modules by name. */
export const loginModules = {
  'oidcc-server': completeLogin,
  async 'oidcc-server-client-secret-post'(party: RelyingParty) {
    const { token_endpoint_auth_methods_supported: methods } = await party.provider.metadata()
    expect(methods).toContain('client_secret_post')
    await completeLogin(party, { token_endpoint_auth_method: 'client_secret_post' })
  },
  'oidcc-response-type-missing': responseTypeMissing,
  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow': loginWith({ nonce: undefined }),
  'oidcc-ensure-request-without-nonce-fails': withoutNonceFails,
  'oidcc-display-page': loginWith({ display: 'page' }),
  'oidcc-display-popup': loginWith({ display: 'popup' }),
  'oidcc-ensure-request-with-unknown-parameter-succeeds': loginWith({ extra: 'foobar' }),
  async 'oidcc-login-hint'(party: RelyingParty) {
    const { email } = party.provider.account
    for (const login_hint of [email, 'buffy@example.org'])
      await party.login(await party.client(), { params: { login_hint } })
  },
  'oidcc-ui-locales': loginWith({ ui_locales: 'se' }),
  'oidcc-claims-locales': loginWith({ claims_locales: 'se' }),
  'oidcc-ensure-request-with-acr-values-succeeds': withAcrValues,
  async 'oidcc-ensure-post-request-succeeds'(party: RelyingParty) {
    await party.login(await party.client(), {
      send: ({ params }, agent) => agent.open('/oauth2/auth', { method: 'POST', fields: params }),
    })
  },
  async 'oidcc-ensure-request-with-valid-pkce-succeeds'(party: RelyingParty) {
    const codeVerifier = oauth.generateRandomCodeVerifier()
    const code_challenge = await oauth.calculatePKCECodeChallenge(codeVerifier)
    await party.login(await party.client(), {
      params: { code_challenge, code_challenge_method: 'S256' },
      codeVerifier,
    })
  },
}
