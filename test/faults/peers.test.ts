import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { createServer as createSilentServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  accept,
  authorizationUrl,
  Browser,
  createClient,
  exchangeCode,
  introspect,
  postToken,
  refresh,
  type TestClient,
} from '../support/browser-flow.ts'
import { faultServer, type FaultServer } from '../support/fault-server.ts'
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts'

/** A web server that accepts every request and answers none, until it is told to. */
async function hangingPeer() {
  const waiting: ServerResponse[] = []
  const seen: string[] = []
  const documents = new Map<string, string>()
  const silent = createSilentServer((socket) => socket.on('error', () => undefined))
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  let hangs = true
  const peer = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    if (!hangs) {
      const document = documents.get(request.url ?? '')
      response.writeHead(document === undefined ? 204 : 200).end(document)
      return
    }
    waiting.push(response)
    // A few bytes now and then must not keep anybody waiting longer.
    response.writeHead(200, { 'content-type': 'application/json' })
    const dribble = setInterval(() => response.write(' '), 100)
    response.on('close', () => clearInterval(dribble))
  })
  peer.listen(0, '127.0.0.1')
  await once(peer, 'listening')
  return {
    url: `http://127.0.0.1:${(peer.address() as AddressInfo).port}`,
    /** Where not even TLS is answered. */
    secureUrl: `https://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    seen,
    /** What it answers when it does. */
    documents,
    hang(on: boolean) {
      hangs = on
    },
    async close() {
      peer.closeAllConnections()
      peer.close()
      silent.close()
      await once(peer, 'close')
    },
  }
}

async function publicJwk(): Promise<object> {
  const { publicKey } = await generateKeyPair('ES256')
  return { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }
}

const second = { timeout: '1s' }

// On PostgreSQL: whoever waited with a connection in hand would keep it from everybody else.
describe('peers that accept a request and never answer it', () => {
  let database: FreshDatabase
  let peer: Awaited<ReturnType<typeof hangingPeer>>
  let server: FaultServer
  let client: TestClient

  beforeAll(async () => {
    peer = await hangingPeer()
    database = await freshDatabase()
    server = await faultServer(`${database.dsn}?max_conns=2`, {
      urls: {
        self: { issuer: 'https://id.example/' },
        login: 'https://app.example/login',
        consent: 'https://app.example/consent',
        identity_provider: { url: peer.url },
      },
      limits: {
        outgoing: {
          jwks: second,
          request_uri: second,
          sector_identifier: second,
          hook: second,
          back_channel_logout: second,
          identity_provider: second,
        },
      },
    })
    await server.start()
    client = await createClient(server)
  })
  afterEach(() => peer.hang(true))
  afterAll(async () => {
    await server.close()
    await peer.close()
    await database.drop()
  })

  /** Sends `count` requests to endpoints that wait for the peer; meanwhile nobody else may have to. */
  async function hanging<T>(count: number, send: () => Promise<T>): Promise<readonly T[]> {
    const before = performance.now()
    const answers = Promise.all(Array.from({ length: count }, send))
    await delay(100)
    const started = performance.now()
    const others = await Promise.all(
      Array.from({ length: 5 }, () =>
        createClient(server, { grant_types: ['client_credentials'] }),
      ),
    )
    expect(others).toHaveLength(5)
    expect((await server.adminFetch('/health/ready')).status).toBe(200)
    expect(performance.now() - started).toBeLessThan(3000)
    const all = await answers
    // All wait side by side, not one after the other.
    expect(performance.now() - before).toBeLessThan(8000)
    return all
  }

  for (const hook of ['token_hook', 'refresh_token_hook'] as const) {
    it(`oauth2.${hook}: server_error, and what was presented works when it is back`, async () => {
      await server.reconfigure({ oauth2: { [hook]: `${peer.url}/hook` } })
      const isRefresh = hook === 'refresh_token_hook'
      const callbacks: URL[] = []
      for (let n = 0; n < 8; n += 1)
        callbacks.push(await new Browser(server).authorize(authorizationUrl(client)))
      const tokens: unknown[] = []
      if (isRefresh)
        for (const callback of callbacks)
          tokens.push((await exchangeCode(server, client, callback)).body['refresh_token'])
      const send = (n: number) =>
        isRefresh
          ? refresh(server, client, tokens[n])
          : exchangeCode(server, client, callbacks[n] as URL)
      let next = 0
      const answers = await hanging(8, () => send(next++))
      for (const { status, body } of answers)
        expect([status, body['error']]).toEqual([500, 'server_error'])
      peer.hang(false)
      for (let n = 0; n < 8; n += 1) expect((await send(n)).status).toBe(200)
      await server.reconfigure({ oauth2: {} })
    }, 60_000)
  }

  it('jwks_uri: server_error, and the assertion is not used up', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const key = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }
    peer.documents.set('/jwks', JSON.stringify({ keys: [key] }))
    const { client_id } = await createClient(server, {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks_uri: `${peer.url}/jwks`,
      grant_types: ['client_credentials'],
    })
    const assertion = await new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(client_id)
      .setSubject(client_id)
      .setAudience('https://id.example/oauth2/token')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey)
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }
    const send = () => postToken(server, { client_id, client_secret: '', redirect_uri: '' }, form)
    const answers = await hanging(8, send)
    for (const { status, body } of answers)
      expect([status, body['error']]).toEqual([500, 'server_error'])
    peer.hang(false)
    let answer = await send()
    for (let waits = 0; waits < 150 && answer.status !== 200; waits += 1) {
      await delay(100)
      answer = await send()
    }
    expect(answer.status).toBe(200)
    expect((await send()).body['error']).toBe('jti_known')
  }, 60_000)

  it('request_uri: an error page or redirect, never a login', async () => {
    const rp = await createClient(server, {
      request_uris: [`${peer.url}/object`],
      jwks: { keys: [await publicJwk()] },
    })
    const url = authorizationUrl(rp, { request_uri: `${peer.url}/object` })
    const answers = await hanging(8, async () => {
      const { headers, status } = await server.publicFetch(url, { redirect: 'manual' })
      return { status, location: headers.get('location') ?? '' }
    })
    for (const { status, location } of answers) {
      expect([302, 303]).toContain(status)
      expect(location).toContain('error=invalid_request_uri')
    }
  }, 60_000)

  it('sector_identifier_uri: the registration is refused', async () => {
    const started = performance.now()
    const answers = await hanging(4, async () => {
      const response = await server.adminFetch('/admin/clients', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          redirect_uris: ['https://rp.example/cb'],
          subject_type: 'pairwise',
          sector_identifier_uri: peer.secureUrl,
        }),
      })
      return response.status
    })
    for (const status of answers) expect(status).toBe(400)
    expect(performance.now() - started).toBeGreaterThan(900)
  }, 60_000)

  it('back-channel logout and identity provider: the session is over, and the answer does not wait', async () => {
    const rp = await createClient(server, {
      backchannel_logout_uri: `${peer.url}/logout`,
      backchannel_logout_session_required: true,
    })
    const browsers = []
    for (let n = 0; n < 4; n += 1) {
      const browser = new Browser(server)
      const callback = await browser.authorize(authorizationUrl(rp), {
        login: {
          subject: `user-${n}`,
          remember: true,
          identity_provider_session_id: `idp-${n}`,
        },
      })
      const tokens = await exchangeCode(server, rp, callback)
      expect(tokens.status).toBe(200)
      browsers.push(browser)
    }
    for (const [n] of browsers.entries()) {
      const started = performance.now()
      const ended = await server.adminFetch(`/admin/oauth2/auth/sessions/login?subject=user-${n}`, {
        method: 'DELETE',
      })
      expect(ended.status).toBe(204)
      expect(performance.now() - started).toBeLessThan(900)
    }
    const browser = new Browser(server)
    await browser.authorize(authorizationUrl(rp), {
      login: { subject: 'zoe', remember: true, identity_provider_session_id: 'idp-zoe' },
    })
    const challenge = (await browser.location('/oauth2/sessions/logout')).searchParams.get(
      'logout_challenge',
    )
    const redirectTo = await accept(server, 'logout', String(challenge), {})
    const started = performance.now()
    const { status } = await browser.visit(redirectTo)
    expect([200, 302, 303]).toContain(status)
    expect(performance.now() - started).toBeLessThan(900)
    for (let waits = 0; waits < 100 && !peer.seen.includes('POST /logout'); waits += 1)
      await delay(50)
    expect(peer.seen).toContain('POST /logout')
    expect(peer.seen).toContain('DELETE /admin/sessions/idp-zoe')
    await delay(1200)
    expect(server.stderr()).not.toContain('An error occurred')
    // It is told again: the notification stays until it was taken.
    peer.hang(false)
    const before = peer.seen.length
    for (let waits = 0; waits < 300 && peer.seen.length === before; waits += 1) await delay(50)
    expect(peer.seen.slice(before)).toContain('POST /logout')
  }, 60_000)

  it('has harmed nobody', async () => {
    const { body } = await postToken(server, client, { grant_type: 'client_credentials' })
    expect((await introspect(server, body['access_token']))['active']).toBe(true)
  })
})
