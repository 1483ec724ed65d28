/** `GET|POST /userinfo`, as contract tokens §8.1 and §13.8 tell it. */

import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StorageUnavailable } from '../src/storage/storage.ts'
import type { TestClient } from './support/browser-flow.ts'
import { codeFlow, createClient, ownPages, postForm, requestTokens } from './support/code-flow.ts'
import { describeEachEngine } from './support/engines.ts'
import { startServer, type TestServer } from './support/server.ts'

/** Data of a consent that tries to set what belongs to the server. */
const idToken = {
  email: 'alice@example.org',
  email_verified: true,
  nbf: 5,
  sub: 'mallory',
  aud: ['mallory'],
  iss: 'https://evil.example',
  nonce: 'forged',
  sid: 'forged',
  exp: 1,
}

describeEachEngine('userinfo', (engine) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer(engine, { config: ownPages })
  })
  afterAll(() => server.close())

  const ask = (token: string, scheme = 'Bearer') =>
    server.publicFetch('/userinfo', { headers: { authorization: `${scheme} ${token}` } })

  function expected(client: TestClient) {
    const now = Math.floor(server.clock() / 1000)
    return {
      email: 'alice@example.org',
      email_verified: true,
      nbf: 5,
      iss: 'http://127.0.0.1',
      sub: 'alice',
      aud: [client.client_id],
      iat: now,
      rat: now,
      auth_time: now,
      acr: '1',
      amr: ['pwd'],
    }
  }

  for (const strategy of ['opaque', 'jwt'] as const)
    describe(`with ${strategy} access tokens`, () => {
      let client: TestClient
      let token: string
      beforeAll(async () => {
        client = await createClient(server, { access_token_strategy: strategy })
        const login = { acr: '1', amr: ['pwd'] }
        const tokens = await codeFlow(server, client, { login, session: { id_token: idToken } })
        token = tokens.access_token
      })

      it('answers the claims of the ID token without those of one response (S180)', async () => {
        const response = await ask(token)
        expect(response.status).toBe(200)
        expect(response.headers.get('content-type')).toMatch(/^application\/json/u)
        expect(response.headers.get('cache-control')).toBe(
          'private, no-cache, no-store, must-revalidate',
        )
        expect(await response.json()).toEqual(expected(client))
      })

      it('takes the token from the header in any case, the body and the query', async () => {
        const answers = [
          await ask(token, 'bearer'),
          await ask(token, 'BEARER'),
          await server.publicFetch(`/userinfo?access_token=${encodeURIComponent(token)}`),
          await postForm(server.publicFetch, '/userinfo', { access_token: token }),
          await server.publicFetch('/userinfo', {
            method: 'POST',
            headers: { authorization: `Bearer ${token}` },
          }),
        ]
        for (const response of answers)
          expect(await response.json()).toMatchObject({ sub: 'alice' })
      })

      it('does not need the scope openid (W-25)', async () => {
        const tokens = await codeFlow(server, client, { scope: 'profile' })
        expect((await ask(tokens.access_token)).status).toBe(200)
      })

      it('answers 403 for a token that stands for no end user (W-25)', async () => {
        const machine = await requestTokens(server, client, { grant_type: 'client_credentials' })
        const response = await ask(machine.access_token)
        const text =
          'The request needs higher privileges than the access token provides. The access token stands for no end user.'
        expect(response.status).toBe(403)
        expect(response.headers.get('www-authenticate')).toBe(
          `Bearer error="insufficient_scope",error_description="${text}"`,
        )
        expect(await response.json()).toEqual({
          error: 'insufficient_scope',
          error_description: text,
        })
      })

      it('calls an expired token invalid_token', async () => {
        const tokens = await codeFlow(server, client)
        server.clock.advance(3_600_000)
        const response = await ask(tokens.access_token)
        expect(response.status).toBe(401)
        expect(response.headers.get('www-authenticate')).toMatch(
          /^Bearer error="invalid_token",error_description="[^"]+"$/u,
        )
        expect(await response.json()).toMatchObject({ error: 'invalid_token' })
      })

      it('refuses a refresh token as invalid_token (S176)', async () => {
        const tokens = await codeFlow(server, client)
        const response = await ask(tokens.refresh_token)
        expect(response.status).toBe(401)
        expect(response.headers.get('www-authenticate')).toMatch(
          /^Bearer error="invalid_token",error_description="[^"]*Only access tokens[^"]*"$/u,
        )
      })
    })

  it('calls a missing or unknown token request_unauthorized (S177)', async () => {
    const answers = [
      await server.publicFetch('/userinfo'),
      await server.publicFetch('/userinfo', { method: 'POST' }),
      await ask('x'),
      await ask('a.b.c'),
      await ask('YTpi', 'Basic'),
    ]
    for (const response of answers) {
      const { error, error_description } = (await response.json()) as Record<string, string>
      expect(response.status).toBe(401)
      expect(error).toBe('request_unauthorized')
      expect(response.headers.get('www-authenticate')).toBe(
        `Bearer error="request_unauthorized",error_description="${error_description}"`,
      )
    }
  })

  it('signs the claims for a client that asked for RS256 (S182)', async () => {
    const client = await createClient(server, { userinfo_signed_response_alg: 'RS256' })
    const { access_token: token } = await codeFlow(server, client)
    server.clock.advance(5_000)
    const response = await ask(token)
    expect(response.headers.get('content-type')).toBe('application/jwt')
    const jwks = await server.publicFetch('/.well-known/jwks.json')
    const { payload, protectedHeader } = await jwtVerify(
      await response.text(),
      createLocalJWKSet((await jwks.json()) as JSONWebKeySet),
    )
    expect(protectedHeader.alg).toBe('RS256')
    expect(payload).toMatchObject({
      sub: 'alice',
      aud: [client.client_id],
      iss: 'http://127.0.0.1',
      iat: Math.floor(server.clock() / 1000),
    })
    expect(payload.jti).toMatch(/^[\da-f-]{36}$/u)
  })
})

