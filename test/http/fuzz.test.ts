import {
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  oneof,
  record,
  string,
  type Arbitrary,
} from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminEndpoints } from '../../src/http/admin/endpoints.ts'
import type { Endpoint } from '../../src/http/endpoint.ts'
import { publicEndpoints } from '../../src/http/public/endpoints.ts'
import { testScale } from '../support/scale.ts'
import { startServer, type TestServer } from '../support/server.ts'

/** Requests to each endpoint. */
const runs = 40 * testScale

const parameters = [
  'client_id',
  'client_secret',
  'grant_type',
  'response_type',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code',
  'code_verifier',
  'code_challenge',
  'code_challenge_method',
  'refresh_token',
  'token',
  'login_challenge',
  'login_verifier',
  'consent_challenge',
  'consent_verifier',
  'logout_challenge',
  'logout_verifier',
  'prompt',
  'max_age',
  'id_token_hint',
  'request',
  'request_uri',
  'claims',
  'audience',
  'subject',
  'page_size',
  'page_token',
  'assertion',
  'client_assertion',
  'client_assertion_type',
  'device_code',
  'user_code',
  'all',
  'client',
]

const values = oneof(
  constantFrom(
    '',
    'a',
    '-1',
    '0',
    '99999999999999999999',
    'null',
    'client_credentials',
    'authorization_code',
    'refresh_token',
    'code',
    'openid',
    'none',
    'S256',
    'http://127.0.0.1/cb',
    'https://[',
    '%',
    'ory_at_AAAA.BBBB',
    'ory_rt_AAAA.BBBB',
    'ory_ac_',
    'eyJhbGciOiJub25lIn0.e30.',
    '\u0000',
    '\uD800',
    '../../etc/passwd',
    "' OR 1=1 --",
    '{"a":',
    'x'.repeat(5000),
    'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    'foo@bar.com',
  ),
  string({ unit: 'binary', maxLength: 40 }),
)

const names = oneof(constantFrom(...parameters), string({ maxLength: 8 }))

const jsonMembers = [
  'client_id',
  'client_secret',
  'client_name',
  'redirect_uris',
  'grant_types',
  'jwks',
  'jwks_uri',
  'metadata',
  'scope',
  'subject',
  'grant_scope',
  'session',
  'handled_at',
  'remember_for',
  'alg',
  'use',
  'kid',
  'keys',
  'op',
  'path',
  'value',
  'expires_at',
  'issuer',
  'jwk',
  'context',
  '__proto__',
  'allowed_cors_origins',
  'sector_identifier_uri',
  'authorization_code_grant_access_token_lifespan',
]

const jsonValues: Arbitrary<unknown> = oneof(
  values,
  constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    1.5,
    [],
    {},
    [null],
    [''],
    [[]],
    ['http://127.0.0.1'],
    { keys: [] },
    { keys: [{ kty: 'RSA' }] },
    [{ op: 'replace', path: '/client_id', value: 1 }],
    '1h',
    '2020-13-99',
  ),
)

const bodies = oneof(
  dictionary(constantFrom(...jsonMembers), jsonValues, { maxKeys: 6 }).map((value) => ({
    type: 'application/json',
    text: JSON.stringify(value),
  })),
  dictionary(names, values, { maxKeys: 6 }).map((value) => ({
    type: 'application/x-www-form-urlencoded',
    text: new URLSearchParams(value).toString(),
  })),
  constantFrom(
    ...[
      '',
      '[',
      'null',
      '[]',
      '"x"',
      '1',
      '[{}]',
      '['.repeat(5000),
      '{"a":'.repeat(3000),
      '%',
      'a=%zz',
    ].map((text) => ({ type: 'application/json', text })),
  ),
  string({ unit: 'binary', maxLength: 100 }).map((text) => ({
    type: 'application/x-www-form-urlencoded',
    text,
  })),
  string({ unit: 'binary', maxLength: 100 }).map((text) => ({
    type: 'multipart/form-data; boundary=x',
    text: `--x\r\n${text}`,
  })),
)

const requests = record({
  query: dictionary(names, values, { maxKeys: 6 }),
  segment: values,
  body: bodies,
  authorization: constantFrom(
    undefined,
    'Basic',
    'Basic !!!',
    'Basic YTpi',
    'Basic JTpi',
    'Bearer',
    'Bearer x',
    'Bearer ory_at_AAAA.BBBB',
    'Bearer eyJhbGciOiJub25lIn0.e30.',
    'Digest x',
  ),
  cookie: constantFrom(undefined, 'ory_hydra_session_dev=x', ';;=;a', 'ory_hydra_session_dev=%'),
  accept: constantFrom(undefined, 'application/json', ';q=,,', '*/*;q=x'),
})

describe('any request to', () => {
  let server: TestServer
  const failures: string[] = []
  let sent = 0
  beforeAll(async () => {
    const log = {
      debug() {},
      info() {},
      warn() {},
      error: (fields: Readonly<Record<string, unknown>>) => {
        failures.push(String((fields['error'] as Error | undefined)?.stack))
      },
    }
    server = await startServer('memory', {
      config: { oidc: { dynamic_client_registration: { enabled: true } } },
      options: { log },
    })
    await server.adminFetch('/admin/clients', {
      method: 'POST',
      body: JSON.stringify({
        client_id: 'a',
        client_secret: 'a secret',
        redirect_uris: ['http://127.0.0.1/cb'],
        grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],
        response_types: ['code', 'token', 'id_token'],
      }),
    })
  })
  afterAll(async () => {
    await server.close()
    process.stdout.write(`malformed requests: ${sent} sent\n`)
  })

  const tables: readonly (readonly ['publicFetch' | 'adminFetch', readonly Endpoint[]])[] = [
    ['publicFetch', publicEndpoints],
    ['adminFetch', adminEndpoints],
  ]
  for (const [listener, endpoints] of tables) {
    for (const { method, path } of endpoints) {
      it(`${method} ${path} is answered, never with a 5xx`, async () => {
        await assert(
          asyncProperty(requests, async ({ query, segment, body, ...headers }) => {
            failures.length = 0
            sent += 1
            const encoded = encodeURIComponent(segment.toWellFormed())
            const target = path.replaceAll(/\{\w+\}/gu, encoded === '' ? 'a' : encoded)
            const search = new URLSearchParams(query).toString()
            const headerFields = Object.entries(headers).flatMap(([name, value]) =>
              value === undefined ? [] : [[name, value] satisfies [string, string]],
            )
            const response = await server[listener](`${target}?${search}`, {
              method,
              headers: [...headerFields, ['content-type', body.type]],
              ...(method === 'GET' ? {} : { body: body.text }),
            })
            if (response.status >= 500) {
              throw new Error(`${response.status}: ${await response.text()} ${failures.join('\n')}`)
            }
            expect(response.headers.get('x-request-id')).not.toBeNull()
          }),
          { numRuns: runs },
        )
      })
    }
  }
})
