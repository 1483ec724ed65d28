/** `POST /admin/oauth2/introspect`, as contract tokens §5, §13.6 and §13.13 tell it. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StorageUnavailable } from '../src/storage/storage.ts'
import type { TestClient } from './support/browser-flow.ts'
import {
  codeFlow,
  createClient,
  ownPages,
  postForm,
  refresh,
  requestTokens,
} from './support/code-flow.ts'
import { describeEachEngine } from './support/engines.ts'
import { startServer, type TestServer } from './support/server.ts'

const config = { ...ownPages, oauth2: { allowed_top_level_claims: [] } }
const inactive = '{"active":false}\n'

function introspect(
  server: TestServer,
  token: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return postForm(server.adminFetch, '/admin/oauth2/introspect', { token, ...more })
}

async function isActive(server: TestServer, token: string, scope = ''): Promise<boolean> {
  const body = (await (await introspect(server, token, { scope })).json()) as { active: boolean }
  return body.active
}

const wait = { access_token: 3_600_000, refresh_token: 720 * 3_600_000 } as const

describeEachEngine('introspection', (engine) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer(engine, { config })
  })
  afterAll(() => server.close())

  for (const strategy of ['opaque', 'jwt'] as const)
    describe(`of ${strategy} access tokens and their refresh tokens`, () => {
      let client: TestClient
      const metadata = { access_token_strategy: strategy }
      beforeAll(async () => {
        client = await createClient(server, metadata)
      })

      it('answers the members of the API in their order (S158)', async () => {
        const tokens = await codeFlow(server, client, {
          audience: ['https://api.example/v1'],
          session: { access_token: { tenant: 't9' } },
        })
        const response = await introspect(server, tokens.access_token)
        const iat = Math.floor(server.clock() / 1000)
        expect(response.status).toBe(200)
        expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8')
        expect(response.headers.has('cache-control')).toBe(false)
        expect(await response.text()).toBe(
          `${JSON.stringify({
            active: true,
            scope: 'openid offline',
            client_id: client.client_id,
            sub: 'alice',
            exp: iat + 3600,
            iat,
            nbf: iat,
            aud: ['https://api.example/v1'],
            iss: 'http://127.0.0.1',
            token_type: 'Bearer',
            token_use: 'access_token',
            ext: { tenant: 't9' },
          })}\n`,
        )
      })

      it('calls a refresh token a Bearer token too (S159, W-30)', async () => {
        const { refresh_token: token } = await codeFlow(server, client)
        const iat = Math.floor(server.clock() / 1000)
        expect(token.split('.')).toHaveLength(2)
        expect(await (await introspect(server, token)).json()).toEqual({
          active: true,
          scope: 'openid offline',
          client_id: client.client_id,
          sub: 'alice',
          exp: iat + 720 * 3600,
          iat,
          nbf: iat,
          aud: [],
          iss: 'http://127.0.0.1',
          token_type: 'Bearer',
          token_use: 'refresh_token',
        })
      })

      it('answers for a token that a client got for itself', async () => {
        const form = { grant_type: 'client_credentials', scope: 'core' }
        const { access_token: token } = await requestTokens(server, client, form)
        const iat = Math.floor(server.clock() / 1000)
        expect(await (await introspect(server, token)).json()).toEqual({
          active: true,
          scope: 'core',
          client_id: client.client_id,
          sub: client.client_id,
          exp: iat + 3600,
          iat,
          nbf: iat,
          aud: [],
          iss: 'http://127.0.0.1',
          token_type: 'Bearer',
          token_use: 'access_token',
        })
      })

      it('answers for a token of a grant without refresh token', async () => {
        const tokens = await codeFlow(server, client, { scope: 'openid' })
        expect(await isActive(server, tokens.access_token)).toBe(true)
      })

      it('never restricts by token_type_hint', async () => {
        const tokens = await codeFlow(server, client)
        for (const token of [tokens.access_token, tokens.refresh_token])
          for (const token_type_hint of ['access_token', 'refresh_token', 'other', '']) {
            const response = await introspect(server, token, { token_type_hint })
            expect(await response.json()).toMatchObject({ active: true })
          }
      })

      it('needs every scope to be covered (S155, S156)', async () => {
        const { access_token: token } = await codeFlow(server, client, { scope: 'core foo.*' })
        expect(await isActive(server, token, 'bar')).toBe(false)
        expect(await isActive(server, token, 'foo.bar')).toBe(true)
        expect(await isActive(server, token, 'core foo.bar')).toBe(true)
        expect(await isActive(server, token, 'core bar')).toBe(false)
        const machine = await requestTokens(server, client, { grant_type: 'client_credentials' })
        expect(await isActive(server, machine.access_token, 'core')).toBe(false)
      })

      it('moves iat with a refresh, and ends the tokens before (S242)', async () => {
        const first = await codeFlow(server, client)
        server.clock.advance(10_000)
        const second = await refresh(server, client, first.refresh_token)
        const iat = Math.floor(server.clock() / 1000)
        for (const token of [second.access_token, second.refresh_token])
          expect(await (await introspect(server, token)).json()).toMatchObject({ iat, nbf: iat })
        expect(await isActive(server, first.access_token)).toBe(false)
        expect(await isActive(server, first.refresh_token)).toBe(false)
      })

      it('ends the access tokens of a client at an admin request, and no later ones (S171)', async () => {
        const before = await codeFlow(server, client)
        server.clock.advance(1)
        const path = `/admin/oauth2/tokens?client_id=${encodeURIComponent(client.client_id)}`
        expect((await server.adminFetch(path, { method: 'DELETE' })).status).toBe(204)
        expect(await isActive(server, before.access_token)).toBe(false)
        expect(await isActive(server, before.refresh_token)).toBe(true)
        server.clock.advance(1)
        const after = await refresh(server, client, before.refresh_token)
        expect(await isActive(server, after.access_token)).toBe(true)
      })

      it('tells live from dead at once after the creation of a client', async () => {
        server.clock.advance(300)
        const fresh = await createClient(server, metadata)
        const machine = await requestTokens(server, fresh, { grant_type: 'client_credentials' })
        expect(await isActive(server, machine.access_token)).toBe(true)
      })

      it('ends tokens with their client', async () => {
        const doomed = await createClient(server, metadata)
        const user = await codeFlow(server, doomed)
        const machine = await requestTokens(server, doomed, { grant_type: 'client_credentials' })
        const tokens = [user.access_token, user.refresh_token, machine.access_token]
        for (const token of tokens) expect(await isActive(server, token)).toBe(true)
        await server.adminFetch(`/admin/clients/${doomed.client_id}`, { method: 'DELETE' })
        for (const token of tokens) expect(await isActive(server, token)).toBe(false)
        server.clock.advance(1)
        await createClient(server, { ...metadata, client_id: doomed.client_id })
        for (const token of tokens) expect(await isActive(server, token)).toBe(false)
      })

      it('keeps tokens alive when the form of new ones is switched (S244)', async () => {
        const switched = await createClient(server, metadata)
        const { access_token: token } = await codeFlow(server, switched)
        const other = strategy === 'jwt' ? 'opaque' : 'jwt'
        await server.adminFetch(`/admin/clients/${switched.client_id}`, {
          method: 'PATCH',
          body: JSON.stringify([{ op: 'replace', path: '/access_token_strategy', value: other }]),
        })
        expect(await isActive(server, token)).toBe(true)
      })

      it('expires to the second (S154)', async () => {
        const tokens = await codeFlow(server, client)
        const sinceSecond = server.clock() % 1000
        server.clock.advance(wait.access_token - sinceSecond - 1)
        expect(await isActive(server, tokens.access_token)).toBe(true)
        server.clock.advance(1)
        expect(await isActive(server, tokens.access_token)).toBe(false)
        server.clock.advance(wait.refresh_token - wait.access_token - 1)
        expect(await isActive(server, tokens.refresh_token)).toBe(true)
        server.clock.advance(1)
        expect(await isActive(server, tokens.refresh_token)).toBe(false)
      })
    })

  it('knows nothing of garbage (S153)', async () => {
    const garbage = ['', 'x', 'ory_at_x.y', 'a.b.c', 'ory_rt_', '.', 'é', 'x'.repeat(5000)]
    for (const token of garbage) {
      const response = await introspect(server, token)
      expect(response.status).toBe(200)
      expect(await response.text()).toBe(inactive)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('pragma')).toBe('no-cache')
    }
    const without = await postForm(server.adminFetch, '/admin/oauth2/introspect', { scope: 'a' })
    expect(await without.text()).toBe(inactive)
  })

  it('takes neither codes nor ID tokens', async () => {
    const client = await createClient(server)
    const { id_token: idToken } = await codeFlow(server, client)
    expect(await isActive(server, idToken)).toBe(false)
  })

  it('answers 400 to an empty or broken body', async () => {
    for (const body of ['', 'token=%zz']) {
      const response = await server.adminFetch('/admin/oauth2/introspect', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error: 'invalid_request' })
    }
  })

  it('reads a multipart body, and answers without the /admin prefix', async () => {
    const { access_token: token } = await codeFlow(server, await createClient(server))
    const body = new FormData()
    body.set('token', token)
    const response = await server.adminFetch('/oauth2/introspect', { method: 'POST', body })
    expect(await response.json()).toMatchObject({ active: true })
  })

  it('finds older JWTs active after the key was rotated (S243, W-6)', async () => {
    const client = await createClient(server, { access_token_strategy: 'jwt' })
    const before = await codeFlow(server, client)
    const { firebrand, storage, clock } = server
    const { generateJwk } = await import('../src/keys/generate.ts')
    for (const alg of ['ES256', 'EdDSA']) {
      const jwk = await generateJwk(alg, { kid: alg, use: 'sig' })
      await storage.keys.create({
        set: 'hydra.jwt.access-token',
        kid: alg,
        sealedJwk: firebrand.services.sealer.seal('private_jwk', JSON.stringify(jwk)),
        createdAt: clock(),
      })
      clock.advance(1)
      const after = await codeFlow(server, client)
      const header = Buffer.from(after.access_token.split('.')[0] ?? '', 'base64url').toString()
      expect(JSON.parse(header)).toEqual({ alg, kid: alg, typ: 'JWT' })
      expect(await isActive(server, after.access_token)).toBe(true)
      expect(await isActive(server, before.access_token)).toBe(true)
    }
  })
})

describe('introspection under other settings', () => {
  it('keeps a used refresh token active in its grace, and ends its access token', async () => {
    const server = await startServer('memory', {
      config: {
        ...ownPages,
        oauth2: { grant: { refresh_token: { rotation_grace_period: '60s' } } },
      },
    })
    try {
      const client = await createClient(server)
      const first = await codeFlow(server, client)
      const left = await refresh(server, client, first.refresh_token)
      const right = await refresh(server, client, first.refresh_token)
      expect(await isActive(server, first.refresh_token)).toBe(true)
      expect(await isActive(server, first.access_token)).toBe(false)
      for (const { access_token, refresh_token } of [left, right]) {
        expect(await isActive(server, access_token)).toBe(true)
        expect(await isActive(server, refresh_token)).toBe(true)
      }
      server.clock.advance(60_000)
      expect(await isActive(server, first.refresh_token)).toBe(false)
      expect(await isActive(server, left.refresh_token)).toBe(true)
    } finally {
      await server.close()
    }
  })

  it('leaves out exp for a refresh token that never expires (W-17)', async () => {
    const server = await startServer('memory', {
      config: { ...ownPages, ttl: { refresh_token: '-1' } },
    })
    try {
      const { refresh_token: token } = await codeFlow(server, await createClient(server))
      server.clock.advance(10 * 365 * 24 * 3_600_000)
      const body = await (await introspect(server, token)).json()
      expect(body).toMatchObject({ active: true, token_use: 'refresh_token' })
      expect(body).not.toHaveProperty('exp')
    } finally {
      await server.close()
    }
  })

  it('shows the raw subject and the pairwise one (S157)', async () => {
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
      const body = (await (await introspect(server, token)).json()) as Record<string, string>
      expect(body['sub']).toBe('alice')
      expect(body['obfuscated_subject']).toMatch(/^[\da-f]{64}$/u)
      expect(Object.keys(body).slice(0, 5)).toEqual([
        'active',
        'scope',
        'client_id',
        'sub',
        'obfuscated_subject',
      ])
    } finally {
      await server.close()
    }
  })

  it('survives the rotation of secrets.system, and their loss without a crash (S251)', async () => {
    const start = (system: readonly string[]) =>
      startServer('memory', { config: { ...ownPages, secrets: { system } } })
    const old = await start(['the old secret of the tests'])
    const client = await createClient(old)
    const { access_token: token } = await requestTokens(old, client, {
      grant_type: 'client_credentials',
    })
    await old.close()
    const rotated = await start(['the new secret of the tests', 'the old secret of the tests'])
    await createClient(rotated, { client_id: client.client_id })
    rotated.clock.advance(0)
    expect(await isActive(rotated, token)).toBe(true)
    await rotated.close()
    const lost = await start(['the new secret of the tests'])
    await createClient(lost, { client_id: client.client_id })
    expect(await isActive(lost, token)).toBe(false)
    await lost.close()
  })

  it('answers 503 while the storage is away (S250, W-16)', async () => {
    const server = await startServer('memory', { config: ownPages })
    try {
      const { access_token: token } = await codeFlow(server, await createClient(server))
      server.storage.grants.findWithChain = () => Promise.reject(new StorageUnavailable('gone'))
      const response = await introspect(server, token)
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).not.toBeNull()
    } finally {
      await server.close()
    }
  })
})