describe('userinfo under other settings', () => {
  it('shows a pairwise client its own subject (S179)', async () => {
    const server = await startServer('memory', {
      config: {
        ...ownPages,
        oidc: {
          subject_identifiers: {
            supported_types: ['public', 'pairwise'],
            pairwise: { salt: 'a salt of the tests' },
          },
        },
      },
    })
    try {
      const client = await createClient(server, { subject_type: 'pairwise' })
      const { access_token: token } = await codeFlow(server, client)
      const headers = { authorization: `Bearer ${token}` }
      const response = await server.publicFetch('/userinfo', { headers })
      const { sub } = (await response.json()) as { sub: string }
      expect(sub).toMatch(/^[\da-f]{64}$/u)
    } finally {
      await server.close()
    }
  })

  it('opens to the registered origins of the client of the token', async () => {
    const server = await startServer('memory', {
      config: {
        ...ownPages,
        serve: { public: { cors: { enabled: true, allowed_origins: ['https://none.example'] } } },
      },
    })
    try {
      const origin = 'https://spa.example'
      const client = await createClient(server, { allowed_cors_origins: [origin] })
      const { access_token: token } = await codeFlow(server, client)
      const ask = (from: string) =>
        server.publicFetch('/userinfo', {
          headers: { authorization: `Bearer ${token}`, origin: from },
        })
      expect((await ask(origin)).headers.get('access-control-allow-origin')).toBe(origin)
      const strange = await ask('https://evil.example')
      expect(strange.headers.has('access-control-allow-origin')).toBe(false)
    } finally {
      await server.close()
    }
  })

  it('answers 503 while the storage is away (S175, W-16)', async () => {
    const server = await startServer('memory', { config: ownPages })
    try {
      const { access_token: token } = await codeFlow(server, await createClient(server))
      server.storage.grants.findWithChain = () => Promise.reject(new StorageUnavailable('gone'))
      const headers = { authorization: `Bearer ${token}` }
      expect((await server.publicFetch('/userinfo', { headers })).status).toBe(503)
    } finally {
      await server.close()
    }
  })

  it('answers 500 for an algorithm that no client can have registered (S181)', async () => {
    const server = await startServer('memory', { config: ownPages })
    try {
      const client = await createClient(server)
      const { access_token: token } = await codeFlow(server, client)
      const { clients } = server.storage
      const find = clients.find.bind(clients)
      clients.find = async (id) => {
        const record = await find(id)
        if (record === undefined) return undefined
        return { ...record, client: { ...record.client, userinfo_signed_response_alg: 'HS256' } }
      }
      const headers = { authorization: `Bearer ${token}` }
      const response = await server.publicFetch('/userinfo', { headers })
      expect(response.status).toBe(500)
      expect(await response.json()).toMatchObject({ error: 'server_error' })
    } finally {
      await server.close()
    }
  })
})
