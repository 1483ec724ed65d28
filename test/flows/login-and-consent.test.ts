import { beforeAll, describe, expect, it } from 'vitest'
import {
  accept,
  answer,
  authorizationUrl,
  Browser,
  challengeOf,
  claimsOf,
  createClient,
  exchangeCode,
  getRequest,
  introspect,
  refresh,
  reject,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const salt = 'a salt of the tests'
const requests = '/admin/oauth2/auth/requests'

describeEachEngine('login and consent', (engine) => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer(engine, {
      config: {
        oidc: {
          subject_identifiers: { supported_types: ['public', 'pairwise'], pairwise: { salt } },
        },
        urls: { registration: 'http://127.0.0.1/ui/register' },
      },
    })
    client = await createClient(server)
    return () => server.close()
  })
  const remembered = { login: { remember: true }, consent: { remember: true } }
  const userinfo = async (token: unknown) => {
    const response = await server.publicFetch('/userinfo', {
      headers: { authorization: `Bearer ${String(token)}` },
    })
    return (await response.json()) as Record<string, unknown>
  }

  it('ST3 and ST4 leave the browser at an app that does nothing', async () => {
    const browser = new Browser(server)
    const login = await browser.location(authorizationUrl(client))
    expect(login.pathname).toBe('/ui/login')
    const challenge = challengeOf(login, 'login_challenge')
    const consent = await browser.location(
      await accept(server, 'login', challenge, { subject: 'u' }),
    )
    expect(consent.pathname).toBe('/ui/consent')
    expect(consent.searchParams.has('consent_challenge')).toBe(true)
  })

  it('ST5 and ST7 pass on what the apps say', async () => {
    const words = {
      error: 'interaction_required',
      error_description: 'Somebody must look at this.',
      error_hint: 'Call us.',
      error_debug: 'secret',
    }
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(client))
    const refused = await browser.location(await reject(server, 'login', login, words))
    expect(Object.fromEntries(refused.searchParams)).toEqual({
      error: 'interaction_required',
      error_description: 'Somebody must look at this. Call us.',
      iss: 'http://127.0.0.1',
      state: 'some-random-state',
    })
    const consent = await browser.consentChallenge(
      await browser.loginChallenge(authorizationUrl(client)),
      { subject: 'u' },
    )
    const no = await browser.location(await reject(server, 'consent', consent, words))
    expect(no.searchParams.get('error_description')).toBe('Somebody must look at this. Call us.')
  })

  it('FL10 names a rejection access_denied when the app names nothing', async () => {
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(client))
    const refused = await browser.location(await reject(server, 'login', login, {}))
    expect(refused.searchParams.get('error')).toBe('access_denied')
  })

  it('ST9 gives no second code for an old consent challenge', async () => {
    const browser = new Browser(server)
    const consent = await browser.consentChallenge(
      await browser.loginChallenge(authorizationUrl(client)),
      { subject: 'u' },
    )
    expect(
      (await browser.location(await accept(server, 'consent', consent, {}))).searchParams.has(
        'code',
      ),
    ).toBe(true)
    const again = await browser.location(await accept(server, 'consent', consent, {}))
    expect(again.searchParams.get('error')).toBe('access_denied')
  })

  it('ST10 gives a code when login and consent are accepted without options', async () => {
    const callback = await new Browser(server).authorize(authorizationUrl(client))
    expect(callback.searchParams.has('code')).toBe(true)
  })

  it('ST16 deletes the session cookie on its configured path', async () => {
    const elsewhere = await startServer(engine, {
      config: { serve: { cookies: { paths: { session: '/foo' } } } },
    })
    const browser = new Browser(elsewhere)
    await browser.authorize(authorizationUrl(client))
    expect(browser.jar.received.find((line) => line.startsWith('ory_hydra_session_dev='))).toMatch(
      /^ory_hydra_session_dev=; Path=\/foo; Expires=[^;]+; Max-Age=0; HttpOnly; SameSite=Lax$/u,
    )
    await elsewhere.close()
  })

  it('ST20 never answers prompt=none silently at a custom scheme that looks local', async () => {
    const native = await createClient(server, {
      token_endpoint_auth_method: 'none',
      redirect_uris: ['custom://localhost/path'],
    })
    const browser = new Browser(server)
    await browser.authorize(authorizationUrl(native), remembered)
    const callback = await browser.authorize(authorizationUrl(native, { prompt: 'none' }))
    expect(callback.href).toMatch(/^custom:\/\/localhost\/path\?error=consent_required/u)
  })

  it('ST22 passes identity_schema on to the login app', async () => {
    const login = await new Browser(server).location(
      authorizationUrl(client, { identity_schema: 'customers' }),
    )
    expect(login.searchParams.get('identity_schema')).toBe('customers')
  })

  it('ST28, S031 and CY55 answer login_required to prompt=none without a session', async () => {
    const callback = await new Browser(server).location(
      authorizationUrl(client, { prompt: 'none' }),
    )
    expect(callback.searchParams.get('error')).toBe('login_required')
    expect(callback.searchParams.has('code')).toBe(false)
  })

  it('OA9 and S023 send prompt=registration to the registration page', async () => {
    const browser = new Browser(server)
    const page = await browser.location(authorizationUrl(client, { prompt: 'registration' }))
    expect(page.pathname).toBe('/ui/register')
    const consent = await browser.consentChallenge(challengeOf(page, 'login_challenge'), {
      subject: 'new',
    })
    const callback = await browser.location(await accept(server, 'consent', consent, {}))
    expect((await exchangeCode(server, client, callback)).status).toBe(200)
  })

  it('OA8, S022 and HA20 refuse an empty subject and pass over members they do not know', async () => {
    const browser = new Browser(server)
    const challenge = await browser.loginChallenge(authorizationUrl(client))
    const empty = await answer(
      server,
      { kind: 'login', verdict: 'accept', challenge },
      { subject: '' },
    )
    expect(empty.status).toBe(400)
    expect(await empty.json()).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('subject'),
    })
    const more = await answer(
      server,
      { kind: 'login', verdict: 'accept', challenge },
      { subject: 'u', something: { new: true } },
    )
    expect(more.status).toBe(200)
  })

  describe('the admin operations', () => {
    const kinds = ['login', 'consent'] as const
    for (const kind of kinds) {
      it(`HA6, HA9, FL4 and 0.5 refuse ${kind} challenges that are missing, garbage or of another kind`, async () => {
        const get = async (query: string) => {
          const response = await server.adminFetch(`${requests}/${kind}?${query}`)
          return { status: response.status, body: await response.json() }
        }
        expect(await get('')).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
        expect(await get(`${kind}_challenge=garbage`)).toEqual({
          status: 404,
          body: {
            error: 'Not Found',
            error_description: 'Unable to locate the requested resource',
          },
        })
        for (const verdict of ['accept', 'reject'] as const) {
          expect((await answer(server, { kind, verdict, challenge: '' }, {})).status).toBe(400)
          expect(
            (await answer(server, { kind, verdict, challenge: 'garbage' }, { subject: 'u' }))
              .status,
          ).toBe(404)
        }
      })

      it(`0.5 and W27 refuse ${kind} answers that are no JSON or of a wrong type`, async () => {
        const browser = new Browser(server)
        const login = await browser.loginChallenge(authorizationUrl(client))
        const challenge =
          kind === 'login' ? login : await browser.consentChallenge(login, { subject: 'u' })
        const bodies = [
          '',
          'nope',
          '[]',
          '"text"',
          'null',
          '{"remember":"yes","subject":"u"}',
          '{"remember_for":"1h","subject":"u"}',
          '{"grant_scope":"openid","amr":"pwd","subject":"u"}',
        ]
        for (const body of bodies) {
          const response = await answer(server, { kind, verdict: 'accept', challenge }, body)
          expect([body, response.status]).toEqual([body, 400])
          expect(await response.json()).toMatchObject({ error: 'invalid_request' })
        }
        expect((await answer(server, { kind, verdict: 'reject', challenge }, '')).status).toBe(400)
      })
    }

    it('HA2–HA5, HA7 and HA8 show challenges by both names, and 410 after use', async () => {
      const browser = new Browser(server)
      const login = await browser.loginChallenge(authorizationUrl(client))
      const legacy = await server.adminFetch(`${requests}/login?challenge=${login}`)
      expect(await legacy.json()).toMatchObject({
        challenge: login,
        client: { client_id: client.client_id },
      })
      const consent = await browser.consentChallenge(login, { subject: 'u' })
      const old = await server.adminFetch(`${requests}/consent?challenge=${consent}`)
      expect(await old.json()).toMatchObject({
        challenge: consent,
        client: { client_id: client.client_id },
      })
      expect((await server.adminFetch(`${requests}/login?login_challenge=${login}`)).status).toBe(
        410,
      )
      await browser.location(await accept(server, 'consent', consent, {}))
      const used = await server.adminFetch(`${requests}/consent?consent_challenge=${consent}`)
      expect(used.status).toBe(410)
      expect(await used.json()).toHaveProperty('redirect_to')
    })

    it('HA10 and FL7 accept a login twice, each time with a verifier of its own', async () => {
      const login = await new Browser(server).loginChallenge(authorizationUrl(client))
      const [one, two] = [
        await accept(server, 'login', login, { subject: 'u' }),
        await accept(server, 'login', login, { subject: 'u' }),
      ]
      expect(one).toContain('login_verifier=')
      expect(two).not.toBe(one)
      expect(await getRequest(server, 'login', login)).toEqual(
        await getRequest(server, 'login', login),
      )
    })
  })

  it('FL2 opens nothing for another project, nor without the secret', async () => {
    const login = await new Browser(server).loginChallenge(authorizationUrl(client))
    const other = await startServer(engine, {
      config: { secrets: { system: ['another secret of sixteen or more'] } },
    })
    expect((await other.adminFetch(`${requests}/login?login_challenge=${login}`)).status).toBe(404)
    await other.close()
  })

  it('FL3 ends a consent with the flow that began before it', async () => {
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(client))
    server.clock.advance(20 * 60_000)
    const consent = await browser.consentChallenge(login, { subject: 'u' })
    server.clock.advance(11 * 60_000)
    const late = await server.adminFetch(`${requests}/consent?consent_challenge=${consent}`)
    expect(late.status).toBe(401)
  })

  it('FL6 gives the same refusal however often it is followed', async () => {
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(client))
    const redirectTo = await reject(server, 'login', login, { error: 'access_denied' })
    for (let visit = 0; visit < 2; visit++) {
      expect((await browser.location(redirectTo)).searchParams.get('error')).toBe('access_denied')
    }
  })

  it('FL8 and 1.9 let the answer count whose address the browser follows', async () => {
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(client))
    await reject(server, 'login', login, {})
    const consent = await browser.consentChallenge(login, { subject: 'u' })
    await accept(server, 'consent', consent, {})
    const callback = await browser.location(
      await reject(server, 'consent', consent, { error: 'access_denied' }),
    )
    expect(callback.searchParams.get('error')).toBe('access_denied')
  })

  it('FL9 and OA18 show empty members as the API does', async () => {
    const plain = await createClient(server)
    const login = await getRequest(
      server,
      'login',
      await new Browser(server).loginChallenge(authorizationUrl(plain, { scope: undefined })),
    )
    expect(login).toMatchObject({
      oidc_context: {},
      requested_scope: [],
      requested_access_token_audience: [],
      skip: false,
      subject: '',
    })
    expect(login['client']).toMatchObject({
      audience: [],
      jwks: {},
      metadata: {},
      skip_consent: false,
    })
    expect(JSON.stringify(login)).not.toContain('null')
  })

  it('FL5 refuses a verifier whose flow was answered in another way', async () => {
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(client))
    const consent = await browser.consentChallenge(login, { subject: 'u' })
    const crossed = await browser.location(`${authorizationUrl(client)}&login_verifier=${consent}`)
    expect(crossed.searchParams.get('error')).toBe('access_denied')
  })

  describe('pairwise subjects', () => {
    const sector = 'https://sector.example/uris.json'
    async function pairwiseClient(changes: object = {}) {
      return createClient(server, { subject_type: 'pairwise', ...changes })
    }
    const sha256 = async (text: string) =>
      Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString(
        'hex',
      )

    it('ST35, S157 and HE6 show each sector another subject, and introspection the raw one', async () => {
      const app = await pairwiseClient()
      const { body } = await exchangeCode(
        server,
        app,
        await new Browser(server).authorize(authorizationUrl(app)),
      )
      const expected = await sha256(`127.0.0.1:5555user-1${salt}`)
      expect(claimsOf(body['id_token'])['sub']).toBe(expected)
      expect((await userinfo(body['access_token']))['sub']).toBe(expected)
      expect(await introspect(server, body['access_token'])).toMatchObject({
        sub: 'user-1',
        obfuscated_subject: expected,
      })
      expect(sector).not.toBe('')
    })

    it('ST36 accepts its own pairwise subject as id_token_hint', async () => {
      const app = await pairwiseClient()
      const browser = new Browser(server)
      const { body } = await exchangeCode(
        server,
        app,
        await browser.authorize(authorizationUrl(app), remembered),
      )
      const callback = await browser.authorize(
        authorizationUrl(app, { id_token_hint: String(body['id_token']) }),
      )
      expect(callback.searchParams.has('code')).toBe(true)
    })

    it('ST37 lets the login app force a subject identifier', async () => {
      const app = await pairwiseClient()
      const browser = new Browser(server)
      const callback = await browser.authorize(authorizationUrl(app), {
        login: { force_subject_identifier: 'forced-id', remember: true },
      })
      const { body } = await exchangeCode(server, app, callback)
      expect(claimsOf(body['id_token'])['sub']).toBe('forced-id')
      expect((await userinfo(body['access_token']))['sub']).toBe('forced-id')
      expect(await introspect(server, body['access_token'])).toMatchObject({ sub: 'user-1' })
      const hinted = await browser.location(
        authorizationUrl(app, { id_token_hint: String(body['id_token']) }),
      )
      expect(hinted.searchParams.has('login_challenge')).toBe(true)
    })

    it('HE6 and 2.8 refuse a pairwise client with several redirect URIs and no sector', async () => {
      const app = await pairwiseClient({
        redirect_uris: ['http://127.0.0.1:5555/callback', 'http://127.0.0.1:5556/callback'],
      })
      const browser = new Browser(server)
      const login = await browser.loginChallenge(authorizationUrl(app))
      const refused = await browser.location(await accept(server, 'login', login, { subject: 'u' }))
      expect(refused.searchParams.get('error')).toBe('invalid_request')
    })
  })

  describe('audiences', () => {
    it('S001, OA1 and S081 refuse an audience before the login app is asked', async () => {
      const callback = await new Browser(server).location(
        authorizationUrl(client, { audience: 'https://other.example/' }),
      )
      expect(callback.searchParams.get('error')).toBe('invalid_request')
    })

    it('OA10, S024 and S042 carry audiences into the objects and the access token, not the ID token', async () => {
      const app = await createClient(server, {
        audience: ['https://api.example', 'https://more.example/users'],
      })
      const browser = new Browser(server)
      const url = `${authorizationUrl(app)}&audience=https://api.example&audience=https://more.example/users/1`
      const login = await browser.loginChallenge(url)
      const asked = ['https://api.example', 'https://more.example/users/1']
      expect(await getRequest(server, 'login', login)).toMatchObject({
        requested_access_token_audience: asked,
      })
      const consent = await browser.consentChallenge(login, { subject: 'u' })
      expect(await getRequest(server, 'consent', consent)).toMatchObject({
        requested_access_token_audience: asked,
      })
      const answered = { grant_scope: ['openid'], grant_access_token_audience: asked }
      const { body } = await exchangeCode(
        server,
        app,
        await browser.location(await accept(server, 'consent', consent, answered)),
      )
      expect(await introspect(server, body['access_token'])).toMatchObject({ aud: asked })
      expect(claimsOf(body['id_token'])['aud']).toEqual([app.client_id])
    })
  })

  it('W9 grants what the consent app grants, even more than was asked', async () => {
    const callback = await new Browser(server).authorize(
      authorizationUrl(client, { scope: 'foo' }),
      { consent: { grant_scope: ['foo', 'openid', 'bar'] } },
    )
    const { body } = await exchangeCode(server, client, callback)
    expect(body['scope']).toBe('foo openid bar')
    expect(body).toHaveProperty('id_token')
  })

  it('OA11 and S029 keep auth_time through silent logins until max_age asks for a new one', async () => {
    const browser = new Browser(server)
    await browser.authorize(
      authorizationUrl(client, { prompt: 'login consent', max_age: '1' }),
      remembered,
    )
    const times = new Set<unknown>()
    for (let round = 0; round < 4; round++) {
      server.clock.advance(2000)
      const callback = await browser.authorize(
        authorizationUrl(client, { prompt: 'none', max_age: '60' }),
      )
      times.add(
        claimsOf((await exchangeCode(server, client, callback)).body['id_token'])['auth_time'],
      )
    }
    expect(times.size).toBe(1)
    const tooOld = await browser.location(
      authorizationUrl(client, { prompt: 'none', max_age: '1' }),
    )
    expect(tooOld.searchParams.has('code')).toBe(false)
    const forced = await browser.loginChallenge(authorizationUrl(client, { prompt: 'login' }))
    expect(await getRequest(server, 'login', forced)).toMatchObject({ skip: false, subject: '' })
    const consent = await browser.consentChallenge(forced, { subject: 'user-1' })
    expect(await getRequest(server, 'consent', consent)).toMatchObject({ skip: true })
  })

  it('OA12 and S032 refuse a login that is not the one the hint names', async () => {
    const mine = await exchangeCode(
      server,
      client,
      await new Browser(server).authorize(authorizationUrl(client)),
    )
    const callback = await new Browser(server).authorize(
      authorizationUrl(client, { id_token_hint: String(mine.body['id_token']) }),
      {
        login: { subject: 'somebody-else' },
      },
    )
    expect(callback.searchParams.get('error')).toBe('login_required')
  })

  it('OA13 and S033 let a slow login pass a small max_age', async () => {
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(client, { max_age: '5' }))
    server.clock.advance(60_000)
    const consent = await browser.consentChallenge(login, { subject: 'u' })
    server.clock.advance(60_000)
    const callback = await browser.location(await accept(server, 'consent', consent, {}))
    expect(callback.searchParams.has('code')).toBe(true)
  })

  it('OA14 and S034 shows in userinfo what the ID token says, without what belongs to the token', async () => {
    const callback = await new Browser(server).authorize(authorizationUrl(client), {
      consent: { session: { id_token: { custom: 'claim' } } },
    })
    const { body } = await exchangeCode(server, client, callback)
    const claims = claimsOf(body['id_token'])
    const info = await userinfo(body['access_token'])
    for (const name of ['sub', 'iss', 'aud', 'custom', 'auth_time'])
      expect([name, info[name]]).toEqual([name, claims[name]])
    for (const name of ['at_hash', 'c_hash', 'nonce', 'sid', 'jti', 'exp'])
      expect(info).not.toHaveProperty(name)
  })

  it('OA3 and S010 refresh after the login session is gone', async () => {
    const { body } = await exchangeCode(
      server,
      client,
      await new Browser(server).authorize(authorizationUrl(client), remembered),
    )
    const sid = String(claimsOf(body['id_token'])['sid'])
    await server.adminFetch(`/admin/oauth2/auth/sessions/login?sid=${sid}`, { method: 'DELETE' })
    const refreshed = await refresh(server, client, body['refresh_token'])
    expect(claimsOf(refreshed.body['id_token'])['sid']).toBe(sid)
  })

  it('OA19 and S184 answer the fallback pages, each naming its configuration key', async () => {
    for (const [page, key] of [
      ['login', 'urls.login'],
      ['consent', 'urls.consent'],
      ['logout', 'urls.logout'],
    ]) {
      const response = await server.publicFetch(`/oauth2/fallbacks/${page}`)
      expect(response.status).toBe(200)
      expect(await response.text()).toContain(key)
    }
    expect((await server.publicFetch('/oauth2/fallbacks/error?error=%3Cb%3E')).status).toBe(500)
  })

  it('LO25 ends a session whose consent was not remembered', async () => {
    const browser = new Browser(server)
    const { body } = await exchangeCode(
      server,
      client,
      await browser.authorize(authorizationUrl(client), { login: { remember: true } }),
    )
    const sid = String(claimsOf(body['id_token'])['sid'])
    expect(
      (
        await server.adminFetch(`/admin/oauth2/auth/sessions/login?sid=${sid}`, {
          method: 'DELETE',
        })
      ).status,
    ).toBe(204)
    expect(
      await getRequest(server, 'login', await browser.loginChallenge(authorizationUrl(client))),
    ).toMatchObject({ skip: false })
  })
})
