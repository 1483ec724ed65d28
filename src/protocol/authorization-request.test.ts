import { describe, expect, it } from 'vitest'
import { asClientId, instant } from '../brand.ts'
import { checkAuthorizationRequest } from './authorization-request.ts'
import type { Client } from './client.ts'
import { scopeStrategies } from './scope.ts'

const client: Client = {
  client_id: asClientId('app'),
  client_name: '',
  redirect_uris: ['https://app.example/cb'],
  grant_types: [],
  response_types: ['code'],
  scope: 'openid foo',
  audience: ['https://api.example'],
  owner: '',
  policy_uri: '',
  tos_uri: '',
  client_uri: '',
  logo_uri: '',
  allowed_cors_origins: [],
  contacts: [],
  subject_type: 'public',
  sector_identifier_uri: '',
  jwks: undefined,
  jwks_uri: '',
  token_endpoint_auth_method: 'client_secret_basic',
  token_endpoint_auth_signing_alg: '',
  request_uris: [],
  request_object_signing_alg: '',
  userinfo_signed_response_alg: 'none',
  frontchannel_logout_uri: '',
  frontchannel_logout_session_required: false,
  backchannel_logout_uri: '',
  backchannel_logout_session_required: false,
  post_logout_redirect_uris: [],
  metadata: {},
  access_token_strategy: '',
  skip_consent: false,
  skip_logout_consent: undefined,
  default_max_age: undefined,
  require_auth_time: undefined,
  default_acr_values: undefined,
  initiate_login_uri: undefined,
  lifespans: {},
  created_at: instant(0),
  updated_at: instant(0),
}

const policy = {
  scopeStrategy: scopeStrategies.wildcard,
  pkce: { enforced: false, enforcedForPublicClients: false },
  allowInsecureRedirects: false,
}

const good =
  'client_id=app&response_type=code&redirect_uri=https://app.example/cb&scope=openid&state=12345678'

function outcome(query: string, changes: Partial<Client> = {}): string {
  const result = checkAuthorizationRequest(
    new URLSearchParams(query),
    { ...client, ...changes },
    policy,
  )
  if (result.ok) return 'ok'
  const { error } = result
  return error.kind === 'show'
    ? `show ${error.error.code}`
    : `${error.responseMode} ${error.error.code}`
}

describe('checkAuthorizationRequest', () => {
  const cases = [
    { it: 'accepts a plain request', query: good, expect: 'ok' },
    { it: 'accepts an explicit mode', query: `${good}&response_mode=form_post`, expect: 'ok' },
    {
      it: 'shows an unknown response_mode',
      query: `${good}&response_mode=foo`,
      expect: 'show unsupported_response_mode',
    },
    {
      it: 'shows a missing redirect_uri with openid',
      query: 'response_type=code&scope=openid&state=12345678',
      expect: 'show invalid_request',
    },
    {
      it: 'takes the only redirect_uri without openid',
      query: 'response_type=code&scope=foo&state=12345678',
      expect: 'ok',
    },
    {
      it: 'shows an unregistered redirect_uri',
      query: good.replace('/cb', '/other'),
      expect: 'show invalid_request',
    },
    {
      it: 'shows a repeated redirect_uri',
      query: `${good}&redirect_uri=https://evil.example`,
      expect: 'show invalid_request',
    },
    { it: 'refuses a repeated scope', query: `${good}&scope=foo`, expect: 'query invalid_request' },
    {
      it: 'refuses a repeated state',
      query: `${good}&state=87654321`,
      expect: 'query invalid_request',
    },
    {
      it: 'allows a repeated audience',
      query: `${good}&audience=https://api.example&audience=https://api.example/a`,
      expect: 'ok',
    },
    {
      it: 'refuses a scope the client may not ask for',
      query: good.replace('openid', 'bar'),
      expect: 'query invalid_scope',
    },
    {
      it: 'refuses an audience the client may not ask for',
      query: `${good}&audience=https://other.example`,
      expect: 'query invalid_request',
    },
    {
      it: 'refuses registration',
      query: `${good}&registration=x`,
      expect: 'query registration_not_supported',
    },
    {
      it: 'refuses a response type the client has not registered',
      query: good.replace('=code', '=token'),
      expect: 'fragment unsupported_response_type',
    },
    {
      it: 'refuses an empty response type',
      query: good.replace('response_type=code', 'response_type='),
      expect: 'query unsupported_response_type',
    },
    {
      it: 'refuses a missing state',
      query: good.replace('&state=12345678', ''),
      expect: 'query invalid_state',
    },
    {
      it: 'refuses a short state',
      query: good.replace('12345678', 'short'),
      expect: 'query invalid_state',
    },
    { it: 'refuses a short nonce', query: `${good}&nonce=1`, expect: 'query insufficient_entropy' },
    {
      it: 'refuses an unknown prompt',
      query: `${good}&prompt=foo`,
      expect: 'query invalid_request',
    },
    {
      it: 'refuses a max_age that is no number',
      query: `${good}&max_age=abc`,
      expect: 'query invalid_request',
    },
    {
      it: 'refuses plain PKCE',
      query: `${good}&code_challenge=abc`,
      expect: 'query invalid_request',
    },
    {
      it: 'answers errors in the mode asked for',
      query: `${good}&response_mode=fragment&prompt=foo`,
      expect: 'fragment invalid_request',
    },
  ] as const
  for (const c of cases) it(c.it, () => expect(outcome(c.query)).toBe(c.expect))

  it('knows response types as sets, whatever their case and order', () => {
    expect(outcome(good.replace('response_type=code', 'response_type=CODE'))).toBe('ok')
  })
  it('refuses plain http to another machine', () => {
    const query = good.replaceAll('https://app', 'http://app')
    expect(outcome(query, { redirect_uris: ['http://app.example/cb'] })).toBe(
      'query invalid_request',
    )
  })
})
