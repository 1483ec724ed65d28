/** The JWT bearer grant, as contract tokens §2.4 and §13.4 tell it. */

import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asProjectId } from '../src/brand.ts'
import type { Outgoing } from '../src/context.ts'
import { openStorage } from '../src/storage/sql/open.ts'
import { claimsOf, type TestClient } from './support/browser-flow.ts'
import { createClient, postForm } from './support/code-flow.ts'
import { describeEachEngine } from './support/engines.ts'
import { startServer, type TestServer } from './support/server.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const trustPath = '/admin/trust/grants/jwt-bearer/issuers'
const tokenUrl = 'http://127.0.0.1/oauth2/token'
const issuer = 'https://partner.example'
const subject = 'svc-42'

type Keys = Awaited<ReturnType<typeof generateKeyPair>>
type Body = Record<string, any> // oxlint-disable-line typescript/no-explicit-any -- assertions look into it

interface Header {
  readonly alg?: string
  readonly kid?: string | undefined
}

let count = 0
const unique = () => `${Date.now()}-${(count += 1)}`

function without(payload: JWTPayload, ...names: readonly string[]): JWTPayload {
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !names.includes(name)))
}

/** What every suite here does with its server. */
function driver(server: TestServer, keys: Keys) {
  const now = () => Math.floor(server.clock() / 1000)
  const driver = {
    now,
    claims: (): JWTPayload => ({
      iss: issuer,
      sub: subject,
      aud: tokenUrl,
      exp: now() + 3600,
      iat: now(),
      jti: unique(),
    }),
    sign: (payload: JWTPayload, { alg = 'ES256', kid = 'k1' }: Header = {}, by = keys) =>
      new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(by.privateKey),
    async trust(changes: object = {}, by = keys, kid = 'k1'): Promise<Body> {
      const response = await server.adminFetch(trustPath, {
        method: 'POST',
        body: JSON.stringify({
          issuer,
          subject,
          scope: ['orders.read', 'orders.write', 'openid', 'offline'],
          expires_at: '2031-01-01T00:00:00Z',
          jwk: { ...(await exportJWK(by.publicKey)), kid, use: 'sig', alg: 'ES256' },
          ...changes,
        }),
      })
      expect(response.status).toBe(201)
      return (await response.json()) as Body
    },
    client: (metadata: Readonly<Record<string, unknown>> = {}) =>
      createClient(server, {
        grant_types: [grantType],
        scope: 'orders.read orders.write admin openid offline',
        ...metadata,
      }),
    async ask(
      client: TestClient | undefined,
      assertion: string | undefined,
      more: Readonly<Record<string, string>> = {},
    ) {
      const form = {
        grant_type: grantType,
        ...(assertion === undefined ? {} : { assertion }),
        ...more,
      }
      const response = await postForm(server.publicFetch, '/oauth2/token', form, client)
      return { status: response.status, body: (await response.json()) as Body }
    },
    async introspect(token: string, more: Readonly<Record<string, string>> = {}): Promise<Body> {
      const path = '/admin/oauth2/introspect'
      const response = await postForm(server.adminFetch, path, { token, ...more })
      return (await response.json()) as Body
    },
  }
  return driver
}

type Driver = ReturnType<typeof driver>

