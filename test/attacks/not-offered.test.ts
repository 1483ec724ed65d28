/** Features that have failed elsewhere and are not offered here: nothing of them may answer. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizationUrl,
  basic,
  Browser,
  createClient,
  exchangeCode,
  introspect,
  type TestClient,
} from '../support/browser-flow.ts'
import { outgoingTo } from '../support/outgoing.ts'
import { startServer, type TestServer } from '../support/server.ts'

describe('a server that does not offer', () => {
  let server: TestServer
  let client: TestClient
  const fetched: string[] = []
  beforeAll(async () => {
    server = await startServer('memory', {
      options: {
        outgoing: outgoingTo(undefined, fetched),
      },
    })
    client = await createClient(server)
  })
  afterAll(() => server.close())

  async function metadata(): Promise<Record<string, unknown>> {
    const response = await server.publicFetch('/.well-known/openid-configuration')
    return (await response.json()) as Record<string, unknown>
  }

  it('attack 31: client metadata documents fetches no URL that comes as a client_id', async () => {
    const client_id = 'https://169.254.169.254/client.json'
    const stop = await new Browser(server).visit(authorizationUrl({ ...client, client_id }))
    expect(stop.response.headers.get('location')).not.toContain('callback')
    const form = new URLSearchParams({ grant_type: 'authorization_code', code: 'x', client_id })
    const answer = await server.publicFetch('/oauth2/token', { method: 'POST', body: form })
    expect(answer.status).toBe(401)
    expect(fetched).toEqual([])
    expect(await metadata()).not.toHaveProperty('client_id_metadata_document_supported')
  })

  it('RFC 9700 §2.2.1, RFC 9700 §4.10.1, attack 35: sender-constrained tokens says so in its metadata, and binds none by accident', async () => {
    const members = Object.keys(await metadata())
    expect(members.filter((name) => /dpop|tls_client|mtls/u.test(name))).toEqual([])
    const callback = await new Browser(server).authorize(authorizationUrl(client))
    const { body } = await exchangeCode(server, client, callback)
    expect(body['token_type']).toBe('bearer')
    expect(await introspect(server, body['access_token'])).not.toHaveProperty('cnf')
    const headers = { authorization: `DPoP ${String(body['access_token'])}` }
    expect((await server.publicFetch('/userinfo', { headers })).status).toBe(401)
  })

  it('attack 40: UMA, pushed requests and CIBA has no endpoint and no grant type for them', async () => {
    const paths = ['/uma2', '/oauth2/par', '/oauth2/permission', '/oauth2/bc-authorize']
    for (const path of [...paths, '/.well-known/uma2-configuration'])
      for (const method of ['GET', 'POST'])
        expect((await server.publicFetch(path, { method })).status).toBe(404)
    for (const grant_type of [
      'urn:ietf:params:oauth:grant-type:uma-ticket',
      'urn:openid:params:grant-type:ciba',
      'urn:ietf:params:oauth:grant-type:token-exchange',
    ]) {
      const body = new URLSearchParams({ grant_type, client_id: client.client_id })
      const response = await server.publicFetch('/oauth2/token', { method: 'POST', body })
      expect(await response.json()).toMatchObject({ error: 'invalid_request' })
      expect((await metadata())['grant_types_supported']).not.toContain(grant_type)
    }
  })

  it('RFC 9700 §2.4: the password grant takes no password', async () => {
    const answer = await server.publicFetch('/oauth2/token', {
      method: 'POST',
      headers: { authorization: basic(client) },
      body: new URLSearchParams({ grant_type: 'password', username: 'ada', password: 'x' }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
    expect((await metadata())['grant_types_supported']).not.toContain('password')
    const registered = await server.adminFetch('/admin/clients', {
      method: 'POST',
      body: JSON.stringify({ grant_types: ['password'] }),
    })
    const { client_id, client_secret } = (await registered.json()) as Omit<
      TestClient,
      'redirect_uri'
    >
    const again = await server.publicFetch('/oauth2/token', {
      method: 'POST',
      headers: { authorization: basic({ client_id, client_secret }) },
      body: new URLSearchParams({ grant_type: 'password', username: 'ada', password: 'x' }),
    })
    expect(again.status).toBe(400)
  })

  it('RFC 9700 §2.1.2, RFC 9700 §4.3.2: access tokens in a query puts none there', async () => {
    const implicit = await createClient(server, {
      response_types: ['token', 'code token', 'id_token token'],
      grant_types: ['implicit', 'authorization_code'],
    })
    for (const response_type of ['token', 'code token', 'id_token token']) {
      const params = { response_type, scope: 'openid', prompt: 'none', response_mode: 'query' }
      const to = await new Browser(server).location(authorizationUrl(implicit, params))
      const error =
        to.searchParams.get('error') ?? new URLSearchParams(to.hash.slice(1)).get('error')
      expect([response_type, error]).toEqual([response_type, 'unsupported_response_mode'])
    }
  })
})
