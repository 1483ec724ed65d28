import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import {
  accept,
  authorizationUrl,
  Browser,
  createClient,
  exchangeCode,
  getRequest,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { outgoingTo } from '../support/outgoing.ts'
import { startServer, type TestServer } from '../support/server.ts'

describeEachEngine('request objects', (engine) => {
  let server: TestServer
  let client: TestClient
  let keys: Awaited<ReturnType<typeof generateKeyPair>>
  let other: Awaited<ReturnType<typeof generateKeyPair>>
  const documents = new Map<string, string>()
  const fetches: string[] = []
  beforeAll(async () => {
    keys = await generateKeyPair('ES256', { extractable: true })
    other = await generateKeyPair('ES256', { extractable: true })
    server = await startServer(engine, {
      options: {
        outgoing: outgoingTo(documents, fetches),
      },
    })
    client = await createClient(server, {
      jwks: {
        keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', use: 'sig', alg: 'ES256' }],
      },
      request_uris: ['https://rp.test/object'],
      response_types: ['code', 'token'],
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    })
    return () => server.close()
  })
  beforeEach(() => {
    fetches.length = 0
  })

  function sign(
    claims: Record<string, unknown>,
    { kid = 'k1', key = keys.privateKey }: { kid?: string; key?: CryptoKey } = {},
  ) {
    const jwt = new SignJWT(claims).setProtectedHeader({
      alg: 'ES256',
      ...(kid === '' ? {} : { kid }),
    })
    return jwt.sign(key)
  }
  const claims = () => ({
    client_id: client.client_id,
    redirect_uri: client.redirect_uri,
    scope: 'foo',
    state: 'state-of-object',
    nonce: 'nonce-of-object',
    max_age: 3600,
  })
  const withObject = (params: Record<string, string | undefined>) =>
    authorizationUrl(client, { scope: 'openid', ...params })
  const errorOf = async (params: Record<string, string | undefined>, app = client) => {
    const url = await new Browser(server).location(
      authorizationUrl(app, { scope: 'openid', ...params }),
    )
    return `${url.pathname} ${url.searchParams.get('error')}`
  }

  it('OA20 lets the claims replace the parameters and joins the scopes', async () => {
    const browser = new Browser(server)
    const login = await browser.loginChallenge(
      withObject({ request: await sign({ ...claims(), acr_values: 'a b' }) }),
    )
    expect(await getRequest(server, 'login', login)).toMatchObject({
      requested_scope: ['foo', 'openid'],
      oidc_context: { acr_values: ['a', 'b'] },
    })
    const consent = await browser.consentChallenge(login, { subject: 'u' })
    expect(await getRequest(server, 'consent', consent)).toMatchObject({
      requested_scope: ['foo', 'openid'],
    })
    const callback = await browser.location(
      await accept(server, 'consent', consent, { grant_scope: ['openid'] }),
    )
    expect(callback.searchParams.get('state')).toBe('state-of-object')
    const { body } = await exchangeCode(server, client, callback)
    expect(
      JSON.parse(Buffer.from(String(body['id_token']).split('.')[1] ?? '', 'base64url').toString()),
    ).toMatchObject({ nonce: 'nonce-of-object' })
  })

  it('OA20 lets the claims choose response type and mode', async () => {
    const request = await sign({ ...claims(), response_type: 'token', response_mode: 'fragment' })
    const callback = await new Browser(server).authorize(withObject({ request }))
    expect(new URLSearchParams(callback.hash.slice(1)).has('access_token')).toBe(true)
  })

  it('OA20 ignores objects without openid', async () => {
    const callback = await new Browser(server).authorize(
      authorizationUrl(client, { scope: 'foo', request: 'garbage' }),
    )
    expect(callback.searchParams.has('code')).toBe(true)
  })

  it('OA20 accepts objects without kid, and unsigned ones unless the client names an algorithm', async () => {
    const anonymous = await sign(claims(), { kid: '' })
    const unsigned = new UnsecuredJWT(claims()).encode()
    for (const request of [anonymous, unsigned]) {
      const callback = await new Browser(server).authorize(withObject({ request }))
      expect(callback.searchParams.has('code')).toBe(true)
    }
    const strict = await createClient(server, {
      jwks: {
        keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', use: 'sig', alg: 'ES256' }],
      },
      request_object_signing_alg: 'ES256',
    })
    expect(await errorOf({ request: unsigned }, strict)).toBe('/ui/error invalid_request_object')
    expect(
      await errorOf({ request: unsigned.replace(client.client_id, strict.client_id) }, strict),
    ).toBe('/ui/error invalid_request_object')
  })

  it('OA20 refuses what is not an object of this client', async () => {
    const hs = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(new TextEncoder().encode('x'.repeat(32)))
    const good = await sign(claims())
    const now = Math.floor(server.clock() / 1000)
    const cases = {
      garbage: 'garbage',
      'an unknown kid': await sign(claims(), { kid: 'k2' }),
      'another key': await sign(claims(), { key: other.privateKey }),
      HS256: hs,
      'an altered payload': good.replace(
        /\.[^.]+\./u,
        `.${Buffer.from(JSON.stringify({ ...claims(), scope: 'openid' })).toString('base64url')}.`,
      ),
      'an expired object': await sign({ ...claims(), exp: now - 1 }),
      'an object of the future': await sign({ ...claims(), nbf: now + 60 }),
      'another client': await sign({ ...claims(), client_id: 'somebody-else' }),
    }
    for (const [name, request] of Object.entries(cases)) {
      expect([name, await errorOf({ request })]).toEqual([name, '/ui/error invalid_request_object'])
    }
  })

  it('4.6 refuses objects of clients without keys, and both forms at once', async () => {
    const keyless = await createClient(server)
    expect(await errorOf({ request: await sign(claims()) }, keyless)).toBe(
      '/ui/error invalid_request',
    )
    expect(
      await errorOf({ request: await sign(claims()), request_uri: 'https://rp.test/object' }),
    ).toBe('/ui/error invalid_request')
  })

  it('OA20 fetches a registered request_uri, once for the whole flow', async () => {
    documents.set('https://rp.test/object', await sign(claims()))
    const browser = new Browser(server)
    const login = await browser.loginChallenge(
      withObject({ request_uri: 'https://rp.test/object' }),
    )
    documents.set(
      'https://rp.test/object',
      await sign({ ...claims(), scope: 'foo offline_access', state: 'changed-in-between' }),
    )
    const consent = await browser.consentChallenge(login, { subject: 'u' })
    expect(await getRequest(server, 'consent', consent)).toMatchObject({
      requested_scope: ['foo', 'openid'],
    })
    const callback = await browser.location(await accept(server, 'consent', consent, {}))
    expect(callback.searchParams.get('state')).toBe('state-of-object')
    expect(fetches).toEqual(['https://rp.test/object'])
  })

  it('OA20 refuses a request_uri that is not registered or gives nothing', async () => {
    expect(await errorOf({ request_uri: 'https://evil.test/object' })).toBe(
      '/ui/error invalid_request_uri',
    )
    expect(fetches).toEqual([])
    documents.delete('https://rp.test/object')
    expect(await errorOf({ request_uri: 'https://rp.test/object' })).toBe(
      '/ui/error invalid_request_uri',
    )
  })

  it('2.8 takes keys from jwks_uri, and fetches them again for a new kid', async () => {
    const jwksUri = 'https://rp.test/jwks'
    const publish = async (kid: string) =>
      documents.set(
        jwksUri,
        JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid, use: 'sig' }] }),
      )
    const remote = await createClient(server, { jwks_uri: jwksUri })
    const request = (kid: string) => sign({ ...claims(), client_id: remote.client_id }, { kid })
    await publish('first')
    const flow = async (kid: string) =>
      new Browser(server).authorize(
        authorizationUrl(remote, { scope: 'openid', request: await request(kid) }),
      )
    expect((await flow('first')).searchParams.has('code')).toBe(true)
    expect((await flow('first')).searchParams.has('code')).toBe(true)
    expect(fetches).toEqual([jwksUri])
    await publish('second')
    server.clock.advance(11_000)
    expect((await flow('second')).searchParams.has('code')).toBe(true)
    expect(fetches).toEqual([jwksUri, jwksUri])
  })
})