describeEachEngine('the JWT bearer grant', (engine) => {
  let server: TestServer
  let keys: Keys
  let stranger: Keys
  let at: Driver
  let client: TestClient
  beforeAll(async () => {
    keys = await generateKeyPair('ES256', { extractable: true })
    stranger = await generateKeyPair('ES256', { extractable: true })
    server = await startServer(engine)
    at = driver(server, keys)
    await at.trust()
    client = await at.client()
  })
  afterAll(() => server.close())

  async function gives(assertion: string, more: Readonly<Record<string, string>> = {}) {
    const { status, body } = await at.ask(client, assertion, more)
    expect([status, body['error_description']]).toEqual([200, undefined])
    return body
  }
  async function refuses(assertion: string | undefined, error = 'invalid_grant', hint = /./u) {
    const { status, body } = await at.ask(client, assertion, { scope: 'orders.read' })
    expect([status, body['error']]).toEqual([400, error])
    expect(body['error_description']).toMatch(hint)
  }

  for (const strategy of ['opaque', 'jwt'] as const)
    describe(`with ${strategy} access tokens`, () => {
      it('S100 and CY20 exchange a valid assertion for an access token of its subject, and no other token', async () => {
        const own = await at.client({ access_token_strategy: strategy })
        const scope = 'orders.read openid offline'
        const { status, body } = await at.ask(own, await at.sign(at.claims()), { scope })
        expect(status).toBe(200)
        expect(body).toEqual({
          access_token: expect.any(String),
          expires_in: 3600,
          scope,
          token_type: 'bearer',
        })
        const seen = await at.introspect(body['access_token'])
        expect(seen).toMatchObject({
          active: true,
          client_id: own.client_id,
          sub: subject,
          scope,
          token_use: 'access_token',
          nbf: seen['iat'],
        })
      })

      it('S101 keeps the audience of the assertion out of the token', async () => {
        const own = await at.client({ access_token_strategy: strategy })
        const { body } = await at.ask(own, await at.sign(at.claims()))
        expect((await at.introspect(body['access_token']))['aud'] ?? []).toEqual([])
        if (strategy === 'jwt') expect(claimsOf(body['access_token'])['aud']).toEqual([])
      })

      it('S160 shows several scopes, and S161 is inactive when one that is missing is required', async () => {
        const own = await at.client({ access_token_strategy: strategy })
        const scope = 'orders.read orders.write'
        const some = await at.ask(own, await at.sign(at.claims()), { scope })
        expect((await at.introspect(some.body['access_token'], { scope }))['scope']).toBe(scope)
        const none = await at.ask(own, await at.sign(at.claims()))
        expect(await at.introspect(none.body['access_token'], { scope })).toEqual({ active: false })
      })

      it('gives the lifespan that the client has for the grant', async () => {
        const own = await at.client({
          access_token_strategy: strategy,
          jwt_bearer_grant_access_token_lifespan: '5m',
        })
        const { body } = await at.ask(own, await at.sign(at.claims()))
        expect(body['expires_in']).toBe(300)
        const { exp, iat } = await at.introspect(body['access_token'])
        expect(exp - iat).toBe(300)
      })
    })

  it('S095 refuses a client without the grant type, and names it', async () => {
    const other = await at.client({ grant_types: ['client_credentials'] })
    const { status, body } = await at.ask(other, await at.sign(at.claims()))
    expect([status, body['error']]).toEqual([400, 'unauthorized_client'])
    expect(body['error_description']).toContain(grantType)
  })

  it('S104 and CY21 refuse a request without client credentials', async () => {
    const { status, body } = await at.ask(undefined, await at.sign(at.claims()))
    expect([status, body['error']]).toEqual([400, 'invalid_request'])
  })

  it('S094 refuses what is no JWT', async () => {
    await refuses(undefined, 'invalid_request', /assertion/u)
    await refuses('', 'invalid_request', /assertion/u)
    const good = await at.sign(at.claims())
    const [header, payload, signature] = good.split('.')
    const notJwts = [
      'garbage',
      'a.b.c',
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `${good}.${signature}`,
    ]
    for (const notJwt of notJwts) await refuses(notJwt)
  })

  it('refuses assertions that are not signed, or with a shared secret', async () => {
    await refuses(new UnsecuredJWT(at.claims()).encode())
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)))
    const shared = new SignJWT(at.claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    await refuses(await shared.sign(secret))
  })

  it('uses no key that comes with the assertion', async () => {
    const jwk = await exportJWK(stranger.publicKey)
    const own = new SignJWT(at.claims()).setProtectedHeader({ alg: 'ES256', kid: 'k1', jwk })
    await refuses(await own.sign(stranger.privateKey))
  })

  const refusals: readonly (readonly [string, (good: JWTPayload) => JWTPayload, RegExp])[] = [
    ['S096, S124 and CY26 another subject', (it) => ({ ...it, sub: 'another' }), /trusted/u],
    ['S125 and CY28 another issuer', (it) => ({ ...it, iss: 'https://other.example' }), /trusted/u],
    ['S123 no subject', (it) => without(it, 'sub'), /sub/u],
    ['an empty subject', (it) => ({ ...it, sub: '' }), /sub/u],
    ['no issuer', (it) => without(it, 'iss'), /iss/u],
    ['S117 and CY30 an expired one', (it) => ({ ...it, exp: at.now() - 1 }), /expired/u],
    ['one that expires now', (it) => ({ ...it, exp: at.now() }), /expired/u],
    ['no exp', (it) => without(it, 'exp'), /exp/u],
    ['an exp that is text', (it) => ({ ...it, exp: '9' as never }), /exp/u],
    [
      'S118 a longer life than max_ttl',
      (it) => ({ ...it, exp: at.now() + 720 * 3600 + 1 }),
      /seconds at most/u,
    ],
    [
      'a longer life that hides behind an iat of the future',
      (it) => ({ ...it, iat: at.now() + 1e9, exp: at.now() + 1e9 + 60 }),
      /seconds at most/u,
    ],
    ['an absurd exp', (it) => ({ ...it, exp: 1e300 }), /exp/u],
    ['S119 and CY29 another audience', (it) => ({ ...it, aud: 'https://other' }), /aud/u],
    ['an audience below the token endpoint', (it) => ({ ...it, aud: `${tokenUrl}/` }), /aud/u],
    ['other audiences', (it) => ({ ...it, aud: ['https://a', 'https://b'] }), /aud/u],
    ['audiences that are no text', (it) => ({ ...it, aud: [tokenUrl, 1] as never }), /aud/u],
    ['no audience', (it) => without(it, 'aud'), /aud/u],
    ['S122 and CY31 an nbf of the future', (it) => ({ ...it, nbf: at.now() + 60 }), /valid yet/u],
    ['an nbf that is text', (it) => ({ ...it, nbf: '0' as never }), /nbf/u],
    ['S127 and CY24 no iat', (it) => without(it, 'iat'), /iat/u],
    ['S128 and CY22 no jti', (it) => without(it, 'jti'), /jti/u],
    ['an empty jti', (it) => ({ ...it, jti: '' }), /jti/u],
    ['a jti that is a number', (it) => ({ ...it, jti: 7 as never }), /jti/u],
  ]
  for (const [name, change, hint] of refusals)
    it(`refuses: ${name}`, async () => {
      const good = at.claims()
      await refuses(await at.sign(change(good)), 'invalid_grant', hint)
      // A refusal spends nothing.
      await gives(await at.sign(good))
    })

  it('S098 refuses an unknown kid', async () =>
    refuses(await at.sign(at.claims(), { kid: 'k9' }), 'invalid_grant', /trusted/u))

  it('S099, S130 and CY25 refuse another key under the right kid, and an altered signature', async () => {
    await refuses(await at.sign(at.claims(), {}, stranger), 'invalid_grant', /signature/u)
    const good = await at.sign(at.claims())
    const [header, , signature] = good.split('.')
    const payload = Buffer.from(JSON.stringify({ ...at.claims(), sub: subject })).toString(
      'base64url',
    )
    await refuses(`${header}.${payload}.${signature}`, 'invalid_grant', /signature/u)
  })

  it('S097 and S126 refuse a scope beyond the trust, and name it', async () => {
    const { status, body } = await at.ask(client, await at.sign(at.claims()), {
      scope: 'orders.read admin',
    })
    expect([status, body['error']]).toEqual([400, 'invalid_scope'])
    expect(body['error_description']).toContain("'admin'")
  })

  it('W-20 refuses a scope beyond the client, though the issuer is trusted with it', async () => {
    const small = await at.client({ scope: 'orders.read' })
    const { status, body } = await at.ask(small, await at.sign(at.claims()), {
      scope: 'orders.write',
    })
    expect([status, body['error']]).toEqual([400, 'invalid_scope'])
  })

  it('S110 takes an assertion with the required claims only, S115 and CY32 an nbf of the past, S116 a jti', async () => {
    await gives(await at.sign(at.claims()))
    await gives(await at.sign({ ...at.claims(), nbf: at.now() - 60 }))
  })

  it('takes an iat of the future, and times with a fraction', async () => {
    await gives(await at.sign({ ...at.claims(), iat: at.now() + 5 }))
    await gives(await at.sign({ ...at.claims(), exp: at.now() + 60.123456 }))
  })

  it('S111 takes several audiences, and the issuer as one', async () => {
    await gives(await at.sign({ ...at.claims(), aud: ['https://other', tokenUrl] }))
    await gives(await at.sign({ ...at.claims(), aud: server.issuer }))
  })

  it('S112 takes several scopes, S113 none, S114 private claims', async () => {
    const scope = 'orders.read orders.write'
    expect((await gives(await at.sign(at.claims()), { scope }))['scope']).toBe(scope)
    expect((await gives(await at.sign(at.claims())))['scope']).toBe('')
    await gives(await at.sign({ ...at.claims(), tenant: 't9', nested: { a: [1] } }))
  })

  it('grants requested audiences that the client may have, and drops others', async () => {
    const body = await gives(await at.sign(at.claims()), {
      audience: 'https://api.example/v1 https://other.example',
    })
    expect((await at.introspect(body['access_token']))['aud']).toEqual(['https://api.example/v1'])
  })

  it('S120 and CY23 take a jti once', async () => {
    const claims = at.claims()
    await gives(await at.sign(claims))
    await refuses(await at.sign({ ...claims, iat: at.now() - 1 }), 'jti_known')
  })

  it('S121 takes a jti again after its first assertion has expired', async () => {
    const claims = { ...at.claims(), exp: at.now() + 60 }
    await gives(await at.sign(claims))
    server.clock.advance(61_000)
    await refuses(await at.sign(claims), 'invalid_grant', /expired/u)
    await gives(await at.sign({ ...claims, exp: at.now() + 60, iat: at.now() }))
  })

  it('gives exactly one of a hundred concurrent uses of an assertion a token, the others jti_known', async () => {
    const assertion = await at.sign(at.claims())
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => at.ask(client, assertion, { scope: 'orders.read' })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body['error'] === 'jti_known')).toHaveLength(99)
  })

  it('W-9 keeps the jti of one issuer apart from those of others, and of clients', async () => {
    const other = 'https://second.example'
    await at.trust({ issuer: other }, stranger)
    const jti = unique()
    await gives(await at.sign({ ...at.claims(), jti }))
    await gives(await at.sign({ ...at.claims(), iss: other, jti }, {}, stranger))
    await refuses(await at.sign({ ...at.claims(), iss: other, jti }, {}, stranger), 'jti_known')
  })

  it('tries the keys of the issuer when the assertion names none', async () => {
    const nameless = (payload: JWTPayload, by: Keys) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'ES256' }).sign(by.privateKey)
    const second = await generateKeyPair('ES256', { extractable: true })
    await at.trust({}, second, 'k-second')
    await gives(await nameless(at.claims(), keys))
    await gives(await nameless(at.claims(), second))
    await refuses(await nameless(at.claims(), stranger), 'invalid_grant', /signature/u)
  })

  it('S131 and CY27 take any subject where any is trusted', async () => {
    const iss = `https://${unique()}.example`
    await at.trust({ issuer: iss, subject: '', allow_any_subject: true })
    const body = await gives(await at.sign({ ...at.claims(), iss, sub: 'whoever' }))
    expect((await at.introspect(body['access_token']))['sub']).toBe('whoever')
  })

  it('lets trust in the subject decide about the scope, where any subject is trusted as well', async () => {
    const iss = `https://${unique()}.example`
    await at.trust({ issuer: iss, subject: '', allow_any_subject: true, scope: ['orders.write'] })
    await at.trust({ issuer: iss, scope: ['orders.read'] })
    const ask = async (sub: string, scope: string) =>
      (await at.ask(client, await at.sign({ ...at.claims(), iss, sub }), { scope })).status
    expect(await ask(subject, 'orders.read')).toBe(200)
    expect(await ask(subject, 'orders.write')).toBe(400)
    expect(await ask('whoever', 'orders.write')).toBe(200)
  })

  it('S246 and W-19 refuse what relies on expired trust, with kid and without', async () => {
    const iss = `https://${unique()}.example`
    const end = new Date(server.clock() + 60_000).toISOString()
    await at.trust({ issuer: iss, expires_at: end })
    const claims = () => ({ ...at.claims(), iss })
    await gives(await at.sign(claims()))
    server.clock.advance(60_000)
    await refuses(await at.sign(claims()), 'invalid_grant', /trusted/u)
    const nameless = new SignJWT(claims()).setProtectedHeader({ alg: 'ES256' })
    await refuses(await nameless.sign(keys.privateKey), 'invalid_grant', /trusted/u)
  })

  it('S215 refuses at once what relies on deleted trust, and keeps what its siblings allow', async () => {
    const iss = `https://${unique()}.example`
    const one = await at.trust({ issuer: iss })
    await at.trust({ issuer: iss, subject: 'sibling' })
    await gives(await at.sign({ ...at.claims(), iss }))
    await server.adminFetch(`${trustPath}/${one['id']}`, { method: 'DELETE' })
    await refuses(await at.sign({ ...at.claims(), iss }), 'invalid_grant', /trusted/u)
    await gives(await at.sign({ ...at.claims(), iss, sub: 'sibling' }))
  })

  it('holds a key to the algorithm that it was trusted for', async () => {
    const iss = `https://${unique()}.example`
    const rsa = await generateKeyPair('PS256', { extractable: true })
    const jwk = { ...(await exportJWK(rsa.publicKey)), kid: 'k1', alg: 'PS256' }
    await at.trust({ issuer: iss, jwk })
    await gives(await at.sign({ ...at.claims(), iss }, { alg: 'PS256' }, rsa))
    const { d, ...rest } = await exportJWK(rsa.privateKey)
    expect(d).toBeDefined()
    expect(rest.n).toBe(jwk.n)
    const { importJWK } = await import('jose')
    const privateKey = (await importJWK({ ...rest, d: d! }, 'RS256')) as Keys['privateKey']
    const other = { ...rsa, privateKey }
    await refuses(await at.sign({ ...at.claims(), iss }, { alg: 'RS256' }, other))
  })

  it('stores nothing but the jti, and ends the token by revocation', async () => {
    const { access_token: token } = await gives(await at.sign(at.claims()))
    expect((await at.introspect(token))['active']).toBe(true)
    const response = await postForm(server.publicFetch, '/oauth2/revoke', { token }, client)
    expect(response.status).toBe(200)
    expect((await at.introspect(token))['active']).toBe(false)
  })
})

