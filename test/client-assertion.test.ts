import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { asProjectId } from '../src/brand.ts'
import { openStorage } from '../src/storage/sql/open.ts'
import { createClient } from './support/browser-flow.ts'
import { describeEachEngine } from './support/engines.ts'
import { outgoingTo } from './support/outgoing.ts'
import { startServer, type TestServer } from './support/server.ts'

const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
type Keys = Awaited<ReturnType<typeof generateKeyPair>>

describeEachEngine('private_key_jwt', (engine) => {
  let server: TestServer
  let rsa: Keys
  let ec: Keys
  let rsaClient: string
  let ecClient: string
  const documents = new Map<string, string>()
  const fetches: string[] = []
  let count = 0
  beforeAll(async () => {
    rsa = await generateKeyPair('RS256', { extractable: true })
    ec = await generateKeyPair('ES256', { extractable: true })
    server = await startServer(engine, {
      options: {
        outgoing: outgoingTo(documents, fetches),
      },
    })
    rsaClient = await register({ jwks: { keys: [await jwk(rsa, 'k1')] } })
    ecClient = await register({
      jwks: { keys: [await jwk(ec, 'k2')] },
      token_endpoint_auth_signing_alg: 'ES256',
    })
    return () => server.close()
  })

  const jwk = async (keys: Keys, kid: string) => ({
    ...(await exportJWK(keys.publicKey)),
    kid,
    use: 'sig',
  })
  async function register(changes: Record<string, unknown>): Promise<string> {
    return (
      await createClient(server, { token_endpoint_auth_method: 'private_key_jwt', ...changes })
    ).client_id
  }
  const now = () => Math.floor(server.clock() / 1000)
  const claims = (clientId: string): JWTPayload => ({
    iss: clientId,
    sub: clientId,
    aud: 'http://127.0.0.1/oauth2/token',
    exp: now() + 60,
    iat: now(),
    jti: `jti-${count++}`,
  })
  function without(payload: JWTPayload, name: keyof JWTPayload): JWTPayload {
    return Object.fromEntries(Object.entries(payload).filter(([each]) => each !== name))
  }
  function sign(
    payload: JWTPayload,
    header: { alg?: string; kid?: string } = {},
    key = rsa.privateKey,
  ) {
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key)
  }
  async function ask(
    assertion: string,
    extra: Record<string, string> = {},
    headers: Record<string, string> = {},
    at = server,
  ) {
    const response = await at.publicFetch('/oauth2/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: type,
        client_assertion: assertion,
        ...extra,
      }).toString(),
    })
    const { error } = (await response.json()) as { error?: string }
    return error === undefined ? String(response.status) : `${response.status} ${error}`
  }

  it('RFC 9700 §2.5: S236 accepts RSA and EC keys, with and without client_id, and aud as a list', async () => {
    expect(await ask(await sign(claims(rsaClient)))).toBe('200')
    expect(await ask(await sign(claims(rsaClient)), { client_id: rsaClient })).toBe('200')
    expect(
      await ask(
        await sign({
          ...claims(rsaClient),
          aud: ['https://other', 'http://127.0.0.1/oauth2/token'],
        }),
      ),
    ).toBe('200')
    expect(
      await ask(await sign(claims(ecClient), { alg: 'ES256', kid: 'k2' }, ec.privateKey)),
    ).toBe('200')
  })

  it('1.4 accepts the issuer as audience too, as newer profiles demand', async () => {
    expect(await ask(await sign({ ...claims(rsaClient), aud: server.issuer }))).toBe('200')
  })

  it('attack 37: takes the issuer alone, and in no list, when told so', async () => {
    const storage = await openStorage({
      dsn: engine.dsn,
      projectId: asProjectId('test'),
      log: { info() {}, warn() {} },
    })
    const strict = await startServer(engine, {
      config: { oauth2: { assertion_audience: 'issuer' } },
      options: { storage, clock: server.clock },
    })
    try {
      const { issuer } = strict
      const others = [`${issuer}/`, `${issuer}/oauth2/token`, [issuer], [issuer, 'https://other']]
      for (const aud of others)
        expect(await ask(await sign({ ...claims(rsaClient), aud }), {}, {}, strict)).toBe(
          '401 invalid_client',
        )
      const assertion = await sign({ ...claims(rsaClient), aud: issuer })
      expect(await ask(assertion, {}, {}, strict)).toBe('200')
      expect(await ask(assertion, {}, {}, strict)).toBe('400 jti_known')
    } finally {
      await strict.close()
    }
  })

  it('1.4 accepts times with a fraction (RFC 7519 §2)', async () => {
    const assertion = await sign({ ...claims(rsaClient), exp: now() + 60.123456 })
    expect(await ask(assertion)).toBe('200')
    expect(await ask(assertion)).toBe('400 jti_known')
  })

  it('1.3 lets the assertion win over a Basic header and a body secret', async () => {
    const headers = { authorization: `Basic ${Buffer.from('nobody:wrong').toString('base64')}` }
    expect(await ask(await sign(claims(rsaClient)), { client_secret: 'wrong' }, headers)).toBe(
      '200',
    )
  })

  it('S236 and attack 24: refuses what does not prove the client', async () => {
    const other = await generateKeyPair('RS256')
    const good = claims(rsaClient)
    const cases: Record<string, readonly [assertion: string, expected: string]> = {
      'an empty assertion': ['', '400 invalid_request'],
      garbage: ['garbage', '401 invalid_client'],
      'no sub': [await sign(without(good, 'sub')), '401 invalid_client'],
      'an unknown client': [await sign(claims('nobody')), '401 invalid_client'],
      'another algorithm': [
        await sign(good, { alg: 'RS512' }, (await generateKeyPair('RS512')).privateKey),
        '401 invalid_client',
      ],
      'an EC key where RSA is registered': [
        await sign(good, { alg: 'ES256' }, ec.privateKey),
        '401 invalid_client',
      ],
      HS256: [
        await new SignJWT(good)
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(new Uint8Array(32)),
        '401 invalid_client',
      ],
      'no signature': [new UnsecuredJWT(good).encode(), '401 invalid_client'],
      'an unknown kid': [await sign(good, { kid: 'k9' }), '400 invalid_request'],
      'another key': [await sign(good, {}, other.privateKey), '401 invalid_client'],
      'another iss': [await sign({ ...good, iss: 'somebody' }), '401 invalid_client'],
      'no jti': [await sign(without(good, 'jti')), '401 invalid_client'],
      'another aud': [
        await sign({ ...good, aud: 'https://other/oauth2/token' }),
        '401 invalid_client',
      ],
      'a longer aud': [
        await sign({ ...good, aud: 'http://127.0.0.1/oauth2/token/' }),
        '401 invalid_client',
      ],
      'no exp': [await sign(without(good, 'exp')), '401 invalid_client'],
      'S245 an expired assertion': [await sign({ ...good, exp: now() - 1 }), '401 invalid_client'],
      'an iat of the future': [await sign({ ...good, iat: now() + 60 }), '401 invalid_client'],
      'an nbf of the future': [await sign({ ...good, nbf: now() + 60 }), '401 invalid_client'],
      'W-9 a life without end': [
        await sign({ ...good, exp: now() + 10 * 365 * 86_400 }),
        '401 invalid_client',
      ],
      'exp as text': [
        await sign({ ...good, exp: String(now() + 60) as never }),
        '401 invalid_client',
      ],
    }
    for (const [name, [assertion, expected]] of Object.entries(cases)) {
      expect([name, await ask(assertion)]).toEqual([name, expected])
    }
    // Nothing above spent the jti.
    expect(await ask(await sign(good))).toBe('200')
  })

  it('1.3 refuses a foreign assertion type, and an assertion of a client with another method', async () => {
    expect(await ask(await sign(claims(rsaClient)), { client_assertion_type: 'urn:x' })).toBe(
      '400 invalid_request',
    )
    const basic = await createClient(server, { jwks: { keys: [await jwk(rsa, 'k1')] } })
    expect(await ask(await sign(claims(basic.client_id)))).toBe('401 invalid_client')
  })

  it('1.3 refuses the secret that such a client owns', async () => {
    const { client_id, client_secret } = await createClient(server, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [await jwk(rsa, 'k1')] },
    })
    const response = await server.publicFetch('/oauth2/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id,
        client_secret,
      }).toString(),
    })
    expect(response.status).toBe(401)
  })

  it('attack 1, attack 34: 1.4 gives exactly one of a hundred concurrent uses of an assertion a token, the others jti_known', async () => {
    const assertion = await sign(claims(rsaClient))
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(assertion)))
    expect(answers.filter((answer) => answer === '200')).toHaveLength(1)
    expect(answers.filter((answer) => answer === '400 jti_known')).toHaveLength(99)
  })

  it('attack 1: 1.4 gives one of a hundred uses a token, whichever of two processes gets them', async () => {
    const storage = await openStorage({
      dsn: engine.dsn,
      projectId: asProjectId('test'),
      log: { info() {}, warn() {} },
    })
    const second = await startServer(engine, { options: { storage, clock: server.clock } })
    try {
      const assertion = await sign(claims(rsaClient))
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_none, index) =>
          ask(assertion, {}, {}, index % 2 ? server : second),
        ),
      )
      expect(answers.filter((answer) => answer === '200')).toHaveLength(1)
      expect(answers.filter((answer) => answer === '400 jti_known')).toHaveLength(99)
    } finally {
      await second.close()
    }
  })

  it('W-9 keeps the jti of one client apart from those of others', async () => {
    const jti = 'the same for both'
    expect(await ask(await sign({ ...claims(rsaClient), jti }))).toBe('200')
    expect(
      await ask(
        await sign({ ...claims(ecClient), jti }, { alg: 'ES256', kid: 'k2' }, ec.privateKey),
      ),
    ).toBe('200')
  })

  it('S236 fetches keys from jwks_uri; one that cannot be reached is a server error', async () => {
    const uri = 'https://rp.test/jwks.json'
    const remote = await register({ jwks_uri: uri })
    expect(await ask(await sign(claims(remote)))).toBe('500 server_error')
    documents.set(uri, JSON.stringify({ keys: [await jwk(rsa, 'k1')] }))
    server.clock.advance(10_000)
    expect(await ask(await sign(claims(remote)))).toBe('200')
  })

  it('fetches keys once for concurrent requests, and waits after a failure', async () => {
    const uri = 'https://rp.test/busy.json'
    const remote = await register({ jwks_uri: uri })
    const askAtOnce = async () =>
      new Set(
        await Promise.all(Array.from({ length: 8 }, async () => ask(await sign(claims(remote))))),
      )
    expect(await askAtOnce()).toEqual(new Set(['500 server_error']))
    documents.set(uri, JSON.stringify({ keys: [await jwk(rsa, 'k1')] }))
    expect(await askAtOnce()).toEqual(new Set(['500 server_error']))
    expect(fetches.filter((url) => url === uri)).toHaveLength(1)
    server.clock.advance(10_000)
    expect(await askAtOnce()).toEqual(new Set(['200']))
    expect(fetches.filter((url) => url === uri)).toHaveLength(2)
  })

  it('relies on keys for their hour when jwks_uri fails later', async () => {
    const uri = 'https://rp.test/flaky.json'
    const remote = await register({ jwks_uri: uri })
    documents.set(uri, JSON.stringify({ keys: [await jwk(rsa, 'k1')] }))
    expect(await ask(await sign(claims(remote)))).toBe('200')
    documents.delete(uri)
    server.clock.advance(10_000)
    expect(await ask(await sign(claims(remote), { alg: 'RS256', kid: 'other' }))).toBe(
      '400 invalid_request',
    )
    expect(fetches.filter((url) => url === uri)).toHaveLength(2)
    expect(await ask(await sign(claims(remote)))).toBe('200')
    server.clock.advance(3_600_000)
    expect(await ask(await sign(claims(remote)))).toBe('500 server_error')
  })

  it('1.3 authenticates at the revocation endpoint too', async () => {
    const response = await server.publicFetch('/oauth2/revoke', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        token: 'x',
        client_assertion_type: type,
        client_assertion: await sign(claims(rsaClient)),
      }).toString(),
    })
    expect(response.status).toBe(200)
  })
})
