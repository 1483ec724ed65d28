import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { compactVerify, CompactSign, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asProjectId, instant, Secret, type Instant } from '../brand.ts'
import { systemRandom } from '../node/random.ts'
import { openStorage } from '../storage/sql/open.ts'
import type { Storage } from '../storage/storage.ts'
import { createSealer } from '../tokens/aead-sealer.ts'
import type { JsonObject } from '../protocol/json.ts'
import { algorithms } from './algorithms.ts'
import { generateJwk } from './generate.ts'
import { accessTokenKeySet, idTokenKeySet } from './key-ring.ts'
import { createKeyRing } from './stored-key-ring.ts'

const sealer = createSealer({
  system: [new Secret('a system secret of tests')],
  cookie: [],
  pagination: [],
  random: systemRandom,
})

let storage: Storage
let now: number
beforeEach(async () => {
  const log = { info() {}, warn() {} }
  storage = await openStorage({ dsn: 'memory', projectId: asProjectId('one'), log, migrate: true })
  now = 1_700_000_000_000
})
afterEach(() => storage.close())

const clock = (): Instant => instant(now)

function ring(jwksBroadcastKeys: readonly string[] = [idTokenKeySet]) {
  return createKeyRing({
    keys: storage.keys,
    sealer,
    clock,
    random: systemRandom,
    settings: {
      signing: { idToken: 'ES256', accessToken: 'EdDSA' },
      jwksBroadcastKeys,
      requestObjectEncryption: false,
    },
  })
}

async function store(set: string, jwk: object, kid = randomUUID()): Promise<string> {
  now += 1
  const sealedJwk = sealer.seal('private_jwk', JSON.stringify({ kid, ...jwk }))
  await storage.keys.create({ set, kid, sealedJwk, createdAt: clock() })
  return kid
}

