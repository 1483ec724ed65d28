/** What this server can do, and the keys it signs with. @see OpenID Connect Discovery §3 and §4, RFC 8414 §3 */

import { z } from 'zod'
import type { Services } from '../../context.ts'
import { jsonWebKeySet } from '../../keys/jwk-schema.ts'
import { idTokenKeySet } from '../../keys/key-ring.ts'
import { responseModes } from '../../protocol/response.ts'
import { claimsOfScope, standardClaims } from '../../protocol/standard-claims.ts'
import type { Settings } from '../../settings.ts'
import type { Endpoint } from '../endpoint.ts'
import { json } from '../respond.ts'
import { algorithmMembers, algorithmValues } from './discovery-algorithms.ts'
import { discoveryExtensions, extensionMembers } from './discovery-extensions.ts'

const text = z.string().optional()
const list = z.array(z.string()).optional()
const truth = z.boolean().optional()

const credentialSupported = z
  .object({
    format: text,
    types: list,
    cryptographic_binding_methods_supported: list,
    cryptographic_suites_supported: list,
  })
  .meta({ id: 'credentialSupportedDraft00' })

/** Strict SDKs refuse members that the Ory API does not have; those are apart, in {@link discoveryExtensions}. */
const oidcConfiguration = z
  .object({
    issuer: z.string(),
    authorization_endpoint: z.string(),
    token_endpoint: z.string(),
    device_authorization_endpoint: z.string(),
    userinfo_endpoint: text,
    jwks_uri: z.string(),
    revocation_endpoint: text,
    end_session_endpoint: text,
    registration_endpoint: text,
    subject_types_supported: z.array(z.string()),
    response_types_supported: z.array(z.string()),
    response_modes_supported: list,
    grant_types_supported: list,
    claims_supported: list,
    scopes_supported: list,
    token_endpoint_auth_methods_supported: list,
    id_token_signing_alg_values_supported: z.array(z.string()),
    id_token_signed_response_alg: z.array(z.string()),
    userinfo_signed_response_alg: z.array(z.string()),
    userinfo_signing_alg_values_supported: list,
    request_object_signing_alg_values_supported: list,
    request_parameter_supported: truth,
    request_uri_parameter_supported: truth,
    require_request_uri_registration: truth,
    claims_parameter_supported: truth,
    backchannel_logout_supported: truth,
    backchannel_logout_session_supported: truth,
    frontchannel_logout_supported: truth,
    frontchannel_logout_session_supported: truth,
    code_challenge_methods_supported: list,
    credentials_endpoint_draft_00: text,
    credentials_supported_draft_00: z.array(credentialSupported).optional(),
    ...extensionMembers,
    ...algorithmMembers,
  })
  .meta({ id: 'oidcConfiguration' })

const fixed = {
  response_types_supported: [
    'code',
    'code id_token',
    'id_token',
    'token id_token',
    'token',
    'token id_token code',
  ],
  response_modes_supported: responseModes,
  grant_types_supported: [
    'authorization_code',
    'implicit',
    'client_credentials',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:device_code',
  ],
  token_endpoint_auth_methods_supported: [
    'client_secret_post',
    'client_secret_basic',
    'private_key_jwt',
    'none',
  ],
  request_object_signing_alg_values_supported: ['none', 'RS256', 'ES256'],
  request_parameter_supported: true,
  request_uri_parameter_supported: true,
  require_request_uri_registration: true,
  claims_parameter_supported: true,
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
  frontchannel_logout_supported: true,
  frontchannel_logout_session_supported: true,
  // The Ory API lists `plain` too, and refuses it.
  code_challenge_methods_supported: ['S256'],
  credentials_supported_draft_00: [
    {
      format: 'jwt_vc_json',
      types: ['VerifiableCredential', 'UserInfoCredential'],
      cryptographic_binding_methods_supported: ['jwk'],
      cryptographic_suites_supported: [
        'PS256',
        'RS256',
        'ES256',
        'PS384',
        'RS384',
        'ES384',
        'PS512',
        'RS512',
        'ES512',
        'EdDSA',
      ],
    },
  ],
} as const

