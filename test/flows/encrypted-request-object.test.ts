/** Request objects that are encrypted to the server (OpenID Connect Core §6.1, RFC 7516). */

import {
  CompactEncrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  UnsecuredJWT,
  type JWK,
} from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  authorizationUrl,
  Browser,
  createClient,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { outgoingTo } from '../support/outgoing.ts'
import { startServer, type TestServer } from '../support/server.ts'

const set = '/admin/keys/hydra.openid.request-object'

describeEachEngine('encrypted request objects', (engine) => {
  let server: TestServer
  let client: TestClient
  let keys: Awaited<ReturnType<typeof generateKeyPair>>
  const documents = new Map<string, string>()
  beforeAll(async () => {
    keys = await generateKeyPair('ES256', { extractable: true })
    server = await startServer(engine, {
      config: { oauth2: { request_object_encryption: true } },
      options: {
        outgoing: outgoingTo(documents),
      },
    })
    client = await createClient(server, {
      jwks: { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', use: 'sig' }] },
      request_uris: ['https://rp.test/object'],
    })
  })
  afterAll(() => server.close())

  async function published(): Promise<readonly JWK[]> {
    const response = await server.publicFetch('/.well-known/jwks.json')
    const { keys: all } = (await response.json()) as { keys: JWK[] }
    return all.filter(({ use }) => use === 'enc')
  }

  const sign = (key = keys.privateKey, alg = 'ES256') =>
    new SignJWT({
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
      state: 'state-inside',
    })
      .setProtectedHeader({ alg, kid: 'k1' })
      .sign(key)

  async function encrypt(text: string, jwk: JWK, header: { alg: string; enc: string }) {
    const { kid = '' } = jwk
    return new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader({ ...header, cty: 'JWT', kid })
      .encrypt(await importJWK(jwk, header.alg))
  }

  async function keyOf(kty: string): Promise<JWK> {
    const key = (await published()).find((each) => each.kty === kty)
    if (key === undefined) throw new Error(`no ${kty} key`)
    return key
  }

  const authorize = (params: Record<string, string>) =>
    new Browser(server).authorize(authorizationUrl(client, { scope: 'openid', ...params }))

  const supported = [
    ['RSA', 'RSA-OAEP', 'A128CBC-HS256'],
    ['RSA', 'RSA-OAEP-256', 'A256GCM'],
    ['EC', 'ECDH-ES', 'A128GCM'],
    ['EC', 'ECDH-ES+A128KW', 'A256CBC-HS512'],
    ['EC', 'ECDH-ES+A256KW', 'A256GCM'],
  ] as const
  it.each(supported)('opens %s objects: %s with %s', async (kty, alg, enc) => {
    const request = await encrypt(await sign(), await keyOf(kty), { alg, enc })
    const callback = await authorize({ request })
    expect(callback.searchParams.has('code')).toBe(true)
    expect(callback.searchParams.get('state')).toBe('state-inside')
  })

  it('opens what a request_uri leads to', async () => {
    const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM' }
    documents.set('https://rp.test/object', await encrypt(await sign(), await keyOf('RSA'), header))
    const callback = await authorize({ request_uri: 'https://rp.test/object' })
    expect(callback.searchParams.get('state')).toBe('state-inside')
  })

  it('publishes one key of each type, however many ask first, without private members', async () => {
    const fresh = await startServer('memory', {
      config: { oauth2: { request_object_encryption: true } },
    })
    try {
      const bodies = await Promise.all(
        Array.from({ length: 6 }, async () => {
          const response = await fresh.publicFetch('/.well-known/jwks.json')
          return (await response.json()) as { keys: JWK[] }
        }),
      )
      for (const body of bodies) expect(body).toEqual(bodies[0])
      const encryption = bodies[0]?.keys.filter(({ use }) => use === 'enc') ?? []
      expect(encryption.map(({ kty, alg }) => `${kty} ${alg}`).sort()).toEqual([
        'EC ECDH-ES',
        'RSA RSA-OAEP-256',
      ])
      for (const key of encryption) expect(key).not.toHaveProperty('d')
    } finally {
      await fresh.close()
    }
  })

  it('lists what it can open', async () => {
    const response = await server.publicFetch('/.well-known/openid-configuration')
    expect(await response.json()).toMatchObject({
      request_object_encryption_alg_values_supported: [
        'RSA-OAEP',
        'RSA-OAEP-256',
        'ECDH-ES',
        'ECDH-ES+A128KW',
        'ECDH-ES+A256KW',
      ],
      request_object_encryption_enc_values_supported: [
        'A128GCM',
        'A256GCM',
        'A128CBC-HS256',
        'A256CBC-HS512',
      ],
    })
  })

  it('goes on opening objects for the former key while a new one is published', async () => {
    const former = await keyOf('RSA')
    const header = { alg: 'RSA-OAEP', enc: 'A128GCM' }
    const kid = `new-${engine.name}`
    const added = await server.adminFetch(set, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ alg: 'RSA-OAEP-256', kid, use: '' }),
    })
    expect(added.status).toBe(201)
    const newest = await keyOf('RSA')
    expect(newest).toMatchObject({ kid, use: 'enc', alg: 'RSA-OAEP-256' })
    for (const key of [former, newest]) {
      const callback = await authorize({ request: await encrypt(await sign(), key, header) })
      expect(callback.searchParams.get('state')).toBe('state-inside')
    }
    await server.adminFetch(`${set}/${former.kid}`, { method: 'DELETE' })
    const late = await authorize({ request: await encrypt(await sign(), former, header) })
    expect(late.searchParams.get('error')).toBe('invalid_request_object')
  })

  it('seals the private keys at rest', async () => {
    const response = await server.adminFetch(set)
    const { keys: shown } = (await response.json()) as { keys: JWK[] }
    const rows = JSON.stringify(await server.storage.keys.list('hydra.openid.request-object'))
    expect(shown.length).toBeGreaterThan(0)
    for (const key of shown) expect(rows).not.toContain(key.d)
  })

  it('RFC 8725 §2.3, RFC 8725 §3.3: takes encryption for no signature, and refuses what it cannot open', async () => {
    const rsa = await keyOf('RSA')
    const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM' }
    const stranger = await generateKeyPair('ES256')
    const good = await encrypt(await sign(), rsa, header)
    const foreign = await exportJWK(
      (await generateKeyPair('RSA-OAEP-256', { extractable: true })).publicKey,
    )
    const bad = {
      'signed by another': await encrypt(await sign(stranger.privateKey), rsa, header),
      'bare claims': await encrypt(JSON.stringify({ state: 'x' }), rsa, header),
      'an altered tag': `${good.slice(0, -4)}AAAA`,
      'another key under a known kid': await encrypt(
        await sign(),
        { ...foreign, kid: rsa.kid ?? '' },
        header,
      ),
      'twice encrypted': await encrypt(good, rsa, header),
      'a shared secret': await new CompactEncrypt(new TextEncoder().encode(await sign()))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(new Uint8Array(32)),
      'five empty parts': '....',
    }
    for (const [name, request] of Object.entries(bad))
      expect([name, (await authorize({ request })).searchParams.get('error')]).toEqual([
        name,
        'invalid_request_object',
      ])
    const strict = await createClient(server, {
      jwks: { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1' }] },
      request_object_signing_alg: 'ES256',
    })
    const unsigned = new UnsecuredJWT({ state: 'x' }).encode()
    const url = authorizationUrl(strict, {
      scope: 'openid',
      request: await encrypt(unsigned, rsa, header),
    })
    const refused = await new Browser(server).location(url)
    expect(refused.searchParams.get('error')).toBe('invalid_request_object')
  })

  it('RFC 8725 §3.6: refuses compressed objects unopened', async () => {
    const good = await encrypt(await sign(), await keyOf('RSA'), {
      alg: 'RSA-OAEP-256',
      enc: 'A256GCM',
    })
    const [header = '', ...rest] = good.split('.')
    const zipped = {
      ...JSON.parse(Buffer.from(header, 'base64url').toString()),
      zip: 'DEF',
    } as object
    const request = [Buffer.from(JSON.stringify(zipped)).toString('base64url'), ...rest].join('.')
    const refused = await authorize({ request })
    expect(refused.searchParams.get('error')).toBe('invalid_request_object')
  })

  it('RFC 8725 §2.5, RFC 8725 §3.4: refuses points that are not on the curve', async () => {
    const good = await encrypt(await sign(), await keyOf('EC'), { alg: 'ECDH-ES', enc: 'A256GCM' })
    expect((await authorize({ request: good })).searchParams.get('error')).not.toBe(
      'invalid_request_object',
    )
    const [header = '', ...rest] = good.split('.')
    const parsed = JSON.parse(Buffer.from(header, 'base64url').toString()) as {
      epk: { x: string; y: string }
    }
    const zero = Buffer.alloc(32).toString('base64url')
    const points = [
      { x: zero, y: zero },
      { x: parsed.epk.y, y: parsed.epk.x },
      { x: zero, y: Buffer.alloc(32, 1).toString('base64url') },
      { x: Buffer.alloc(32, 255).toString('base64url'), y: parsed.epk.y },
      { x: '', y: '' },
      { x: parsed.epk.x, y: 1 },
      { crv: 'P-384' },
      { kty: 'OKP' },
    ]
    for (const point of points) {
      const changed = JSON.stringify({ ...parsed, epk: { ...parsed.epk, ...point } })
      const request = [Buffer.from(changed).toString('base64url'), ...rest].join('.')
      expect([point, (await authorize({ request })).searchParams.get('error')]).toEqual([
        point,
        'invalid_request_object',
      ])
    }
  })

  it('has no such keys unless it is turned on', async () => {
    const plain = await startServer('memory')
    try {
      const response = await plain.publicFetch('/.well-known/jwks.json')
      const { keys: all } = (await response.json()) as { keys: JWK[] }
      expect(all.map(({ use }) => use)).toEqual(['sig', 'sig'])
      expect(await plain.storage.keys.list('hydra.openid.request-object')).toEqual([])
    } finally {
      await plain.close()
    }
  })
})
