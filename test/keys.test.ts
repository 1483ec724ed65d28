/** The JWK API, as contract clients §8 and §12 (31–33) tell it, and what the rotation of keys means for tokens. */

import { createLocalJWKSet, generateKeyPair, exportJWK, jwtVerify, type JSONWebKeySet } from 'jose'
import { Configuration, JwkApi } from '@ory/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { after, milliseconds } from '../src/brand.ts'
import { accessTokenKeySet, idTokenKeySet } from '../src/keys/key-ring.ts'
import { startClientApi, type ClientApi } from './support/client-api.ts'
import {
  authorize,
  codeFlow,
  createClient,
  ownPages,
  postForm,
  refresh,
} from './support/code-flow.ts'
import { describeEachEngine } from './support/engines.ts'
import { startLiveServer } from './support/live-server.ts'
import { startServer, type TestServer } from './support/server.ts'

const algorithms = {
  RS256: ['RSA', 2048],
  RS384: ['RSA', 3072],
  RS512: ['RSA', 4096],
  PS256: ['RSA', 3072],
  PS384: ['RSA', 3072],
  PS512: ['RSA', 4096],
  ES256: ['EC', 'P-256'],
  ES384: ['EC', 'P-384'],
  ES512: ['EC', 'P-521'],
  EdDSA: ['OKP', 'Ed25519'],
} as const

const malformedCode = 'The request was malformed or contained invalid parameters'

async function ecKey(more: object = {}, alg = 'ES256') {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, use: 'sig', ...more }
}

