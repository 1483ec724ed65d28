/** Codes, refresh tokens and access tokens in the wrong hands, at the wrong time, or asked for too much. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizationUrl,
  basic,
  Browser,
  claimsOf,
  createClient,
  exchangeCode,
  introspect,
  pkcePair,
  postToken,
  refresh,
  reject,
  scopeSet,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { outgoingTo } from '../support/outgoing.ts'
import { startServer, type TestServer } from '../support/server.ts'

type Tokens = Record<string, unknown>

async function tokensOf(server: TestServer, client: TestClient): Promise<Tokens> {
  const callback = await new Browser(server).authorize(authorizationUrl(client))
  const { status, body } = await exchangeCode(server, client, callback)
  expect(status).toBe(200)
  return body
}

describeEachEngine('a restart', (engine) => {
  it('attack 13: forgets no refresh token that was used, and revokes what is replayed', async () => {
    const before = await startServer(engine)
    const client = await createClient(before)
    const first = await tokensOf(before, client)
    const { body: second } = await refresh(before, client, first['refresh_token'])
    await before.close()
    const after = await startServer(engine)
    try {
      const replay = await refresh(after, client, first['refresh_token'])
      expect(replay).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
      expect(await introspect(after, second['access_token'])).toMatchObject({ active: false })
      expect((await refresh(after, client, second['refresh_token'])).status).toBe(400)
    } finally {
      await after.close()
    }
  })
})

describeEachEngine('grants', (engine) => {
  let server: TestServer
  let client: TestClient
  const revoke = async (owner: TestClient, token: string) => {
    const { status } = await server.publicFetch('/oauth2/revoke', {
      method: 'POST',
      headers: { authorization: basic(owner) },
      body: new URLSearchParams({ token }),
    })
    expect(status).toBe(200)
  }
  beforeAll(async () => {
    server = await startServer(engine)
    client = await createClient(server)
  })
  afterAll(() => server.close())

  for (const scope of ['openid offline_access', 'openid'])
    for (const strategy of ['opaque', 'jwt'])
      it(`RFC 9700 §4.9, attack 20: a revoked token is refused by every endpoint that takes one (${strategy}, ${scope})`, async () => {
        const own = await createClient(server, { access_token_strategy: strategy })
        const callback = await new Browser(server).authorize(authorizationUrl(own, { scope }))
        const { body: tokens } = await exchangeCode(server, own, callback)
        const token = String(tokens['access_token'])
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
        expect((await server.publicFetch('/userinfo', { headers })).status).toBe(200)
        await revoke(own, token)
        expect((await server.publicFetch('/userinfo', { headers })).status).toBe(401)
        const credential = await server.publicFetch('/credentials', {
          method: 'POST',
          headers,
          body: '{}',
        })
        expect(credential.status).toBeGreaterThanOrEqual(400)
        expect(await introspect(server, token)).toEqual({ active: false })
        if (tokens['refresh_token'] !== undefined)
          expect((await refresh(server, own, tokens['refresh_token'])).status).toBe(400)
      })

  it('RFC 9700 §4.9, attack 20: a revoked token of a client is refused, in a client that lives on', async () => {
    for (const strategy of ['opaque', 'jwt']) {
      const own = await createClient(server, { access_token_strategy: strategy })
      const ask = async () => {
        const { body } = await postToken(server, own, { grant_type: 'client_credentials' })
        return String(body['access_token'])
      }
      const [revoked, live] = [await ask(), await ask()]
      await revoke(own, revoked)
      expect(await introspect(server, revoked)).toEqual({ active: false })
      expect(await introspect(server, live)).toMatchObject({ active: true })
    }
  })

  for (const strategy of ['opaque', 'jwt'])
    it(`RFC 9700 §4.10.2, attack 30: a refresh gives no scope, audience or resource beyond what was granted (${strategy})`, async () => {
      const wide = await createClient(server, {
        audience: ['https://api.example'],
        access_token_strategy: strategy,
      })
      const callback = await new Browser(server).authorize(
        authorizationUrl(wide, { scope: 'openid offline' }),
      )
      const { body: first } = await exchangeCode(server, wide, callback)
      const { body } = await postToken(server, wide, {
        grant_type: 'refresh_token',
        refresh_token: String(first['refresh_token']),
        scope: 'openid offline foo',
        audience: 'https://api.example',
        resource: 'https://api.example',
        authorization_details: '[{"type":"all"}]',
      })
      expect([...scopeSet(body)].sort()).toEqual(['offline', 'openid'])
      const inToken = strategy === 'jwt' ? claimsOf(body['access_token']) : {}
      for (const shown of [await introspect(server, body['access_token']), inToken, body]) {
        expect(JSON.stringify(shown)).not.toMatch(/foo|api\.example|authorization_details/u)
        expect(shown['aud'] ?? []).toEqual([])
      }
      const { body: later } = await refresh(server, wide, body['refresh_token'])
      expect([...scopeSet(later)].sort()).toEqual(['offline', 'openid'])
    })

  it('attack 33: a code with a challenge is of no use without its verifier, nor one without with a verifier', async () => {
    const { verifier, challenge } = pkcePair()
    const asked = { code_challenge: challenge, code_challenge_method: 'S256' }
    const bound = await new Browser(server).authorize(authorizationUrl(client, asked))
    for (const wrong of [{}, { code_verifier: '' }, { code_verifier: challenge }])
      expect(await exchangeCode(server, client, bound, wrong)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      })
    const free = await new Browser(server).authorize(authorizationUrl(client))
    expect(await exchangeCode(server, client, free, { code_verifier: verifier })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect((await exchangeCode(server, client, bound, { code_verifier: verifier })).status).toBe(
      200,
    )
    expect((await exchangeCode(server, client, free)).status).toBe(200)
  })

  it('attack 28: a refresh needs the authentication of a confidential client', async () => {
    const { refresh_token } = await tokensOf(server, client)
    const answer = await postToken(
      server,
      { ...client, client_secret: '' },
      { grant_type: 'refresh_token', refresh_token: String(refresh_token) },
    )
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect((await refresh(server, client, refresh_token)).status).toBe(200)
  })
})

describe('errors', () => {
  it('attack 6: carry the cause to no client, and nothing from one request to another', async () => {
    const server = await startServer('memory', {
      config: { dev: false, admin: { access: 'open' } },
    })
    try {
      const client = await createClient(server)
      const scopes = Array.from({ length: 20 }, (_none, n) => `unknown-${n}`)
      const answers = await Promise.all(
        scopes.map((scope) =>
          new Browser(server).location(
            authorizationUrl(client, { scope, state: `state-of-${scope}` }),
          ),
        ),
      )
      for (const [index, { searchParams }] of answers.entries()) {
        expect([...searchParams.keys()].sort()).toEqual([
          'error',
          'error_description',
          'iss',
          'state',
        ])
        expect(searchParams.get('state')).toBe(`state-of-unknown-${index}`)
        expect(searchParams.get('error_description')).toMatch(
          new RegExp(`^The requested scope [^{}]* the scope 'unknown-${index}'\\.$`, 'u'),
        )
      }
    } finally {
      await server.close()
    }
  })

  it('attack 6: carry what an app or a hook says for the log to no client', async () => {
    const server = await startServer('memory', {
      config: {
        dev: false,
        admin: { access: 'open' },
        urls: { login: 'https://app.example/login', consent: 'https://app.example/consent' },
        oauth2: { token_hook: 'https://hook.example/' },
      },
      options: {
        outgoing: {
          fetch: async () => ({
            ok: true,
            value: { status: 501, headers: {}, text: 'said-the-hook' },
          }),
          mayConnect: async () => true,
        },
      },
    })
    try {
      const client = await createClient(server)
      const browser = new Browser(server)
      const login = await browser.loginChallenge(authorizationUrl(client))
      const away = await reject(server, 'login', login, {
        error: 'access_denied',
        error_description: 'said to all',
        error_debug: 'said-for-the-log',
      })
      const refused = await browser.location(away)
      expect(refused.searchParams.get('error_description')).toBe('said to all')
      expect(refused.href).not.toContain('said-for-the-log')
      const callback = await new Browser(server).authorize(authorizationUrl(client))
      const { status, body } = await exchangeCode(server, client, callback)
      expect([status, body['error']]).toEqual([500, 'server_error'])
      expect(Object.keys(body).sort()).toEqual(['error', 'error_description'])
      expect(JSON.stringify(body)).not.toMatch(/501|said|hook\.example/u)
    } finally {
      await server.close()
    }
  })
})

describe('addresses', () => {
  const hostile = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    forwarded: 'host=evil.example',
    origin: 'https://evil.example',
    referer: 'https://evil.example/',
  }

  it('attack 17: are made of the configuration, never of the host that a request names', async () => {
    const asked: string[] = []
    const server = await startServer('memory', {
      options: {
        outgoing: outgoingTo(undefined, asked),
      },
    })
    try {
      const client = await createClient(server)
      const tokens = await tokensOf(server, client)
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: String(tokens['refresh_token']),
        client_session_host: 'evil.example',
      })
      const headers = { ...hostile, authorization: basic(client) }
      const answers = [
        await server.publicFetch('/oauth2/token', { method: 'POST', headers, body }),
        await server.publicFetch('/.well-known/openid-configuration', { headers: hostile }),
        await server.publicFetch(authorizationUrl(client), { headers: hostile }),
        await server.publicFetch('/oauth2/sessions/logout', { headers: hostile }),
        await server.publicFetch('/oauth2/device/verify', { headers: hostile }),
      ]
      for (const answer of answers) {
        expect(answer.headers.get('location') ?? '').not.toContain('evil')
        expect(await answer.text()).not.toContain('evil')
      }
      expect(answers[0]?.status).toBe(200)
      expect(asked).toEqual([])
    } finally {
      await server.close()
    }
  })

  it('attack 32: that are not registered never get an answer, whatever is wrong beside them', async () => {
    const server = await startServer('memory')
    try {
      const client = await createClient(server)
      const wrong = [
        'https://evil.example/cb',
        '//evil.example',
        '/\\evil.example',
        'javascript:alert(1)',
        'http://127.0.0.1:5555/callback/../evil',
        'http://127.0.0.1:5555/CALLBACK',
        'http://127.0.0.1:5555/callback%2e',
        'http://127.0.0.1:5555/callback?x',
        'http://127.0.0.1:5555@evil.example/callback',
        'http://127.0.0.1.evil.example/callback',
        'http://localhost:5555/callback',
        'http://0x7f.1/callback',
        '\thttp://127.0.0.1:5555/callback',
      ]
      for (const redirect_uri of wrong)
        for (const more of [
          {},
          { scope: 'unknown' },
          { response_type: 'odd' },
          { prompt: 'none' },
        ]) {
          const { response } = await new Browser(server).visit(
            authorizationUrl(client, { ...more, redirect_uri }),
          )
          const location = response.headers.get('location') ?? ''
          expect([redirect_uri, location]).toEqual([
            redirect_uri,
            expect.stringMatching(/^$|^http:\/\/127\.0\.0\.1\//u),
          ])
        }
    } finally {
      await server.close()
    }
  })
})
