/** Discovery documents and key sets, as contract operations §2 lists them. */

import { createPublicKey, type JsonWebKeyInput } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeEachEngine, type Engine } from './support/engines.ts'
import { startServer, type TestServer } from './support/server.ts'

const P = 'http://127.0.0.1'

interface Jwks {
  readonly keys: readonly (JsonWebKeyInput['key'] & { readonly kid: string })[]
}

const document = {
  issuer: P,
  authorization_endpoint: `${P}/oauth2/auth`,
  token_endpoint: `${P}/oauth2/token`,
  device_authorization_endpoint: `${P}/oauth2/device/auth`,
  userinfo_endpoint: `${P}/userinfo`,
  jwks_uri: `${P}/.well-known/jwks.json`,
  revocation_endpoint: `${P}/oauth2/revoke`,
  end_session_endpoint: `${P}/oauth2/sessions/logout`,
  subject_types_supported: ['public'],
  response_types_supported: [
    'code',
    'code id_token',
    'id_token',
    'token id_token',
    'token',
    'token id_token code',
  ],
  response_modes_supported: ['query', 'fragment', 'form_post'],
  grant_types_supported: [
    'authorization_code',
    'implicit',
    'client_credentials',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:device_code',
  ],
  claims_supported: [
    'sub',
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
    'email',
    'email_verified',
    'address',
    'phone_number',
    'phone_number_verified',
  ],
  scopes_supported: ['offline_access', 'offline', 'openid', 'profile', 'email', 'address', 'phone'],
  token_endpoint_auth_methods_supported: [
    'client_secret_post',
    'client_secret_basic',
    'private_key_jwt',
    'none',
  ],
  id_token_signing_alg_values_supported: ['RS256'],
  id_token_signed_response_alg: ['RS256'],
  userinfo_signed_response_alg: ['RS256'],
  userinfo_signing_alg_values_supported: ['none', 'RS256'],
  request_object_signing_alg_values_supported: ['none', 'RS256', 'ES256'],
  request_parameter_supported: true,
  request_uri_parameter_supported: true,
  require_request_uri_registration: true,
  claims_parameter_supported: true,
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
  frontchannel_logout_supported: true,
  frontchannel_logout_session_supported: true,
  code_challenge_methods_supported: ['S256'],
  credentials_endpoint_draft_00: `${P}/credentials`,
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
}

/** What `webfinger.oidc_discovery.extensions` adds. */
const signing = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
]
const encryption = ['RSA-OAEP', 'RSA-OAEP-256', 'ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW']
const contentEncryption = ['A128GCM', 'A256GCM', 'A128CBC-HS256', 'A256CBC-HS512']
const extensions = {
  authorization_response_iss_parameter_supported: true,
  acr_values_supported: ['0', '1'],
  claim_types_supported: ['normal'],
  display_values_supported: ['page', 'popup', 'touch', 'wap'],
  ui_locales_supported: ['en', 'de', 'fr', 'es'],
  id_token_signing_alg_values_supported: signing,
  userinfo_signing_alg_values_supported: ['none', ...signing],
  request_object_signing_alg_values_supported: ['none', ...signing],
  id_token_encryption_alg_values_supported: encryption,
  id_token_encryption_enc_values_supported: contentEncryption,
  userinfo_encryption_alg_values_supported: encryption,
  userinfo_encryption_enc_values_supported: contentEncryption,
}

describeEachEngine('discovery', (engine: Engine) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer(engine)
  })
  afterAll(() => server.close())

  describe('GET /.well-known/openid-configuration', () => {
    it('answers what the Ory API knows, and the extensions (S183)', async () => {
      const response = await server.publicFetch('/.well-known/openid-configuration')
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(response.headers.get('cache-control')).toBe(
        'private, no-cache, no-store, must-revalidate',
      )
      expect(await response.json()).toEqual({ ...document, ...extensions })
    })

    it('is answered as authorization server metadata too (RFC 8414)', async () => {
      const response = await server.publicFetch('/.well-known/oauth-authorization-server')
      expect(await response.json()).toEqual({ ...document, ...extensions })
    })

    it('may be asked with OPTIONS', async () => {
      for (const path of ['openid-configuration', 'oauth-authorization-server', 'jwks.json']) {
        const response = await server.publicFetch(`/.well-known/${path}`, { method: 'OPTIONS' })
        expect(response.status).toBe(200)
      }
    })
  })

  describe('GET /.well-known/jwks.json', () => {
    it('shows one public RSA key of each built-in set, made on first use', async () => {
      const all = await Promise.all(
        Array.from({ length: 5 }, () => server.publicFetch('/.well-known/jwks.json')),
      )
      const bodies = await Promise.all(all.map((response) => response.json() as Promise<Jwks>))
      const { keys } = bodies[0]!
      expect(keys).toHaveLength(2)
      for (const body of bodies) expect(body).toEqual(bodies[0])
      for (const key of keys) {
        expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
        expect(key).toMatchObject({ alg: 'RS256', kty: 'RSA', use: 'sig' })
        expect(createPublicKey({ key: { ...key }, format: 'jwk' }).type).toBe('public')
      }
      expect(keys[0]?.kid).not.toBe(keys[1]?.kid)
    })
  })
})

describe('discovery under other settings', () => {
  it('answers exactly the members that strict SDKs know without extensions (S183)', async () => {
    const server = await startServer('memory', {
      config: { webfinger: { oidc_discovery: { extensions: false } } },
    })
    try {
      const response = await server.publicFetch('/.well-known/openid-configuration')
      expect(await response.json()).toEqual(document)
    } finally {
      await server.close()
    }
  })

  it('takes the overrides of webfinger.oidc_discovery and lists every subject type', async () => {
    const server = await startServer('memory', {
      config: {
        urls: {
          consent: 'http://app.example/consent',
          self: { issuer: 'http://issuer.example/', public: 'http://public.example/base' },
        },
        oidc: {
          subject_identifiers: {
            supported_types: ['pairwise', 'public'],
            pairwise: { salt: 'a salt of the tests' },
          },
        },
        webfinger: {
          oidc_discovery: {
            extensions: false,
            auth_url: 'https://o.example/auth',
            token_url: 'https://o.example/token',
            device_authorization_url: 'https://o.example/device',
            userinfo_url: 'https://o.example/me',
            client_registration_url: 'https://o.example/register',
            supported_claims: ['email', 'sub'],
            supported_scope: ['email', 'openid'],
          },
        },
      },
    })
    try {
      const response = await server.publicFetch('/.well-known/openid-configuration')
      const body = (await response.json()) as object
      expect(Object.keys(body)).toHaveLength(32)
      expect(body).toMatchObject({
        issuer: 'http://issuer.example/',
        authorization_endpoint: 'https://o.example/auth',
        token_endpoint: 'https://o.example/token',
        device_authorization_endpoint: 'https://o.example/device',
        userinfo_endpoint: 'https://o.example/me',
        registration_endpoint: 'https://o.example/register',
        jwks_uri: 'http://issuer.example/.well-known/jwks.json',
        revocation_endpoint: 'http://issuer.example/oauth2/revoke',
        end_session_endpoint: 'http://issuer.example/oauth2/sessions/logout',
        credentials_endpoint_draft_00: 'http://public.example/base/credentials',
        subject_types_supported: ['public', 'pairwise'],
        claims_supported: ['sub', 'email'],
        scopes_supported: ['offline_access', 'offline', 'openid', 'email'],
      })
    } finally {
      await server.close()
    }
  })
})
