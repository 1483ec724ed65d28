/** `POST /oauth2/revoke`, as contract tokens §6 and §13.7 tell it. */

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

describeEachEngine('revocation', (engine) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer(engine, { config: ownPages })
  })
  afterAll(() => server.close())

  async function isActive(token: string): Promise<boolean> {
    const response = await postForm(server.adminFetch, '/admin/oauth2/introspect', { token })
    return ((await response.json()) as { active: boolean }).active
  }

  async function revoke(
    client: TestClient,
    token: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const form = { token, ...more }
    const response = await postForm(server.publicFetch, '/oauth2/revoke', form, client)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('pragma')).toBe('no-cache')
  }

  for (const strategy of ['opaque', 'jwt'] as const)
    describe(`of ${strategy} access tokens and their refresh tokens`, () => {
      let client: TestClient
      let stranger: TestClient
      beforeAll(async () => {
        client = await createClient(server, { access_token_strategy: strategy })
        stranger = await createClient(server)
      })

      for (const kind of ['access_token', 'refresh_token'] as const)
        for (const token_type_hint of ['access_token', 'refresh_token', ''])
          it(`ends the whole grant by its ${kind}, hint '${token_type_hint}' (S172)`, async () => {
            const tokens = await codeFlow(server, client)
            await revoke(client, tokens[kind], { token_type_hint })
            expect(await isActive(tokens.access_token)).toBe(false)
            expect(await isActive(tokens.refresh_token)).toBe(false)
            await expect(refresh(server, client, tokens.refresh_token)).rejects.toThrow(
              'invalid_grant',
            )
            await revoke(client, tokens[kind])
          })

      it('ends the token of a grant without refresh token (S166)', async () => {
        const { access_token: token } = await codeFlow(server, client, { scope: 'openid' })
        await revoke(client, token)
        expect(await isActive(token)).toBe(false)
      })

      it('ends one token that the client got for itself, and no other (S166, S167)', async () => {
        const form = { grant_type: 'client_credentials' }
        const one = await requestTokens(server, client, form)
        const other = await requestTokens(server, client, form)
        await revoke(client, one.access_token)
        await revoke(client, one.access_token)
        expect(await isActive(one.access_token)).toBe(false)
        expect(await isActive(other.access_token)).toBe(true)
      })

      it('ends the grant by a refresh token that was rotated away (S173, W-14)', async () => {
        const first = await codeFlow(server, client)
        const second = await refresh(server, client, first.refresh_token)
        await revoke(client, first.refresh_token)
        expect(await isActive(second.access_token)).toBe(false)
        expect(await isActive(second.refresh_token)).toBe(false)
      })

      it('ends the grant by an access token of its past', async () => {
        const first = await codeFlow(server, client)
        const second = await refresh(server, client, first.refresh_token)
        await revoke(client, first.access_token)
        expect(await isActive(second.refresh_token)).toBe(false)
      })

      it('ends the grant by an expired access token (S168)', async () => {
        const tokens = await codeFlow(server, client)
        server.clock.advance(2 * 3_600_000)
        expect(await isActive(tokens.refresh_token)).toBe(true)
        await revoke(client, tokens.access_token)
        expect(await isActive(tokens.refresh_token)).toBe(false)
      })

      it('attack 2: leaves tokens of another client alone (S165)', async () => {
        const tokens = await codeFlow(server, client)
        const machine = await requestTokens(server, client, { grant_type: 'client_credentials' })
        const all = [tokens.access_token, tokens.refresh_token, machine.access_token]
        for (const token of all) {
          await revoke(stranger, token)
          expect(await isActive(token)).toBe(true)
        }
      })

      it('answers userinfo with request_unauthorized afterwards (S169, S170)', async () => {
        for (const kind of ['access_token', 'refresh_token'] as const) {
          const tokens = await codeFlow(server, client)
          await revoke(client, tokens[kind])
          const headers = { authorization: `Bearer ${tokens.access_token}` }
          const response = await server.publicFetch('/userinfo', { headers })
          expect(response.status).toBe(401)
          expect(await response.json()).toMatchObject({ error: 'request_unauthorized' })
        }
      })
    })

  it('takes any text for a token it does not know (S164)', async () => {
    const client = await createClient(server)
    for (const token of ['', 'x', 'ory_at_x.y', 'a.b.c', 'x'.repeat(5000)])
      await revoke(client, token)
  })

  it('asks public clients for their id only (S174)', async () => {
    const client = await createClient(server, {
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
    })
    const form = { client_id: client.client_id, token: 'x' }
    const response = await postForm(server.publicFetch, '/oauth2/revoke', form)
    expect(response.status).toBe(200)
  })

  const description =
    'The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed. Make sure that the parameters you are sending are correct and complete.'

  for (const [what, body] of [
    ['an empty body', ''],
    ['a broken body', 'token=%zz'],
    ['missing credentials', 'token=x'],
  ] as const)
    it(`answers 400 to ${what}, in general terms (S174)`, async () => {
      const response = await server.publicFetch('/oauth2/revoke', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
      expect(response.status).toBe(400)
      expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8')
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await response.json()).toEqual({
        error: 'invalid_request',
        error_description: description,
      })
    })

  it('answers 401 to wrong credentials (S174)', async () => {
    const { client_id } = await createClient(server)
    for (const client of [
      { client_id, client_secret: 'wrong' },
      { client_id: 'nobody', client_secret: 'wrong' },
    ]) {
      const form = { token: 'x' }
      const response = await postForm(server.publicFetch, '/oauth2/revoke', form, client)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Basic realm="OAuth2"')
      expect(await response.json()).toMatchObject({ error: 'invalid_client' })
    }
  })
})

describe('revocation without storage', () => {
  it('answers 503 and tells when to come back (S250, W-15)', async () => {
    const server = await startServer('memory', { config: ownPages })
    try {
      const client = await createClient(server)
      const { refresh_token: token } = await codeFlow(server, client)
      server.storage.grants.revokeTokens = () => Promise.reject(new StorageUnavailable('gone'))
      const response = await postForm(server.publicFetch, '/oauth2/revoke', { token }, client)
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).not.toBeNull()
    } finally {
      await server.close()
    }
  })
})
