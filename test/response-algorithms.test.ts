/** Algorithms that a client chooses: signatures and encryption of ID tokens, userinfo and logout tokens. */

import {
  compactDecrypt,
  createLocalJWKSet,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtDecrypt,
  jwtVerify,
  type CryptoKey,
  type JSONWebKeySet,
} from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { algorithms } from '../src/keys/algorithms.ts'
import { authorizationUrl, Browser, getRequest } from './support/browser-flow.ts'
import {
  authorize,
  codeFlow,
  createClient,
  ownPages,
  postForm,
  refresh,
} from './support/code-flow.ts'
import { describeEachEngine } from './support/engines.ts'
import { outgoingTo } from './support/outgoing.ts'
import { startServer, type TestServer } from './support/server.ts'

const documents = new Map<string, string>()

describeEachEngine('algorithms of answers', (engine) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer(engine, {
      config: { ...ownPages, oidc: { dynamic_client_registration: { enabled: true } } },
      options: {
        outgoing: outgoingTo(documents),
      },
    })
  })
  afterAll(() => server.close())

  async function jwks(): Promise<JSONWebKeySet> {
    const response = await server.publicFetch('/.well-known/jwks.json')
    return (await response.json()) as JSONWebKeySet
  }

  async function verify(jwt: string, audience: string) {
    const { issuer } = server
    const currentDate = new Date(server.clock())
    return jwtVerify(jwt, createLocalJWKSet(await jwks()), { issuer, audience, currentDate })
  }

  const userinfo = (token: string) =>
    server.publicFetch('/userinfo', { headers: { authorization: `Bearer ${token}` } })

  const register = (metadata: object, path = '/admin/clients') =>
    (path.startsWith('/admin') ? server.adminFetch : server.publicFetch)(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['https://rp.example/cb'], ...metadata }),
    })

  describe('id_token_signed_response_alg', () => {
    it.each(Object.keys(algorithms))('oidcc-idtoken-rs256: signs with %s', async (alg) => {
      const client = await createClient(server, {
        id_token_signed_response_alg: alg,
        userinfo_signed_response_alg: alg,
      })
      const kids = (await jwks()).keys.map(({ kid }) => kid)
      const tokens = await codeFlow(server, client)
      const { kid, alg: used } = decodeProtectedHeader(tokens.id_token)
      expect(used).toBe(alg)
      // The key was published before its first token: a client that had just read the set knows it.
      expect(kids).toContain(kid)
      await verify(tokens.id_token, client.client_id)
      const again = await refresh(server, client, tokens.refresh_token)
      expect(decodeProtectedHeader(again.id_token)).toMatchObject({ alg, kid })
      const response = await userinfo(again.access_token)
      expect(response.headers.get('content-type')).toMatch(/^application\/jwt/u)
      const { payload, protectedHeader } = await verify(await response.text(), client.client_id)
      expect(protectedHeader.alg).toBe(alg)
      expect(payload).toMatchObject({ sub: 'alice' })
    })

    it('leaves clients without it alone, and lets a token of any algorithm be a hint', async () => {
      const [plain, chosen] = [
        await createClient(server),
        await createClient(server, { id_token_signed_response_alg: 'ES384' }),
      ]
      expect(decodeProtectedHeader((await codeFlow(server, plain)).id_token).alg).toBe('RS256')
      const { id_token: hint } = await codeFlow(server, chosen)
      const browser = new Browser(server)
      const login = await browser.loginChallenge(
        authorizationUrl(chosen, { scope: 'openid', id_token_hint: hint }),
      )
      expect(await getRequest(server, 'login', login)).toMatchObject({
        oidc_context: { id_token_hint_claims: { sub: 'alice' } },
      })
    })

    it('takes the newest key of the algorithm from the set of ID tokens, if it has one', async () => {
      const kid = `own-${engine.name}`
      await server.adminFetch('/admin/keys/hydra.openid.id-token', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ alg: 'ES512', use: 'sig', kid }),
      })
      const client = await createClient(server, { id_token_signed_response_alg: 'ES512' })
      const { id_token } = await codeFlow(server, client)
      expect(decodeProtectedHeader(id_token)).toMatchObject({ alg: 'ES512', kid })
      await server.adminFetch(`/admin/keys/hydra.openid.id-token/${kid}`, { method: 'DELETE' })
    })

    it('makes one key, however many clients need it at once', async () => {
      const fresh = await startServer('memory', { config: ownPages })
      try {
        const clients = await Promise.all(
          Array.from({ length: 8 }, () =>
            createClient(fresh, { id_token_signed_response_alg: 'ES256' }),
          ),
        )
        expect(clients).toHaveLength(8)
        const body = await (await fresh.publicFetch('/.well-known/jwks.json')).json()
        const made = (body as JSONWebKeySet).keys.filter(({ alg }) => alg === 'ES256')
        expect(made).toHaveLength(1)
      } finally {
        await fresh.close()
      }
    })
  })

  describe('registration', () => {
    const bad = [
      ['none for ID tokens', { id_token_signed_response_alg: 'none' }],
      ['HMAC', { id_token_signed_response_alg: 'HS256' }],
      ['HMAC for userinfo', { userinfo_signed_response_alg: 'HS256' }],
      ['RSA1_5', { id_token_encrypted_response_alg: 'RSA1_5', jwks_uri: 'https://rp.example/k' }],
      ['dir', { userinfo_encrypted_response_alg: 'dir', jwks_uri: 'https://rp.example/k' }],
      ['enc without alg', { id_token_encrypted_response_enc: 'A128GCM' }],
      [
        'an unknown enc',
        { request_object_encryption_alg: 'RSA-OAEP', request_object_encryption_enc: 'A1GCM' },
      ],
      ['encryption without any key', { id_token_encrypted_response_alg: 'RSA-OAEP' }],
    ] as const
    it.each(bad)('refuses %s', async (_, metadata) => {
      for (const path of ['/admin/clients', '/oauth2/register']) {
        const response = await register(metadata, path)
        expect(response.status).toBe(400)
        expect(await response.json()).toMatchObject({ error: 'invalid_client_metadata' })
      }
    })

    it('keeps and shows what was chosen, and nothing where nothing was', async () => {
      const chosen = {
        id_token_signed_response_alg: 'ES256',
        id_token_encrypted_response_alg: 'ECDH-ES',
        id_token_encrypted_response_enc: 'A256GCM',
        request_object_encryption_alg: 'RSA-OAEP-256',
        jwks_uri: 'https://rp.example/jwks',
      }
      for (const path of ['/admin/clients', '/oauth2/register']) {
        const response = await register(chosen, path)
        expect(response.status).toBe(201)
        const body = (await response.json()) as { client_id: string }
        expect(body).toMatchObject(chosen)
        const read = await server.adminFetch(`/admin/clients/${body.client_id}`)
        expect(await read.json()).toMatchObject(chosen)
      }
      const plain = (await (await register({})).json()) as object
      expect(Object.keys(plain).filter((name) => /encrypt|id_token_signed/u.test(name))).toEqual([])
    })

    it('does not show them to login apps, whose SDKs refuse unknown members', async () => {
      const client = await createClient(server, { id_token_signed_response_alg: 'ES256' })
      const browser = new Browser(server)
      const login = await browser.loginChallenge(authorizationUrl(client, { scope: 'openid' }))
      const { client: shown } = await getRequest(server, 'login', login)
      expect(Object.keys(shown as object)).not.toContain('id_token_signed_response_alg')
    })
  })

  describe('encryption', () => {
    const cases = [
      ['RSA-OAEP', 'A128CBC-HS256'],
      ['RSA-OAEP-256', 'A256GCM'],
      ['ECDH-ES', 'A128GCM'],
      ['ECDH-ES+A128KW', 'A256CBC-HS512'],
      ['ECDH-ES+A256KW', 'A256GCM'],
    ] as const

    async function clientWith(alg: string, enc: string | undefined, more: object = {}) {
      const pair = await generateKeyPair(alg, { extractable: true })
      const jwk = { ...(await exportJWK(pair.publicKey)), kid: `k-${alg}`, use: 'enc', alg }
      const client = await createClient(server, {
        jwks: { keys: [jwk] },
        response_types: ['code', 'id_token', 'code id_token'],
        grant_types: ['authorization_code', 'implicit', 'refresh_token'],
        id_token_encrypted_response_alg: alg,
        ...(enc === undefined ? {} : { id_token_encrypted_response_enc: enc }),
        userinfo_encrypted_response_alg: alg,
        ...more,
      })
      return { client, privateKey: pair.privateKey, jwk }
    }

    async function open(jwe: string, key: CryptoKey) {
      const { plaintext, protectedHeader } = await compactDecrypt(jwe, key)
      return { text: new TextDecoder().decode(plaintext), protectedHeader }
    }

    it.each(cases)('nests signed ID tokens in %s with %s', async (alg, enc) => {
      const { client, privateKey } = await clientWith(alg, enc)
      const tokens = await codeFlow(server, client)
      const { text, protectedHeader } = await open(tokens.id_token, privateKey)
      expect(protectedHeader).toMatchObject({ alg, enc, cty: 'JWT', kid: `k-${alg}` })
      const { payload } = await verify(text, client.client_id)
      expect(payload).toMatchObject({ sub: 'alice', nonce: 'nonce-of-the-test' })
      const again = await refresh(server, client, tokens.refresh_token)
      expect((await open(again.id_token, privateKey)).protectedHeader.alg).toBe(alg)

      const response = await userinfo(again.access_token)
      expect(response.headers.get('content-type')).toMatch(/^application\/jwt/u)
      const { payload: claims, protectedHeader: header } = await jwtDecrypt(
        await response.text(),
        privateKey,
        { issuer: server.issuer, audience: client.client_id },
      )
      expect(header.enc).toBe('A128CBC-HS256')
      expect(claims).toMatchObject({ sub: 'alice' })
    })

    it('encrypts what comes through the front channel, and signed userinfo', async () => {
      const { client, privateKey } = await clientWith('ECDH-ES', undefined, {
        userinfo_signed_response_alg: 'ES256',
      })
      const callback = await new Browser(server).authorize(
        authorizationUrl(client, { response_type: 'id_token', scope: 'openid' }),
      )
      const idToken = new URLSearchParams(callback.hash.slice(1)).get('id_token') ?? ''
      const inner = await open(idToken, privateKey)
      expect((await verify(inner.text, client.client_id)).payload.sub).toBe('user-1')
      const { access_token } = await codeFlow(server, client)
      const { text, protectedHeader } = await open(
        await (await userinfo(access_token)).text(),
        privateKey,
      )
      expect(protectedHeader.cty).toBe('JWT')
      expect((await verify(text, client.client_id)).protectedHeader.alg).toBe('ES256')
    })

    it('takes the key from jwks_uri, again when it was replaced, and spends nothing when it cannot', async () => {
      const url = `https://rp.example/${engine.name}/jwks`
      const { client, jwk, privateKey } = await clientWith('RSA-OAEP', undefined, {
        jwks: undefined,
        jwks_uri: url,
      })
      const code = await authorize(server, client)
      const exchange = () =>
        postForm(
          server.publicFetch,
          '/oauth2/token',
          { grant_type: 'authorization_code', code, redirect_uri: client.redirect_uri },
          client,
        )
      const unreachable = await exchange()
      expect([unreachable.status, await unreachable.json()]).toMatchObject([
        503,
        { error: 'temporarily_unavailable' },
      ])
      documents.set(url, JSON.stringify({ keys: [{ ...jwk, use: 'sig' }] }))
      server.clock.advance(11_000)
      const unfitting = await exchange()
      expect([unfitting.status, await unfitting.json()]).toMatchObject([
        400,
        { error: 'invalid_request' },
      ])
      documents.set(url, JSON.stringify({ keys: [jwk] }))
      server.clock.advance(11_000)
      const response = await exchange()
      expect(response.status).toBe(200)
      const { id_token } = (await response.json()) as { id_token: string }
      expect((await open(id_token, privateKey)).protectedHeader.alg).toBe('RSA-OAEP')
    })
  })
})
