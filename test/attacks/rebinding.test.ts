/** Names that were public when a client was registered, and lead inside the network when the server calls (DNS rebinding). */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { milliseconds } from '../../src/brand.ts'
import { createOutgoing } from '../../src/node/outgoing.ts'
import { deliverLogoutTokens } from '../../src/sessions/back-channel-logout.ts'
import {
  accept,
  authorizationUrl,
  Browser,
  createClient,
  postToken,
} from '../support/browser-flow.ts'
import { startServer, type TestServer } from '../support/server.ts'

const insides = ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', '0.0.0.0']

describe('a name that leads inside the network', () => {
  let server: TestServer
  let inside: Server
  let base = ''
  let address = '192.0.2.1'
  const heard: string[] = []
  const resolved: string[] = []
  beforeAll(async () => {
    inside = createServer((_incoming, outgoing) => {
      outgoing.end('{"keys":[]}')
    })
    // Connections rather than requests: one that TLS fails on has reached the host all the same.
    inside.on('connection', () => heard.push('connection'))
    await new Promise<void>((resolve) => {
      inside.listen(0, resolve)
    })
    base = `http://rebind.example:${(inside.address() as AddressInfo).port}`
    const outgoingOf = (disallowPrivateIpRanges: boolean) =>
      createOutgoing({
        rules: { disallowPrivateIpRanges, privateIpExceptionUrls: [] },
        resolve: async (name) => {
          resolved.push(name)
          return [{ address, family: address.includes(':') ? 6 : 4 }]
        },
      })
    address = '127.0.0.1'
    const control = await outgoingOf(false).fetch({
      url: `${base}/control`,
      method: 'GET',
      headers: {},
      body: undefined,
      timeout: milliseconds(5000),
      maxBytes: 1000,
    })
    if (!control.ok) throw new Error(control.error)
    server = await startServer('memory', {
      config: { clients: { http: { disallow_private_ip_ranges: true } } },
      options: { outgoing: outgoingOf(true) },
    })
  })
  afterAll(async () => {
    inside.close()
    await server.close()
  })
  beforeEach(() => {
    address = '8.8.8.8'
    resolved.length = 0
  })

  it('is reached where nothing forbids it, so that the tests below could fail', () => {
    expect(heard).toEqual(['connection'])
    heard.length = 0
  })

  it('attack 10: keys at jwks_uri', async () => {
    const client = await createClient(server, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `${base}/jwks`,
    })
    const { privateKey } = await generateKeyPair('RS256')
    for (address of insides) {
      server.clock.advance(3_700_000)
      const now = Math.floor(server.clock() / 1000)
      const assertion = await new SignJWT({ jti: address, iat: now, exp: now + 60 })
        .setProtectedHeader({ alg: 'RS256', kid: 'k' })
        .setIssuer(client.client_id)
        .setSubject(client.client_id)
        .setAudience(`${server.issuer}/oauth2/token`)
        .sign(privateKey)
      const answer = await server.publicFetch('/oauth2/token', {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        }),
      })
      expect([address, answer.ok]).toEqual([address, false])
      expect(await answer.text()).not.toMatch(/ECONN|private|rebind/u)
    }
    expect(resolved.length).toBeGreaterThan(insides.length)
    expect(heard).toEqual([])
  })

  it('attack 10: request objects at request_uri', async () => {
    const { publicKey } = await generateKeyPair('ES256')
    const client = await createClient(server, {
      jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', use: 'sig' }] },
      request_uris: [`${base}/object`],
    })
    for (address of insides) {
      const url = authorizationUrl(client, { scope: 'openid', request_uri: `${base}/object` })
      const to = await new Browser(server).location(url)
      expect([address, to.searchParams.get('error')]).toEqual([address, 'invalid_request_uri'])
    }
    expect(resolved).toContain('rebind.example')
    expect(heard).toEqual([])
  })

  it('attack 10: sector identifiers at registration', async () => {
    for (address of insides) {
      const answer = await server.adminFetch('/admin/clients', {
        method: 'POST',
        body: JSON.stringify({
          redirect_uris: ['https://app.example/cb'],
          sector_identifier_uri: `${base.replace('http:', 'https:')}/sector`,
          subject_type: 'public',
        }),
      })
      expect([address, answer.status]).toEqual([address, 400])
    }
    expect(heard).toEqual([])
  })

  it('attack 10: back-channel logout', async () => {
    const client = await createClient(server, { backchannel_logout_uri: `${base}/logout` })
    for (address of insides) {
      resolved.length = 0
      const browser = new Browser(server)
      await browser.authorize(authorizationUrl(client), { login: { remember: true } })
      const to = await browser.location('/oauth2/sessions/logout')
      const challenge = to.searchParams.get('logout_challenge') ?? ''
      await browser.visit(await accept(server, 'logout', challenge, {}))
      await deliverLogoutTokens(server.firebrand.services)
      const end = performance.now() + 5000
      while (resolved.length === 0 && performance.now() < end) await delay(10)
      expect([address, resolved.length > 0]).toEqual([address, true])
    }
    expect(heard).toEqual([])
  })

  it('attack 10: nothing of it makes the server slow or silent for others', async () => {
    const client = await createClient(server)
    expect((await postToken(server, client, { grant_type: 'client_credentials' })).status).toBe(200)
  })
})
