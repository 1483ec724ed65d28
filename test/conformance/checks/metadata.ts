/** META: what the metadata of a provider must be (OpenID Connect Discovery §3). */

import { expect } from 'vitest'
import type { Provider } from '../provider.ts'
import { expectBase64url, expectHttps, expectText } from './values.ts'

/** Names of the IANA registry "OAuth Authorization Server Metadata", and those of the OpenID specifications. */
const registered = new Set(
  `issuer authorization_endpoint token_endpoint jwks_uri registration_endpoint scopes_supported response_types_supported
  response_modes_supported grant_types_supported token_endpoint_auth_methods_supported
  token_endpoint_auth_signing_alg_values_supported service_documentation ui_locales_supported op_policy_uri op_tos_uri
  revocation_endpoint revocation_endpoint_auth_methods_supported revocation_endpoint_auth_signing_alg_values_supported
  introspection_endpoint introspection_endpoint_auth_methods_supported
  introspection_endpoint_auth_signing_alg_values_supported code_challenge_methods_supported signed_metadata
  device_authorization_endpoint tls_client_certificate_bound_access_tokens mtls_endpoint_aliases
  nfv_token_signing_alg_values_supported nfv_token_encryption_alg_values_supported
  nfv_token_encryption_enc_values_supported userinfo_endpoint acr_values_supported subject_types_supported
  id_token_signing_alg_values_supported id_token_encryption_alg_values_supported id_token_encryption_enc_values_supported
  userinfo_signing_alg_values_supported userinfo_encryption_alg_values_supported userinfo_encryption_enc_values_supported
  request_object_signing_alg_values_supported request_object_encryption_alg_values_supported
  request_object_encryption_enc_values_supported display_values_supported claim_types_supported claims_supported
  claims_locales_supported claims_parameter_supported request_parameter_supported request_uri_parameter_supported
  require_request_uri_registration require_signed_request_object pushed_authorization_request_endpoint
  require_pushed_authorization_requests introspection_signing_alg_values_supported
  introspection_encryption_alg_values_supported introspection_encryption_enc_values_supported
  authorization_response_iss_parameter_supported check_session_iframe frontchannel_logout_supported
  backchannel_logout_session_supported end_session_endpoint backchannel_logout_supported
  frontchannel_logout_session_supported backchannel_token_delivery_modes_supported
  backchannel_authentication_endpoint backchannel_authentication_request_signing_alg_values_supported
  backchannel_user_code_parameter_supported prompt_values_supported authorization_details_types_supported
  dpop_signing_alg_values_supported authorization_signing_alg_values_supported
  authorization_encryption_alg_values_supported authorization_encryption_enc_values_supported protected_resources`.split(
    /\s+/u,
  ),
)

/** Members that nobody registered; the SDKs of the Ory API demand them or know them. A warning of the suite. */
const unregistered = [
  'credentials_endpoint_draft_00',
  'credentials_supported_draft_00',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
]

/** Where metadata comes from. */
export type Origin = Pick<Provider, 'issuer' | 'fetch'>

/** Metadata as it came. */
export type Metadata = Readonly<Record<string, unknown>>

const knownAlgorithm = /^(?:none|(?:HS|RS|PS|ES)(?:256|384|512)|ES256K|EdDSA|Ed25519)$/u

/** Fetches metadata and keys, and holds them to the whole set. */
export async function checkMetadata(provider: Origin): Promise<Metadata> {
  const address = `${provider.issuer}/.well-known/openid-configuration`
  const response = await provider.fetch(address)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^application\/json\b/u)
  const metadata = (await response.json()) as Metadata
  checkIssuer(metadata, provider.issuer)
  checkTypes(metadata)
  checkEndpoints(metadata)
  checkAlgorithms(metadata)
  checkSupported(metadata)
  await checkKeys(provider, String(metadata['jwks_uri']))
  return metadata
}

function checkIssuer({ issuer }: Metadata, expected: string): void {
  expect(issuer).toBe(expected)
  const { search, hash } = expectHttps(issuer)
  expect([search, hash]).toEqual(['', ''])
}

function checkTypes(metadata: Metadata): void {
  const unknown = Object.keys(metadata).filter((name) => !registered.has(name))
  expect(unknown.sort()).toEqual(unregistered)
  for (const [name, value] of Object.entries(metadata)) {
    expect(value, name).not.toBeNull()
    if (unregistered.includes(name)) continue
    if (name.endsWith('_supported') && Array.isArray(value))
      for (const each of value) expectText(each, name)
    else expect(['string', 'boolean'], name).toContain(typeof value)
  }
  expect(metadata['grant_types_supported']).not.toHaveLength(0)
}

function checkEndpoints(metadata: Metadata): void {
  for (const name of ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri'])
    expectHttps(metadata[name])
  for (const [name, value] of Object.entries(metadata))
    if (name.endsWith('_endpoint')) expectHttps(value)
}

function list(metadata: Metadata, name: string): readonly string[] {
  expect(metadata[name], name).toBeInstanceOf(Array)
  return metadata[name] as readonly string[]
}

function checkAlgorithms(metadata: Metadata): void {
  expect(list(metadata, 'id_token_signing_alg_values_supported')).toContain('RS256')
  for (const alg of list(metadata, 'userinfo_signing_alg_values_supported'))
    expect(alg).toMatch(knownAlgorithm)
  expect(list(metadata, 'request_object_signing_alg_values_supported')).toContain('RS256')
}

function checkSupported(metadata: Metadata): void {
  expect(list(metadata, 'response_types_supported')).not.toHaveLength(0)
  const subjectTypes = list(metadata, 'subject_types_supported')
  expect(subjectTypes).not.toHaveLength(0)
  for (const type of subjectTypes) expect(['public', 'pairwise']).toContain(type)
  const scopes = list(metadata, 'scopes_supported')
  expect(scopes).toContain('openid')
  // RFC 6749 §3.3
  for (const scope of scopes) expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/u)
  expect(list(metadata, 'claims_supported')).not.toHaveLength(0)
  expect(list(metadata, 'code_challenge_methods_supported')).toContain('S256')
  for (const name of ['ui_locales_supported', 'claims_locales_supported']) {
    if (metadata[name] === undefined) continue
    for (const tag of list(metadata, name)) expect(Intl.getCanonicalLocales(tag)).toEqual([tag])
  }
}

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

async function checkKeys(provider: Origin, address: string): Promise<void> {
  const response = await provider.fetch(address)
  expect(response.status).toBe(200)
  const { keys } = (await response.json()) as { keys: readonly Readonly<Record<string, unknown>>[] }
  expect(keys).not.toHaveLength(0)
  const ids = keys.map(({ kid }) => kid)
  expect(new Set(ids).size).toBe(ids.length)
  for (const key of keys) {
    expectText(key['kid'], 'kid')
    expect(['RSA', 'EC', 'OKP']).toContain(key['kty'])
    for (const name of privateMembers) expect(key).not.toHaveProperty(name)
    for (const name of key['kty'] === 'RSA' ? ['n', 'e'] : ['x']) expectBase64url(key[name])
  }
}