describeEachEngine('the JWT bearer grant in several processes', (engine) => {
  it('takes an assertion once, whichever process gets it', async () => {
    const keys = await generateKeyPair('ES256', { extractable: true })
    const first = await startServer(engine)
    const storage = await openStorage({
      dsn: engine.dsn,
      projectId: asProjectId('test'),
      log: { info() {}, warn() {} },
    })
    const second = await startServer(engine, { options: { storage, clock: first.clock } })
    try {
      const at = driver(first, keys)
      await at.trust()
      const client = await at.client()
      const assertion = await at.sign(at.claims())
      const elsewhere = driver(second, keys)
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_none, index) =>
          (index % 2 ? at : elsewhere).ask(client, assertion),
        ),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ body }) => body['error'] === 'jti_known')).toHaveLength(99)
    } finally {
      await Promise.all([first.close(), second.close()])
    }
  })
})

describe('the JWT bearer grant as configured', () => {
  async function start(config: Readonly<Record<string, unknown>>, outgoing?: Outgoing) {
    const keys = await generateKeyPair('ES256', { extractable: true })
    const options = outgoing === undefined ? {} : { outgoing }
    const server = await startServer('memory', { config, options })
    const at = driver(server, keys)
    await at.trust()
    return { server, at, client: await at.client() }
  }
  const jwt = (settings: object) => ({ oauth2: { grant: { jwt: settings } } })

  for (const strategy of ['opaque', 'jwt'] as const)
    it(`S102 copies the audience of the assertion into ${strategy} tokens`, async () => {
      const { server, at } = await start(jwt({ omit_assertion_audience: false }))
      const client = await at.client({ access_token_strategy: strategy })
      const aud = ['https://other', tokenUrl]
      const audience = 'https://api.example'
      const { body } = await at.ask(client, await at.sign({ ...at.claims(), aud }), { audience })
      const seen = await at.introspect(body['access_token'])
      expect(seen['aud']).toEqual(['https://api.example', ...aud])
      await server.close()
    })

  for (const strategy of ['opaque', 'jwt'] as const)
    it(`S103 takes the token URL under an issuer that is not the public URL (${strategy})`, async () => {
      const { server, at } = await start({
        urls: { self: { issuer: 'http://issuer.example/', public: 'http://public.example' } },
        webfinger: { oidc_discovery: { token_url: 'http://edge.example/token' } },
      })
      const client = await at.client({ access_token_strategy: strategy })
      const accepted = [
        'http://issuer.example/oauth2/token',
        'http://public.example/oauth2/token',
        'http://edge.example/token',
        'http://issuer.example/',
      ]
      for (const aud of accepted)
        expect((await at.ask(client, await at.sign({ ...at.claims(), aud }))).status).toBe(200)
      for (const aud of ['http://issuer.example', 'http://edge.example/oauth2/token'])
        expect((await at.ask(client, await at.sign({ ...at.claims(), aud }))).status).toBe(400)
      await server.close()
    })

  it('S129 does without jti and iat where they are optional', async () => {
    const { server, at, client } = await start(jwt({ jti_optional: true, iat_optional: true }))
    const bare = await at.sign(without(at.claims(), 'jti', 'iat'))
    for (const assertion of [bare, bare, await at.sign(at.claims())])
      expect((await at.ask(client, assertion)).status).toBe(200)
    const known = await at.sign(at.claims())
    await at.ask(client, known)
    expect((await at.ask(client, known)).body['error']).toBe('jti_known')
    const long = { ...without(at.claims(), 'iat'), exp: at.now() + 721 * 3600 }
    expect((await at.ask(client, await at.sign(long))).body['error']).toBe('invalid_grant')
    await server.close()
  })

  it('S118 takes max_ttl from the configuration', async () => {
    const { server, at, client } = await start(jwt({ max_ttl: '1h' }))
    const ask = async (seconds: number) =>
      (await at.ask(client, await at.sign({ ...at.claims(), exp: at.now() + seconds }))).status
    expect([await ask(3600), await ask(3601)]).toEqual([200, 400])
    await server.close()
  })

  it('W-20 grants by default what both the client may have and the issuer is trusted with', async () => {
    const { server, at, client } = await start({
      oauth2: { client_credentials: { default_grant_allowed_scope: true } },
    })
    const { body } = await at.ask(client, await at.sign(at.claims()))
    expect(body['scope']).toBe('orders.read orders.write openid offline')
    await server.close()
  })

  describe('with a token hook', () => {
    const sent: Body[] = []
    let answer: { readonly status: number; readonly text: string }
    const outgoing: Outgoing = {
      async fetch({ body }) {
        sent.push(JSON.parse(body ?? '') as Body)
        return { ok: true, value: { ...answer, headers: {} } }
      },
      mayConnect: async () => true,
    }
    const hooked = () => start({ oauth2: { token_hook: 'http://hook.example/' } }, outgoing)

    for (const strategy of ['opaque', 'jwt'] as const)
      it(`S105 shows it assertion, grant_type and scope, S106 also client_id, never a secret (${strategy})`, async () => {
        answer = { status: 200, text: '{"session":{"access_token":{"hooked":true}}}' }
        const { server, at } = await hooked()
        const client = await at.client({ access_token_strategy: strategy })
        const assertion = await at.sign(at.claims())
        const scope = 'orders.read'
        const { body } = await at.ask(client, assertion, { scope })
        const payload = { assertion: [assertion], grant_type: [grantType], scope: [scope] }
        expect(sent.at(-1)?.['request']).toMatchObject({
          client_id: client.client_id,
          requested_scopes: [scope],
          granted_scopes: [scope],
          grant_types: [grantType],
        })
        expect(sent.at(-1)?.['request'].payload).toEqual(payload)
        expect(sent.at(-1)?.['session'].id_token.subject).toBe(subject)
        expect((await at.introspect(body['access_token']))['ext']).toEqual({ hooked: true })

        const poster = await at.client({ token_endpoint_auth_method: 'client_secret_post' })
        const again = await at.sign(at.claims())
        const credentials = { client_id: poster.client_id, client_secret: poster.client_secret }
        expect((await at.ask(undefined, again, { scope, ...credentials })).status).toBe(200)
        expect(sent.at(-1)?.['request'].payload).toEqual({
          ...payload,
          assertion: [again],
          client_id: [poster.client_id],
        })
        expect(JSON.stringify(sent.at(-1))).not.toContain(poster.client_secret)
        await server.close()
      })

    for (const [name, refusal, status, error] of [
      ['S107 answers 500', { status: 500, text: '' }, 500, 'server_error'],
      ['S108 answers 403', { status: 403, text: '' }, 403, 'access_denied'],
      ['S109 answers 200 without a body', { status: 200, text: '' }, 500, 'server_error'],
    ] as const)
      it(`issues nothing when it ${name}, and leaves the assertion unspent`, async () => {
        answer = refusal
        const { server, at, client } = await hooked()
        const assertion = await at.sign(at.claims())
        const refused = await at.ask(client, assertion)
        expect([refused.status, refused.body['error']]).toEqual([status, error])
        answer = { status: 204, text: '' }
        expect((await at.ask(client, assertion)).status).toBe(200)
        await server.close()
      })
  })
})
