/** The official SDK against the endpoints of tokens, over real sockets. */

import { Configuration, OAuth2Api, OidcApi, WellknownApi } from '@ory/hydra-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from './support/browser-flow.ts'
import { codeFlow, createClient, ownPages, type Tokens } from './support/code-flow.ts'
import { startServer, type TestServer } from './support/server.ts'

describe('the official SDK', () => {
  let server: TestServer
  let client: TestClient
  let tokens: Tokens
  let adminUrl: string
  let publicUrl: string
  beforeAll(async () => {
    server = await startServer('memory', { config: ownPages })
    const listeners = await server.listen()
    adminUrl = listeners.admin.url
    publicUrl = listeners.public.url
    client = await createClient(server)
    tokens = await codeFlow(server, client)
  })
  afterAll(() => server.close())

  it('reads the discovery document and the keys', async () => {
    const oidc = new OidcApi(new Configuration({ basePath: publicUrl }))
    const wellknown = new WellknownApi(new Configuration({ basePath: publicUrl }))
    expect((await oidc.discoverOidcConfiguration()).data.issuer).toBe(server.issuer)
    expect((await wellknown.discoverJsonWebKeys()).data.keys).toHaveLength(2)
  })

  it('asks userinfo', async () => {
    const accessToken = tokens.access_token
    const oidc = new OidcApi(new Configuration({ basePath: publicUrl, accessToken }))
    expect((await oidc.getOidcUserInfo()).data.sub).toBe('alice')
  })

  it('introspects and revokes', async () => {
    const admin = new OAuth2Api(new Configuration({ basePath: adminUrl }))
    const credentials = { username: client.client_id, password: client.client_secret }
    const own = new OAuth2Api(new Configuration({ basePath: publicUrl, ...credentials }))
    const token = tokens.access_token
    const before = await admin.introspectOAuth2Token({ token, scope: 'openid' })
    expect(before.data).toMatchObject({ active: true, sub: 'alice', token_use: 'access_token' })
    expect((await own.revokeOAuth2Token({ token })).status).toBe(200)
    expect((await admin.introspectOAuth2Token({ token })).data).toEqual({ active: false })
  })
})