function endpoints({ discovery, issuer, publicUrl }: Settings) {
  const issuerBase = issuer.replace(/\/+$/u, '')
  return {
    authorization_endpoint: discovery.authUrl ?? `${publicUrl}/oauth2/auth`,
    token_endpoint: discovery.tokenUrl ?? `${publicUrl}/oauth2/token`,
    device_authorization_endpoint:
      discovery.deviceAuthorizationUrl ?? `${publicUrl}/oauth2/device/auth`,
    userinfo_endpoint: discovery.userinfoUrl ?? `${publicUrl}/userinfo`,
    jwks_uri: discovery.jwksUrl ?? `${issuerBase}/.well-known/jwks.json`,
    revocation_endpoint: `${issuerBase}/oauth2/revoke`,
    end_session_endpoint: `${issuerBase}/oauth2/sessions/logout`,
    registration_endpoint: discovery.clientRegistrationUrl,
    credentials_endpoint_draft_00: `${publicUrl}/credentials`,
  }
}

async function configuration({ settings, keys }: Services) {
  const { alg } = await keys.signingKey(idTokenKeySet)
  const { supportedClaims, supportedScope } = settings.discovery
  // What a consent app of the operator tells is for the operator to say.
  const own =
    settings.urls.consent === undefined && settings.accountPages
      ? { claims: standardClaims, scopes: Object.keys(claimsOfScope) }
      : { claims: [], scopes: [] }
  return {
    issuer: settings.issuer,
    ...endpoints(settings),
    ...fixed,
    subject_types_supported: ['public', 'pairwise'].filter((type) =>
      settings.subjectIdentifiers.supportedTypes.some((supported) => supported === type),
    ),
    claims_supported: [...new Set(['sub', ...own.claims, ...supportedClaims])],
    scopes_supported: [
      ...new Set(['offline_access', 'offline', 'openid', ...own.scopes, ...supportedScope]),
    ],
    id_token_signing_alg_values_supported: [alg],
    id_token_signed_response_alg: [alg],
    userinfo_signed_response_alg: [alg],
    userinfo_signing_alg_values_supported: ['none', alg],
    ...(settings.discovery.extensions
      ? { ...(await algorithmValues({ keys }, alg)), ...discoveryExtensions(settings) }
      : {}),
  }
}

const shared = {
  method: 'GET',
  crossOrigin: true,
  responses: { 200: { description: 'The configuration', schema: oidcConfiguration } },
  handle: async ({ services }) => json(200, await configuration(services)),
} as const satisfies Partial<Endpoint>

/** `GET /.well-known/openid-configuration` (OpenID Connect Discovery §4). */
export const openidConfigurationEndpoint: Endpoint = {
  ...shared,
  path: '/.well-known/openid-configuration',
  operationId: 'discoverOidcConfiguration',
  tag: 'oidc',
  summary: 'OpenID Connect Discovery',
}

/** `GET /.well-known/oauth-authorization-server` (RFC 8414 §3). */
export const authorizationServerEndpoint: Endpoint = {
  ...shared,
  path: '/.well-known/oauth-authorization-server',
  summary: 'OAuth 2.0 Authorization Server Metadata',
}

/** `GET /.well-known/jwks.json`: the public keys (RFC 7517 §5). */
export const jwksEndpoint: Endpoint = {
  method: 'GET',
  path: '/.well-known/jwks.json',
  operationId: 'discoverJsonWebKeys',
  tag: 'wellknown',
  summary: 'Discover well-known JSON Web Keys',
  crossOrigin: true,
  responses: { 200: { description: 'The public keys', schema: jsonWebKeySet } },
  handle: async ({ services }) => json(200, await services.keys.publicJwks()),
}
