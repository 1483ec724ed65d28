/** `POST /credentials` and the nonces of the token endpoint, as contract tokens §1.6 and §8.2 tell it. */

import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimsOf, type TestClient } from './support/browser-flow.ts'
import {
  codeFlow,
  createClient,
  ownPages,
  refresh,
  requestTokens,
  type Tokens,
} from './support/code-flow.ts'
import { describeEachEngine } from './support/engines.ts'
import { startServer, type TestServer } from './support/server.ts'

const scope = 'openid offline userinfo_credential_draft_00'
const types = ['VerifiableCredential', 'UserInfoCredential']

type VcTokens = Tokens & {
  readonly c_nonce_draft_00: string
  readonly c_nonce_expires_in_draft_00: number
}

interface Key {
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

async function makeKey(alg: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, privateKey, jwk: await exportJWK(publicKey) }
}

function prove({ alg, privateKey, jwk }: Key, payload: Record<string, unknown>): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg, jwk }).sign(privateKey)
}

describeEachEngine('verifiable credentials', (engine) => {
  let server: TestServer
  let key: Key
  beforeAll(async () => {
    server = await startServer(engine, { config: ownPages })
    key = await makeKey('ES256')
  })
  afterAll(() => server.close())

  async function ask(accessToken: string, body: unknown) {
    const response = await server.publicFetch('/credentials', {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const answer = (await response.json()) as Record<string, any> // oxlint-disable-line typescript/no-explicit-any -- assertions look into it
    return { status: response.status, headers: response.headers, body: answer }
  }

  const request = (jwt: string) => ({
    format: 'jwt_vc_json',
    types,
    proof: { proof_type: 'jwt', jwt },
  })

  for (const strategy of ['opaque', 'jwt'] as const)
    describe(`with ${strategy} access tokens`, () => {
      let client: TestClient
      let tokens: VcTokens
      beforeAll(async () => {
        client = await createClient(server, {
          access_token_strategy: strategy,
          scope: `${scope} foo`,
        })
        tokens = (await codeFlow(server, client, {
          scope,
          session: { id_token: { email: 'a@example.org', sub: 'mallory', id: 'mallory' } },
        })) as VcTokens
      })

      it('hands out a nonce with the tokens, at every refresh a new one (S011)', async () => {
        expect(Object.keys(tokens).slice(0, 3)).toEqual([
          'access_token',
          'c_nonce_draft_00',
          'c_nonce_expires_in_draft_00',
        ])
        expect(tokens.c_nonce_expires_in_draft_00).toBe(3600)
        const first = (await codeFlow(server, client, { scope })) as VcTokens
        const later = (await refresh(server, client, first.refresh_token)) as VcTokens
        expect(later.c_nonce_draft_00).not.toBe(first.c_nonce_draft_00)
        const jwt = await prove(key, { nonce: later.c_nonce_draft_00 })
        expect((await ask(later.access_token, request(jwt))).status).toBe(200)
      })

      it('hands out none without openid and the scope of credentials', async () => {
        for (const scope of ['openid offline', 'offline userinfo_credential_draft_00'])
          expect(await codeFlow(server, client, { scope })).not.toHaveProperty('c_nonce_draft_00')
      })

      it.each([
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
      ])('issues a credential for a %s key (S012)', async (alg) => {
        const own = await makeKey(alg)
        const jwt = await prove(own, { nonce: tokens.c_nonce_draft_00 })
        const { status, headers, body } = await ask(tokens.access_token, request(jwt))
        expect([status, Object.keys(body)]).toEqual([200, ['format', 'credential_draft_00']])
        expect(headers.get('content-type')).toMatch(/^application\/json/u)
        expect(body['format']).toBe('jwt_vc_json')
        const claims = claimsOf(body['credential_draft_00'])
        const iat = Math.floor(server.clock() / 1000)
        expect(claims).toMatchObject({ iss: server.issuer, iat, nbf: iat, exp: iat + 3600 })
        const did = String(claims['sub'])
        expect(did).toMatch(/^did:jwk:/u)
        const bound = JSON.parse(
          Buffer.from(did.slice('did:jwk:'.length), 'base64url').toString(),
        ) as JWK
        expect(await calculateJwkThumbprint(bound)).toBe(await calculateJwkThumbprint(own.jwk))
        expect(claims['vc']).toEqual({
          '@context': ['https://www.w3.org/2018/credentials/v1'],
          type: types,
          credentialSubject: { email: 'a@example.org', id: did, sub: 'alice' },
        })
      })

      it('answers a request without proof with a nonce that works (S013)', async () => {
        const primed = await ask(tokens.access_token, { format: 'jwt_vc_json', types })
        expect(primed.status).toBe(400)
        expect(primed.body).toMatchObject({
          format: 'jwt_vc',
          c_nonce_expires_in: 3600,
          error: 'missing_proof',
        })
        const jwt = await prove(key, { nonce: primed.body['c_nonce'] })
        expect((await ask(tokens.access_token, request(jwt))).status).toBe(200)
      })

      it('refuses a proof that another key signed (S014)', async () => {
        const other = await makeKey('ES256')
        const nonce = tokens.c_nonce_draft_00
        const jwt = await prove({ ...other, jwk: key.jwk }, { nonce })
        expect(await ask(tokens.access_token, request(jwt))).toMatchObject({
          status: 400,
          body: { error: 'invalid_request' },
        })
      })

      it('refuses other formats, proof types and bodies (S015, S016)', async () => {
        const jwt = await prove(key, { nonce: tokens.c_nonce_draft_00 })
        const good = request(jwt)
        const bodies = [
          { ...good, format: 'ldp_vc' },
          { ...good, proof: { proof_type: 'cwt', jwt } },
          { ...good, proof: { jwt } },
          { ...good, proof: 'x' },
          '',
          'null',
          '{',
        ]
        for (const body of bodies)
          expect(await ask(tokens.access_token, body)).toMatchObject({
            status: 400,
            body: { error: 'invalid_request' },
          })
      })

      it('refuses nonces that are wrong, missing, of another token or expired (S017)', async () => {
        const other = (await codeFlow(server, client, { scope })) as VcTokens
        for (const nonce of [undefined, 5, 'x', other.c_nonce_draft_00, tokens.access_token]) {
          const jwt = await prove(key, { nonce })
          expect(await ask(tokens.access_token, request(jwt))).toMatchObject({
            status: 400,
            body: { error: 'invalid_request' },
          })
        }
        const lasting = await createClient(server, {
          access_token_strategy: strategy,
          scope,
          authorization_code_grant_access_token_lifespan: '48h',
        })
        const old = (await codeFlow(server, lasting, { scope })) as VcTokens
        const jwt = await prove(key, { nonce: old.c_nonce_draft_00 })
        server.clock.advance(3_600_000)
        expect((await ask(old.access_token, request(jwt))).body['error']).toBe('invalid_request')
        tokens = (await codeFlow(server, client, {
          scope,
          session: { id_token: { email: 'a@example.org' } },
        })) as VcTokens
      })

      it('refuses proofs with a private, symmetric or missing key in the header', async () => {
        const nonce = tokens.c_nonce_draft_00
        const { privateKey } = await generateKeyPair('ES256', { extractable: true })
        const proofs = [
          await prove({ alg: 'ES256', privateKey, jwk: await exportJWK(privateKey) }, { nonce }),
          await new SignJWT({ nonce }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey),
          await new SignJWT({ nonce })
            .setProtectedHeader({ alg: 'HS256', jwk: { kty: 'oct', k: 'c2VjcmV0' } as JWK })
            .sign(Buffer.from('secret')),
        ]
        for (const jwt of proofs)
          expect((await ask(tokens.access_token, request(jwt))).body['error']).toBe(
            'invalid_request',
          )
      })

      it('wants a live access token of an end user', async () => {
        const own = await requestTokens(server, client, { grant_type: 'client_credentials' })
        expect((await ask(own.access_token, request(''))).status).toBe(403)
        expect(await ask('nonsense', request(''))).toMatchObject({
          status: 401,
          body: { error: 'request_unauthorized' },
        })
        expect(await ask(tokens.refresh_token, request(''))).toMatchObject({
          status: 400,
          body: { error: 'invalid_request' },
        })
      })
    })
})