async function jwkOf(alg: string): Promise<JsonObject> {
  const jwk = await generateJwk(alg, { kid: '', use: 'sig' })
  const { kid: _kid, ...rest } = jwk ?? {}
  return rest
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

describe('signingKey', () => {
  it('makes exactly one key on first use, however many ask in however many processes', async () => {
    const rings = [ring(), ring(), ring()]
    const kids = await Promise.all(
      Array.from({ length: 30 }, async (_none, index) => {
        const { kid } = await rings[index % 3]!.signingKey(idTokenKeySet)
        return kid
      }),
    )
    expect(new Set(kids).size).toBe(1)
    expect(await storage.keys.list(idTokenKeySet)).toHaveLength(1)
  })

  it('makes exactly one beside keys that only verify', async () => {
    const { publicKey } = await generateKeyPair('ES256')
    const verifying = await store('custom', { ...(await exportJWK(publicKey)), alg: 'ES256' })
    const rings = [ring(), ring(), ring()]
    const kids = await Promise.all(
      Array.from({ length: 9 }, async (_none, index) => {
        const { kid } = await rings[index % 3]!.signingKey('custom')
        return kid
      }),
    )
    expect(new Set(kids).size).toBe(1)
    expect(kids[0]).not.toBe(verifying)
    expect(await storage.keys.list('custom')).toHaveLength(2)
  })

  it('takes the algorithm that is configured for the set', async () => {
    expect((await ring().signingKey(idTokenKeySet)).alg).toBe('ES256')
    expect((await ring().signingKey(accessTokenKeySet)).alg).toBe('EdDSA')
  })

  it('is the newest private key', async () => {
    await store('custom', await jwkOf('ES256'))
    const newest = await store('custom', await jwkOf('ES384'))
    const { d: _d, ...publicOnly } = await jwkOf('ES256')
    await store('custom', publicOnly)
    await store('custom', { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' })
    expect((await ring().signingKey('custom')).kid).toBe(newest)
  })

  it('passes over keys whose members make no key', async () => {
    const good = await store('custom', await jwkOf('RS256'))
    const { e: _e, ...incomplete } = await jwkOf('RS256')
    await store('custom', incomplete)
    await store('custom', { ...(await jwkOf('ES256')), x: 'AAAA' })
    await store('custom', { ...(await jwkOf('EdDSA')), d: 'AAAA' })
    const keys = ring(['custom'])
    const key = await keys.signingKey('custom')
    expect(key.kid).toBe(good)
    expect(await keys.verify('custom', await key.sign({ a: 1 }, 'JWT'))).toEqual({ a: 1 })
    const published = (await keys.publicJwks()).keys.map((jwk) => jwk['kid'])
    expect(published.slice(0, -2)).toEqual([good])
  })

  it('is never an RSA key that nobody may verify with (RFC 7518 §3.3)', async () => {
    const good = await store('custom', await jwkOf('RS256'))
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    await store('custom', { ...privateKey.export({ format: 'jwk' }), alg: 'RS256' })
    expect((await ring().signingKey('custom')).kid).toBe(good)
  })

  for (const alg of Object.keys(algorithms))
    it(`signs with ${alg} so that anybody can verify`, async () => {
      const kid = await store('custom', await jwkOf(alg))
      const jwt = await (await ring().signingKey('custom')).sign({ sub: 'älice' }, 'JWT')
      const jwk = (await ring(['custom']).publicJwks()).keys.find((key) => key['kid'] === kid)
      const { payload, protectedHeader } = await compactVerify(
        jwt,
        await importJWK(jwk as JWK, alg),
      )
      expect(protectedHeader).toEqual({ alg, kid, typ: 'JWT' })
      expect(JSON.parse(new TextDecoder().decode(payload))).toEqual({ sub: 'älice' })
      expect(await ring().verify('custom', jwt)).toEqual({ sub: 'älice' })
    })
})

describe('verify', () => {
  it('takes every key of the set by its kid, and none of another set', async () => {
    const jwts: string[] = []
    for (const alg of ['ES256', 'ES256', 'EdDSA', 'RS256']) {
      await store('custom', await jwkOf(alg))
      jwts.push(await (await ring().signingKey('custom')).sign({ n: jwts.length }, 'JWT'))
    }
    for (const [n, jwt] of jwts.entries()) {
      expect(await ring().verify('custom', jwt)).toEqual({ n })
      expect(await ring().verify(idTokenKeySet, jwt)).toBeUndefined()
    }
  })

  it('takes a JWT without kid, but not one with a wrong kid', async () => {
    const jwk = await jwkOf('ES256')
    await store('custom', jwk)
    const key = await importJWK(jwk as unknown as JWK, 'ES256')
    const sign = (header: object) =>
      new CompactSign(Buffer.from('{"a":1}'))
        .setProtectedHeader({ alg: 'ES256', ...header })
        .sign(key)
    expect(await ring().verify('custom', await sign({}))).toEqual({ a: 1 })
    expect(await ring().verify('custom', await sign({ kid: 'other' }))).toBeUndefined()
  })

  it('refuses none, a public key as HMAC secret, embedded keys and critical headers', async () => {
    const jwk = await jwkOf('RS256')
    const kid = await store('custom', jwk)
    const claims = encode({ sub: 'admin' })
    const stranger = await generateKeyPair('RS256', { extractable: true })
    const strangerJwk = await exportJWK(stranger.publicKey)
    const own = await importJWK(jwk as unknown as JWK, 'RS256')
    const sign = (
      header: { alg: string } & Record<string, unknown>,
      key: Parameters<CompactSign['sign']>[0],
    ) =>
      new CompactSign(Buffer.from('{"sub":"admin"}'))
        .setProtectedHeader({ kid, ...header })
        .sign(key)
    const forged = [
      `${encode({ alg: 'none', kid })}.${claims}.`,
      `${encode({ alg: 'none' })}.${claims}.`,
      `${encode({ kid })}.${claims}.`,
      await sign({ alg: 'HS256' }, Buffer.from(JSON.stringify(strangerJwk))),
      await sign({ alg: 'HS256' }, Buffer.from(jwk['n'] as string, 'base64url')),
      await sign({ alg: 'RS256', jwk: strangerJwk }, stranger.privateKey),
      await sign({ alg: 'RS256', jku: 'https://evil.example/jwks' }, stranger.privateKey),
      await new CompactSign(Buffer.from('{"sub":"admin"}'))
        .setProtectedHeader({ alg: 'RS256', kid, crit: ['exp'], exp: 1 })
        .sign(own, { crit: { exp: true } }),
    ]
    for (const jwt of forged) expect(await ring().verify('custom', jwt)).toBeUndefined()
  })

  it('refuses another algorithm than the one of the key', async () => {
    const jwk = await jwkOf('RS256')
    await store('custom', jwk)
    const key = await importJWK(jwk as unknown as JWK, 'PS256')
    const jwt = await new CompactSign(Buffer.from('{}'))
      .setProtectedHeader({ alg: 'PS256' })
      .sign(key)
    expect(await ring().verify('custom', jwt)).toBeUndefined()
  })

  it('refuses changed claims and what is no JWT', async () => {
    await store('custom', await jwkOf('ES256'))
    const jwt = await (await ring().signingKey('custom')).sign({ sub: 'alice' }, 'JWT')
    const [header, , signature] = jwt.split('.')
    const texts = [
      `${header}.${encode({ sub: 'admin' })}.${signature}`,
      `${jwt}A`,
      jwt.slice(0, -2),
      '',
      '..',
      'a.b.c',
    ]
    for (const text of texts) expect(await ring().verify('custom', text)).toBeUndefined()
  })

  it('gives no claims that are not an object', async () => {
    const jwk = await jwkOf('ES256')
    await store('custom', jwk)
    const key = await importJWK(jwk as unknown as JWK, 'ES256')
    for (const text of ['[]', '1', 'null', '"x"', '{', '\u00ff']) {
      const jws = await new CompactSign(Buffer.from(text, 'latin1'))
        .setProtectedHeader({ alg: 'ES256' })
        .sign(key)
      expect(await ring().verify('custom', jws)).toBeUndefined()
    }
  })

  it('forgets a key as soon as it is deleted', async () => {
    const keys = ring()
    const kid = await store('custom', await jwkOf('ES256'))
    const jwt = await (await keys.signingKey('custom')).sign({}, 'JWT')
    expect(await keys.verify('custom', jwt)).toEqual({})
    await storage.keys.delete('custom', kid)
    expect(await keys.verify('custom', jwt)).toBeUndefined()
  })
})

describe('publicJwks', () => {
  it('lists configured sets, then access tokens, then ID tokens, newest key first', async () => {
    const older = await store('custom', await jwkOf('ES256'))
    const newer = await store('custom', await jwkOf('ES256'))
    const accessToken = await store(accessTokenKeySet, await jwkOf('ES256'))
    const idToken = await store(idTokenKeySet, await jwkOf('ES256'))
    const { keys } = await ring(['custom']).publicJwks()
    expect(keys.map((key) => key['kid'])).toEqual([newer, older, accessToken, idToken])
    const first = await ring().publicJwks()
    expect(first.keys.map((key) => key['kid'])).toEqual([idToken, accessToken])
  })

  it('shows no private member, no symmetric key and no member that SDKs do not know', async () => {
    for (const alg of ['RS256', 'ES256', 'EdDSA'])
      await store('custom', { ...(await jwkOf(alg)), key_ops: ['sign'], ext: true })
    await store('custom', { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' })
    const { keys } = await ring(['custom']).publicJwks()
    const custom = keys.slice(0, -2)
    expect(custom).toHaveLength(3)
    for (const key of custom)
      for (const name of Object.keys(key))
        expect(['use', 'kty', 'kid', 'crv', 'alg', 'n', 'e', 'x', 'y', 'x5c']).toContain(name)
  })

  it('fills in what SDKs insist on, and shows keys for encryption too', async () => {
    const { alg: _alg, use: _use, ...bare } = await jwkOf('ES256')
    await store('custom', bare)
    await store('custom', { ...(await jwkOf('ES256')), alg: 'ECDH-ES', use: 'enc' })
    const { keys } = await ring(['custom']).publicJwks()
    expect(keys[0]).toMatchObject({ alg: 'ECDH-ES', use: 'enc' })
    expect(keys[1]).toMatchObject({ alg: 'ES256', use: 'sig' })
    expect((await ring().signingKey('custom')).alg).toBe('ES256')
  })
})
