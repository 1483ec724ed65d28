/** HTTP parameter pollution: a parameter that is there twice, so that a proxy in front and this server could each believe another one. */

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminEndpoints } from '../../src/http/admin/endpoints.ts'
import {
  accept,
  authorizationUrl,
  basic,
  Browser,
  challengeOf,
  createClient,
  exchangeCode,
  introspect,
  type TestClient,
} from '../support/browser-flow.ts'
import { createDeviceClient, deviceGrant, requestCodes } from '../support/device-flow.ts'
import { startServer, type TestServer } from '../support/server.ts'

describe('HTTP parameter pollution', () => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer('memory', {
      config: {
        urls: { login: 'http://app.example/login', consent: 'http://app.example/consent' },
        oidc: {
          dynamic_client_registration: { enabled: true },
          session_management: { enabled: true },
        },
      },
    })
    client = await createClient(server, {
      grant_types: [
        'authorization_code',
        'client_credentials',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
    })
  })
  afterAll(() => server.close())

  const urlencoded = 'application/x-www-form-urlencoded'
  const post = (path: string, body: string, isAuthenticated = true) =>
    server.publicFetch(path, {
      method: 'POST',
      headers: {
        'content-type': urlencoded,
        ...(isAuthenticated ? { authorization: basic(client) } : {}),
      },
      body,
    })

  const names = [
    'client_id',
    'redirect_uri',
    'response_type',
    'scope',
    'state',
    'nonce',
    'prompt',
    'max_age',
    'response_mode',
    'code_challenge',
    'code_challenge_method',
    'request',
    'request_uri',
    'id_token_hint',
    'claims',
    'login_hint',
    'ui_locales',
    'claims_locales',
    'acr_values',
    'display',
    'registration',
    'iss',
    'tenant',
  ]

  it('attack 15: the authorization endpoint refuses every parameter that is there twice, in query, body and both', async () => {
    const good = authorizationUrl(client).split('?')[1] ?? ''
    for (const name of names)
      for (const twin of [
        `${name}=a&${name}=b`,
        `${name}=a&${encodeURIComponent(name).replace('_', '%5F').replace('e', '%65')}=b`,
        `${name}=&${name}=`,
      ]) {
        const params = new URLSearchParams(good)
        params.delete(name)
        const query = `${params.toString()}&${twin}`
        for (const response of [
          await server.publicFetch(`/oauth2/auth?${query}`),
          await post('/oauth2/auth', query, false),
        ]) {
          const location = response.headers.get('location') ?? ''
          expect([twin, location.includes('login_challenge')]).toEqual([twin, false])
          expect([
            twin,
            new URL(location, 'http://127.0.0.1').searchParams.get('error') !== null ||
              location.includes('error='),
          ]).toEqual([twin, true])
        }
      }
  })

  it('attack 15: a body that repeats the query replaces it, so that every reader sees one value', async () => {
    const query = authorizationUrl(client, {
      state: 'state-of-the-query',
      redirect_uri: 'https://evil.example/',
    })
    const response = await post(
      query,
      new URLSearchParams({
        redirect_uri: client.redirect_uri,
        state: 'state-of-the-body',
        prompt: 'none',
      }).toString(),
      false,
    )
    const location = new URL(response.headers.get('location') ?? '', 'http://127.0.0.1')
    expect(location.href.startsWith(client.redirect_uri)).toBe(true)
    expect(location.searchParams.getAll('state')).toEqual(['state-of-the-body'])
    const twice = await post(query, 'state=state-of-a&state=state-of-b', false)
    expect(twice.headers.get('location')).toContain('error=')
    expect(twice.headers.get('location')).not.toContain('login_challenge')
  })

  it('attack 15: token, device, revocation and introspection endpoints refuse every parameter that is there twice', async () => {
    const forms: Readonly<Record<string, string>> = {
      '/oauth2/token': 'grant_type=client_credentials&scope=foo',
      '/oauth2/device/auth': `client_id=${client.client_id}&scope=foo`,
      '/oauth2/revoke': 'token=ory_at_x.y&token_type_hint=access_token',
    }
    for (const [path, good] of Object.entries(forms)) {
      expect([path, (await post(path, good)).status]).toEqual([path, 200])
      for (const pair of good.split('&')) {
        const [name = '', value = ''] = pair.split('=')
        for (const more of [
          pair,
          `${name}=x`,
          `${name}=`,
          `${encodeURIComponent(name).replace('_', '%5F')}=${value}`,
        ]) {
          const answer = await post(path, `${good}&${more}`)
          expect([path, more, answer.status]).toEqual([path, more, 400])
          expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
        }
      }
    }
    const introspect = (body: string) =>
      server.adminFetch('/admin/oauth2/introspect', {
        method: 'POST',
        headers: { 'content-type': urlencoded },
        body,
      })
    expect((await introspect('token=x')).status).toBe(200)
    for (const body of ['token=x&token=y', 'token=x&token=x', 'token=x&scope=a&scope=b'])
      expect([body, (await introspect(body)).status]).toEqual([body, 400])
  })

  it('attack 15: no endpoint that takes a form reads its query', async () => {
    const { client_id: id, client_secret: secret } = client
    const credentials = new URLSearchParams({ client_id: id, client_secret: secret }).toString()
    const anonymous = [
      `/oauth2/token?grant_type=client_credentials&${credentials}`,
      `/oauth2/revoke?token=x&${credentials}`,
      `/oauth2/device/auth?${credentials}`,
    ]
    for (const path of anonymous)
      for (const body of ['', 'x=y'])
        expect([path, (await post(path, body, false)).status]).toEqual([path, 400])
    const mixed = await post(
      '/oauth2/token?scope=openid&grant_type=refresh_token',
      'grant_type=client_credentials&scope=foo',
    )
    expect(await mixed.json()).toMatchObject({ scope: 'foo' })
    const admin = await server.adminFetch('/admin/oauth2/introspect?token=x', {
      method: 'POST',
      headers: { 'content-type': urlencoded },
      body: '',
    })
    expect(admin.status).toBe(400)
  })

  /** The query or form with a parameter once more: with the same value, another one, none, and under an encoded name. */
  const doubled = (good: string): readonly string[] =>
    good.split('&').flatMap((pair) => {
      const [name = '', value = ''] = pair.split('=')
      const encoded = `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`
      return [
        `${good}&${pair}`,
        `${good}&${name}=x`,
        `${good}&${name}=`,
        `${name}=&${good}`,
        `${good}&${encoded}=${value}`,
      ]
    })
  const encode = (params: Record<string, string>) => new URLSearchParams(params).toString()

  it('attack 15: every grant type refuses every parameter that is there twice, and spends nothing', async () => {
    const verifier = 'v'.repeat(43)
    const browser = new Browser(server)
    const callback = await browser.authorize(
      authorizationUrl(client, {
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }),
    )
    const device = await requestCodes(server, client, { scope: 'openid' })
    const first = await exchangeCode(
      server,
      client,
      await browser.authorize(authorizationUrl(client)),
    )
    const forms = {
      authorization_code: encode({
        grant_type: 'authorization_code',
        code: callback.searchParams.get('code') ?? '',
        redirect_uri: client.redirect_uri,
        code_verifier: verifier,
        scope: 'openid',
      }),
      refresh_token: encode({
        grant_type: 'refresh_token',
        refresh_token: String(first.body['refresh_token']),
        scope: 'openid',
      }),
      client_credentials: encode({ grant_type: 'client_credentials', scope: 'foo' }),
      device: encode({ grant_type: deviceGrant, device_code: device.device_code }),
      'jwt-bearer': encode({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: 'x',
        scope: 'foo',
      }),
      assertion: encode({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: 'x',
      }),
      secret: encode({
        grant_type: 'client_credentials',
        client_id: client.client_id,
        client_secret: client.client_secret,
      }),
    }
    for (const [grant, good] of Object.entries(forms))
      for (const body of doubled(good)) {
        const answer = await post('/oauth2/token', body)
        expect([grant, body, answer.status]).toEqual([grant, body, 400])
        expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
      }
    for (const grant of ['authorization_code', 'refresh_token', 'client_credentials'] as const)
      expect([grant, (await post('/oauth2/token', forms[grant])).status]).toEqual([grant, 200])
    expect(await (await post('/oauth2/token', forms.device)).json()).toMatchObject({
      error: 'authorization_pending',
    })
  })

  it('attack 15: a form in parts is no way around', async () => {
    const parts = (names: readonly string[]) => {
      const form = new FormData()
      form.append('grant_type', 'client_credentials')
      for (const name of names) form.append(name, 'foo')
      return server.publicFetch('/oauth2/token', {
        method: 'POST',
        headers: { authorization: basic(client) },
        body: form,
      })
    }
    expect((await parts(['scope'])).status).toBe(200)
    for (const name of ['scope', 'grant_type']) {
      const answer = await parts(['scope', name])
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
    }
  })

  it('attack 15: a flow goes on with one verifier', async () => {
    const browser = new Browser(server)
    const other = new Browser(server)
    const passB = async (from: Browser) =>
      accept(server, 'login', await from.loginChallenge(authorizationUrl(client)), { subject: 'u' })
    const [own, foreign] = [await passB(browser), await passB(other)]
    const verifierOf = (url: string, name: string) => new URL(url).searchParams.get(name) ?? ''
    const twice = async (url: string, name: string, value: string) => {
      for (const target of [
        `${url}&${name}=${encodeURIComponent(value)}`,
        `${url}&${name}=`,
        `${url}&${name}=${encodeURIComponent(verifierOf(url, name))}`,
        url.replace('?', `?${name}=${encodeURIComponent(value)}&`),
      ]) {
        const { searchParams } = await browser.location(target)
        expect([name, searchParams.get('error')]).toEqual([name, 'invalid_request'])
      }
    }
    await twice(own, 'login_verifier', verifierOf(foreign, 'login_verifier'))
    const consent = challengeOf(await browser.location(own), 'consent_challenge')
    const passC = await accept(server, 'consent', consent, {})
    await twice(passC, 'consent_verifier', 'x')
    expect((await browser.location(passC)).searchParams.has('code')).toBe(true)
  })

  it('attack 15: userinfo and credentials refuse two tokens in body and query', async () => {
    const browser = new Browser(server)
    const callback = await browser.authorize(authorizationUrl(client))
    const { body } = await exchangeCode(server, client, callback)
    const token = encodeURIComponent(String(body['access_token']))
    const one = `access_token=${token}`
    expect((await server.publicFetch(`/userinfo?${one}`)).status).toBe(200)
    expect((await post('/userinfo', one, false)).status).toBe(200)
    const attempts = [
      ...doubled(one).map((query) => server.publicFetch(`/userinfo?${query}`)),
      ...doubled(one).map((twice) => post('/userinfo', twice, false)),
      ...[one, 'access_token=x', 'access_token='].map((query) =>
        post(`/userinfo?${query}`, one, false),
      ),
      ...doubled(one).map((query) =>
        server.publicFetch(`/credentials?${query}`, { method: 'POST', body: '{}' }),
      ),
    ]
    for (const answer of await Promise.all(attempts)) {
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
    }
  })

  it('attack 15: the pages of devices take each parameter once', async () => {
    const device = await createDeviceClient(server)
    const codes = await requestCodes(server, device)
    const visit = (query: string) => server.publicFetch(`/oauth2/device/verify?${query}`)
    const good = encode({ user_code: codes.user_code, tenant: 'a' })
    expect((await visit(good)).status).toBe(302)
    for (const query of doubled(good))
      expect([query, (await visit(query)).status]).toEqual([query, 400])
    const browser = new Browser(server)
    const opened = await browser.location('/oauth2/device/verify')
    const connect = await server.adminFetch(
      `/admin/oauth2/auth/requests/device/accept?${encode({ device_challenge: challengeOf(opened, 'device_challenge') })}`,
      { method: 'PUT', body: JSON.stringify({ user_code: codes.user_code }) },
    )
    const { redirect_to: next } = (await connect.json()) as { redirect_to: string }
    for (const query of doubled(next.split('?')[1] ?? ''))
      expect([query, (await browser.visit(`/oauth2/device/verify?${query}`)).status]).toEqual([
        query,
        400,
      ])
    expect((await browser.location(next)).searchParams.has('login_challenge')).toBe(true)
  })

  it('attack 15: a logout takes each parameter once, from one place', async () => {
    const app = await createClient(server, {
      post_logout_redirect_uris: ['http://127.0.0.1:5555/out'],
    })
    const browser = new Browser(server)
    const callback = await browser.authorize(authorizationUrl(app), { login: { remember: true } })
    const { body } = await exchangeCode(server, app, callback)
    const good = encode({
      id_token_hint: String(body['id_token']),
      post_logout_redirect_uri: 'http://127.0.0.1:5555/out',
      state: 'a',
      ui_locales: 'de',
    })
    const path = '/oauth2/sessions/logout'
    const visits = (query: string) => [
      browser.location(`${path}?${query}`),
      browser.location(path, {
        method: 'POST',
        headers: { 'content-type': urlencoded },
        body: query,
      }),
    ]
    for (const query of doubled(good))
      for (const { searchParams } of await Promise.all(visits(query)))
        expect([query, searchParams.get('error')]).toEqual([query, 'invalid_request'])
    for (const { searchParams } of await Promise.all(visits(good)))
      expect(searchParams.has('logout_challenge')).toBe(true)
    const asked = await browser.location(`${path}?${good}`)
    const next = await accept(server, 'logout', challengeOf(asked, 'logout_challenge'), {})
    for (const query of doubled(next.split('?')[1] ?? ''))
      expect((await browser.location(`${path}?${query}`)).searchParams.get('error')).toBe(
        'invalid_request',
      )
    expect((await browser.location(next)).href).toBe('http://127.0.0.1:5555/out?state=a')
  })

  it('attack 15: the frame of a session asks about one client and one origin', async () => {
    const origin = new URL(client.redirect_uri).origin
    const ask = (query: string) => server.publicFetch(`/oauth2/sessions/check/origin?${query}`)
    const good = encode({ client_id: client.client_id, origin })
    expect(await (await ask(good)).json()).toEqual({ registered: true })
    for (const query of doubled(good))
      expect([query, (await ask(query)).status]).toEqual([query, 400])
  })

  it('attack 15: no operation of the admin API takes a parameter twice, but those of a page', async () => {
    const withQuery = adminEndpoints.filter(({ query }) => query !== undefined)
    expect(withQuery.length).toBeGreaterThan(15)
    const paged = new Set(['page_size', 'page_token'])
    for (const { method, path, query } of withQuery)
      for (const name of [...Object.keys(query?.shape ?? {}), 'challenge', 'owner']) {
        if (paged.has(name)) continue
        for (const twice of [`${name}=a&${name}=b`, `${name}=&${name}=a`, `${name}=a&${name}=a`]) {
          const answer = await server.adminFetch(`${path}?${twice}`, { method })
          expect([method, path, twice, answer.status]).toEqual([method, path, twice, 400])
          expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
        }
      }
    const pages = await server.adminFetch('/admin/clients?page_size=&page_size=1&page_token=')
    expect(await pages.json()).toHaveLength(1)
  })

  it('attack 15: a repeated parameter ends nothing of anybody', async () => {
    const browser = new Browser(server)
    const callback = await browser.authorize(authorizationUrl(client), {
      login: { subject: 'ada' },
    })
    const { body } = await exchangeCode(server, client, callback)
    const id = client.client_id
    const calls = [
      `/admin/oauth2/auth/sessions/consent?subject=ada&client=&client=other&all=true`,
      `/admin/oauth2/auth/sessions/consent?subject=ada&subject=eve&client=${id}`,
      `/admin/oauth2/auth/sessions/login?subject=ada&subject=eve`,
      `/admin/oauth2/tokens?client_id=${id}&client_id=other`,
    ]
    for (const call of calls)
      expect([call, (await server.adminFetch(call, { method: 'DELETE' })).status]).toEqual([
        call,
        400,
      ])
    expect(await introspect(server, body['access_token'])).toMatchObject({ active: true })
  })

  it('attack 15: of a member that is there twice in JSON, every reader sees the last', async () => {
    const register = (text: string) =>
      server.publicFetch('/oauth2/register', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: text,
      })
    const members = `
      "redirect_uris": ["https://evil.example/cb"], "redirect_uris": ["https://app.example/cb"],
      "scope": "openid offline", "scope": "openid",
      "grant_types": ["implicit"], "grant_types": ["authorization_code"],
      "response_types": ["token"], "response_types": ["code"],
      "Redirect_Uris": ["https://evil.example/cb"], "REDIRECT_URIS": ["https://evil.example/cb"],
      "SKIP_CONSENT": true, "Metadata": {"a": 1},
      "__proto__": {"skip_consent": true}, "constructor": {"prototype": {"skip_consent": true}}`
    for (const privileged of [
      '"skip_consent": false, "skip_consent": true',
      '"metadata": {}, "metadata": {"a": 1}',
      '"access_token_strategy": "", "access_token_strategy": "jwt"',
    ])
      expect([privileged, (await register(`{${members}, ${privileged}}`)).status]).toEqual([
        privileged,
        400,
      ])
    const answer = await register(`{${members}}`)
    expect(answer.status).toBe(201)
    const shown = (await answer.json()) as Record<string, unknown>
    const seen = await server.adminFetch(`/admin/clients/${String(shown['client_id'])}`)
    const kept = (await seen.json()) as Record<string, unknown>
    for (const each of [shown, kept]) {
      expect(each).toMatchObject({
        redirect_uris: ['https://app.example/cb'],
        scope: 'openid',
        grant_types: ['authorization_code'],
        response_types: ['code'],
      })
      expect(each['skip_consent'] ?? false).toBe(false)
      expect(each['metadata'] ?? {}).toEqual({})
    }
    const leadsOn = async (redirect_uri: string) => {
      const query = encode({
        client_id: String(shown['client_id']),
        redirect_uri,
        response_type: 'code',
        state: 'some-random-state',
        scope: 'openid',
      })
      const { searchParams } = await new Browser(server).location(`/oauth2/auth?${query}`)
      return searchParams.has('login_challenge')
    }
    expect(await leadsOn('https://app.example/cb')).toBe(true)
    expect(await leadsOn('https://evil.example/cb')).toBe(false)
  })
})