describeEachEngine('the JWK API', (engine) => {
  let api: ClientApi
  beforeAll(async () => {
    api = await startClientApi(engine.dsn)
  })
  afterAll(() => api.close())

  const kidsOf = async (set: string): Promise<unknown[]> => {
    const { body } = await api.callAdmin('GET', `/admin/keys/${set}`)
    return (body.keys as { kid: string }[]).map(({ kid }) => kid)
  }

  it('C31 makes, lists and refuses keys', async () => {
    const path = '/admin/keys/line-31'
    const wanted = { alg: 'RS256', use: 'sig', kid: 'k' }
    const created = await api.callAdmin('POST', path, wanted)
    expect(created.status).toBe(201)
    expect(created.headers.get('location')).toBe(path)
    expect(created.headers.get('content-type')).toBe('application/json; charset=utf-8')
    const [key] = created.body.keys
    expect(Object.keys(key)).toEqual([
      'use',
      'kty',
      'kid',
      'alg',
      'n',
      'e',
      'd',
      'p',
      'q',
      'dp',
      'dq',
      'qi',
    ])
    expect(key).toMatchObject({ ...wanted, kty: 'RSA' })

    const again = await api.callAdmin('POST', path, wanted)
    expect(again.status).toBe(409)
    expect(again.body).toEqual({
      error:
        'Unable to insert or update resource because a resource with that value exists already',
      error_description: '',
    })
    expect((await api.callAdmin('GET', `${path}/k`)).body).toEqual({ keys: [key] })
    const read = await api.callAdmin('GET', path)
    expect(read.body).toEqual({ keys: [key] })
    expect(read.headers.get('cache-control')).toBe('private, no-cache, no-store, must-revalidate')
    await api.callAdmin('POST', path, { ...wanted, alg: 'ES256', kid: 'k2' })
    expect(await kidsOf('line-31')).toEqual(['k2', 'k'])

    for (const alg of ['HS256', 'HS512', 'none', 'es256', '', 'toString']) {
      const refused = await api.callAdmin('POST', path, { alg, use: 'sig', kid: 'x' })
      expect([refused.status, refused.body.error]).toEqual([400, 'Bad Request'])
    }
  })

  it('C32 puts and deletes keys', async () => {
    const path = '/admin/keys/line-32'
    const sent = await ecKey({ kid: 'mine', ext: true, key_ops: ['sign'] })
    const put = await api.callAdmin('PUT', `${path}/mine`, sent)
    expect(put.status).toBe(200)
    expect(Object.keys(put.body)).toEqual(['use', 'kty', 'kid', 'crv', 'alg', 'x', 'y', 'd'])
    expect(put.body).toMatchObject({ kid: 'mine', d: sent.d })
    expect((await api.callAdmin('GET', `${path}/mine`)).body).toEqual({ keys: [put.body] })
    for (const target of [`${path}/mine`, `${path}/mine`, path, path]) {
      const { status, text } = await api.callAdmin('DELETE', target)
      expect([status, text]).toEqual([204, ''])
    }
    const key = await api.callAdmin('GET', `${path}/mine`)
    expect([key.status, key.body]).toEqual([
      404,
      { error: 'Unable to locate the resource', error_description: '' },
    ])
    const set = await api.callAdmin('GET', path)
    expect([set.status, set.body.error]).toEqual([404, 'Not Found'])
    expect(set.body.error_description).not.toBe('')
  })

  it('names a new key itself and marks it for signatures when not told', async () => {
    const { status, body } = await api.callAdmin('POST', '/admin/keys/defaults', {
      alg: 'EdDSA',
      use: '',
      kid: '',
    })
    expect(status).toBe(201)
    expect(body.keys[0]).toMatchObject({ use: 'sig', crv: 'Ed25519' })
    expect(body.keys[0].kid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/u)
  })

  it.each(Object.entries(algorithms))('makes %s keys', async (alg, [kty, size]) => {
    const { body } = await api.callAdmin('POST', '/admin/keys/all', { alg, use: 'sig', kid: alg })
    const [key] = body.keys
    expect(key).toMatchObject({ alg, kty, kid: alg, use: 'sig' })
    if (kty === 'RSA') expect(Buffer.from(key.n, 'base64url')).toHaveLength(size / 8)
    else expect(key.crv).toBe(size)
  })

  it('knows sets and keys by their decoded names', async () => {
    const set = encodeURIComponent('https://issuer.example/a b')
    const created = await api.callAdmin('POST', `/admin/keys/${set}`, { alg: 'ES256', kid: 'a/b' })
    expect(created.headers.get('location')).toBe(`/admin/keys/${set}`)
    expect((await api.callAdmin('GET', `/keys/${set}/a%2Fb`)).status).toBe(200)
  })

  it('names a key by its body, and by the path when the body has no kid (W-26)', async () => {
    const own = await ecKey({ kid: 'own' })
    expect((await api.callAdmin('PUT', '/admin/keys/w-26/other', own)).body.kid).toBe('own')
    expect((await api.callAdmin('GET', '/admin/keys/w-26/other')).status).toBe(404)
    expect((await api.callAdmin('PUT', '/admin/keys/w-26/path', await ecKey())).body.kid).toBe(
      'path',
    )
    expect(await kidsOf('w-26')).toEqual(['path', 'own'])
    await api.callAdmin('PUT', '/admin/keys/w-26/own', own)
    expect(await kidsOf('w-26')).toEqual(['own', 'path'])
  })

  it('replaces a set, whose last key is then the newest (W-28)', async () => {
    const path = '/admin/keys/w-28'
    await api.callAdmin('POST', path, { alg: 'ES256', kid: 'before' })
    const keys = await Promise.all(['a', 'b', 'c'].map((kid) => ecKey({ kid })))
    const { status, body } = await api.callAdmin('PUT', path, { keys })
    expect(status).toBe(200)
    expect((body.keys as { kid: string }[]).map(({ kid }) => kid)).toEqual(['a', 'b', 'c'])
    expect(await kidsOf('w-28')).toEqual(['c', 'b', 'a'])
    const twice = await api.callAdmin('PUT', path, { keys: [keys[0], keys[0]] })
    expect(twice.status).toBe(409)
    expect(await kidsOf('w-28')).toEqual(['c', 'b', 'a'])
    for (const empty of [{}, { keys: [] }, { keys: null }]) {
      const emptied = await api.callAdmin('PUT', path, empty)
      expect([emptied.status, emptied.text]).toEqual([200, '{"keys":[]}'])
    }
    expect((await api.callAdmin('GET', path)).status).toBe(404)
  })

  it('fills in what SDKs ask for (S2) and takes public and symmetric keys', async () => {
    const { kid: _kid, use: _use, alg: _alg, d: _d, ...bare } = await ecKey({ kid: '' })
    const put = await api.callAdmin('PUT', '/admin/keys/s2/pub', bare)
    expect(put.body).toEqual({ use: 'sig', kid: 'pub', alg: 'ES256', ...bare })
    const oct = { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256', use: 'sig', kid: 'sym' }
    expect((await api.callAdmin('PUT', '/admin/keys/s2/sym', oct)).body).toEqual(oct)
  })

  it('keeps symmetric keys out of the sets of the server (W-25)', async () => {
    const oct = { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256', use: 'sig', kid: 'sym' }
    for (const set of [idTokenKeySet, accessTokenKeySet]) {
      const one = await api.callAdmin('PUT', `/admin/keys/${set}/sym`, oct)
      const all = await api.callAdmin('PUT', `/admin/keys/${set}`, { keys: [oct] })
      for (const refused of [one, all])
        expect([refused.status, refused.body.error]).toEqual([400, malformedCode])
    }
  })

  describe('refuses what is no key', () => {
    const good = { kty: 'EC', crv: 'P-256', kid: 'k' }
    it.each([
      ['', 'end of input'],
      ['null', ''],
      ['[]', ''],
      ['{', ''],
      ['"x"', ''],
      [{}, ''],
      [{ kty: 'XYZ' }, 'XYZ'],
      [{ kty: 'toString' }, ''],
      [{ ...good, x: 'AAAA', y: 'AAAA' }, ''],
      [{ ...good, x: 'not base64url!', y: 'AAAA' }, ''],
      [{ ...good, crv: 'P-999', x: 'AAAA', y: 'AAAA' }, 'crv'],
      [{ kty: 'RSA', n: 'AQAB' }, ''],
      [{ kty: 'oct', k: 5 }, ''],
      [{ kty: 'oct', k: 'c2VjcmV0', kid: 5 }, 'kid'],
      [{ kty: 'oct', k: 'c2VjcmV0', kid: 'x'.repeat(256) }, '255'],
      [{ kty: 'oct', k: 'c2VjcmV0', kid: 'a\u0000b' }, 'NUL'],
    ])('%j', async (body, reason) => {
      const refused = await api.callAdmin('PUT', '/admin/keys/bad/k', body)
      expect([refused.status, refused.body.error]).toEqual([400, malformedCode])
      expect(refused.body.error_description).toContain(reason)
      expect((await api.callAdmin('GET', '/admin/keys/bad')).status).toBe(404)
    })

    it('halves of different keys', async () => {
      const [one, other] = [await ecKey(), await ecKey()]
      const { status } = await api.callAdmin('PUT', '/admin/keys/bad/k', { ...one, d: other.d })
      expect(status).toBe(400)
    })

    it.each([[{ alg: 5 }], [{ alg: 'ES256', kid: {} }], ['null'], ['']])(
      'when one is to be made of %j',
      async (body) => {
        const refused = await api.callAdmin('POST', '/admin/keys/bad', body)
        expect([refused.status, refused.body.error]).toEqual([400, malformedCode])
      },
    )

    it('names that no database takes, on every verb', async () => {
      for (const name of ['%00', 'x'.repeat(256)]) {
        const path = `/admin/keys/${name}`
        const post = await api.callAdmin('POST', path, { alg: 'ES256', kid: 'k' })
        expect(post.status).toBe(400)
        expect((await api.callAdmin('PUT', path, {})).status).toBe(400)
        expect((await api.callAdmin('GET', path)).status).toBe(404)
        expect((await api.callAdmin('GET', `${path}/k`)).status).toBe(404)
        expect((await api.callAdmin('DELETE', `${path}/k`)).status).toBe(204)
      }
    })
  })

  it('keeps private keys sealed in the database', async () => {
    const { body } = await api.callAdmin('POST', '/admin/keys/sealed', { alg: 'ES256', kid: 'k' })
    const rows = await api.server.storage.keys.list('sealed')
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(body.keys[0].d)
  })

  it('gives one of concurrent callers the kid', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => api.callAdmin('POST', '/admin/keys/race', { alg: 'ES256', kid: 'k' })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(3)
  })

  it('shows the public keys of trusted issuers, and lets nobody change them here', async () => {
    const issuer = 'https://issuer.example'
    const path = `/admin/keys/${encodeURIComponent(issuer)}`
    const { d: _d, ...publicJwk } = await ecKey({ kid: 'trusted' })
    const { trustedIssuers } = api.server.storage
    await trustedIssuers.create({
      id: '7f5d7a0e-5f6b-4c0e-8f7b-0f4b8f0b8f0b',
      issuer,
      subject: 'alice',
      allowAnySubject: false,
      scope: [],
      kid: 'trusted',
      publicJwk,
      createdAt: api.server.clock(),
      expiresAt: after(api.server.clock(), milliseconds(1000)),
    })
    const read = await api.callAdmin('GET', `${path}/trusted`)
    expect(read.body.keys).toEqual([publicJwk])
    expect((await api.callAdmin('GET', path)).body.keys).toEqual([publicJwk])
    expect((await api.callAdmin('DELETE', `${path}/trusted`)).status).toBe(204)
    expect((await api.callAdmin('GET', `${path}/trusted`)).body.keys).toEqual([publicJwk])
    expect((await api.callAdmin('GET', `${path}/other`)).status).toBe(404)
  })

  it('makes the newest key on a machine whose clock is behind', async () => {
    api.travel(60_000)
    await api.callAdmin('POST', '/admin/keys/clocks', { alg: 'ES256', kid: 'ahead' })
    api.travel(-60_000)
    await api.callAdmin('POST', '/admin/keys/clocks', { alg: 'ES256', kid: 'behind' })
    expect(await kidsOf('clocks')).toEqual(['behind', 'ahead'])
  })

  it('C33 publishes and signs with a new key at once', async () => {
    const before = (await api.callPublic('GET', '/.well-known/jwks.json')).body.keys as {
      kid: string
      kty: string
    }[]
    expect(before.filter(({ kty }) => kty === 'RSA').length).toBeGreaterThanOrEqual(2)
    const set = `/admin/keys/${idTokenKeySet}`
    await api.callAdmin('POST', set, { alg: 'ES256', use: 'sig', kid: 'newest' })
    const { text, body } = await api.callPublic('GET', '/.well-known/jwks.json')
    expect(body.keys[0].kid).toBe('newest')
    for (const { kid } of before) expect(text).toContain(kid)
    for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'])
      expect(text).not.toContain(`"${name}"`)
    const discovery = await api.callPublic('GET', '/.well-known/openid-configuration')
    expect(discovery.body.id_token_signed_response_alg).toEqual(['ES256'])
    // What clients may choose besides is behind it.
    expect(discovery.body.id_token_signing_alg_values_supported[0]).toBe('ES256')
  })
})

describeEachEngine('key rotation', (engine) => {
  let one: TestServer
  let other: TestServer
  beforeAll(async () => {
    one = await startServer(engine, { config: ownPages })
    other = await startServer(engine, { config: ownPages })
  })
  afterAll(async () => {
    await one.close()
    await other.close()
  })

  const rotate = async (set: string, alg: string, kid: string): Promise<void> => {
    const { status } = await one.adminFetch(`/admin/keys/${set}`, {
      method: 'POST',
      body: JSON.stringify({ alg, use: 'sig', kid }),
    })
    expect(status).toBe(201)
  }
  const jwksOf = async (server: TestServer) =>
    createLocalJWKSet(
      (await (await server.publicFetch('/.well-known/jwks.json')).json()) as JSONWebKeySet,
    )
  const isActive = async (server: TestServer, token: string): Promise<unknown> => {
    const response = await postForm(server.adminFetch, '/admin/oauth2/introspect', { token })
    return ((await response.json()) as { active: boolean }).active
  }

  it('happens between two steps of a flow, in every process at once (S243, W-33)', async () => {
    const client = await createClient(one, { access_token_strategy: 'jwt' })
    const old = await codeFlow(other, client)
    const code = await authorize(other, client)
    let last = old
    for (const alg of ['ES256', 'EdDSA', 'PS256'] as const) {
      await rotate(idTokenKeySet, alg, `idt-${alg}`)
      await rotate(accessTokenKeySet, alg, `at-${alg}`)
      const tokens = await refresh(other, client, last.refresh_token)
      const jwks = await jwksOf(one)
      const idToken = await jwtVerify(tokens.id_token, jwks, { currentDate: new Date(one.clock()) })
      expect(idToken.protectedHeader).toMatchObject({ alg, kid: `idt-${alg}` })
      const accessToken = await jwtVerify(tokens.access_token, jwks, {
        currentDate: new Date(one.clock()),
      })
      expect(accessToken.protectedHeader).toMatchObject({ alg, kid: `at-${alg}` })
      await jwtVerify(old.id_token, jwks, { currentDate: new Date(one.clock()) })
      expect(await isActive(one, tokens.access_token)).toBe(true)
      last = tokens
    }
    const form = { grant_type: 'authorization_code', code, redirect_uri: client.redirect_uri }
    expect((await postForm(one.publicFetch, '/oauth2/token', form, client)).status).toBe(200)
  })

  it('leaves JWT access tokens active that were signed before (S243)', async () => {
    const client = await createClient(one, { access_token_strategy: 'jwt' })
    const form = { grant_type: 'client_credentials' }
    const issue = async () => {
      const response = await postForm(one.publicFetch, '/oauth2/token', form, client)
      return ((await response.json()) as { access_token: string }).access_token
    }
    const user = await codeFlow(one, client)
    const own = await issue()
    await rotate(accessTokenKeySet, 'ES384', 'at-later')
    expect(await isActive(other, own)).toBe(true)
    expect(await isActive(other, user.access_token)).toBe(true)
    await one.adminFetch(`/admin/keys/${accessTokenKeySet}`, {
      method: 'PUT',
      body: JSON.stringify({ keys: [await ecKey({ kid: 'only' })] }),
    })
    expect(await isActive(other, own)).toBe(false)
    expect(await isActive(other, await issue())).toBe(true)
  })

  it('C33 leaves earlier ID tokens valid as id_token_hint', async () => {
    const client = await createClient(one)
    const { id_token } = await codeFlow(one, client)
    await rotate(idTokenKeySet, 'ES512', 'hint-later')
    const logout = (hint: string) =>
      other.publicFetch(`/oauth2/sessions/logout?id_token_hint=${encodeURIComponent(hint)}`)
    const accepted = await logout(id_token)
    const refused = await logout(`${id_token.slice(0, -4)}AAAA`)
    expect(accepted.headers.get('location') ?? '').not.toContain('error')
    expect(refused.headers.get('location') ?? '').toContain('error')
  })
})

describe('the official SDK', () => {
  it('works with keys', async () => {
    const live = await startLiveServer('memory')
    try {
      const jwk = new JwkApi(new Configuration({ basePath: live.adminUrl }))
      const created = await jwk.createJsonWebKeySet({
        set: 'sdk set',
        createJsonWebKeySet: { alg: 'ES256', use: 'sig', kid: 'a' },
      })
      expect(created.data.keys?.[0]).toMatchObject({ kid: 'a', crv: 'P-256' })
      const [key] = created.data.keys!
      await jwk.setJsonWebKey({ set: 'sdk set', kid: 'a', jsonWebKey: key! })
      await jwk.setJsonWebKeySet({ set: 'sdk set', jsonWebKeySet: { keys: [key!] } })
      const read = await jwk.getJsonWebKey({ set: 'sdk set', kid: 'a' })
      expect(read.data.keys).toEqual([key])
      await jwk.deleteJsonWebKey({ set: 'sdk set', kid: 'a' })
      await jwk.deleteJsonWebKeySet({ set: 'sdk set' })
      await expect(jwk.getJsonWebKeySet({ set: 'sdk set' })).rejects.toMatchObject({
        response: { status: 404 },
      })
    } finally {
      await live.close()
    }
  })
})
