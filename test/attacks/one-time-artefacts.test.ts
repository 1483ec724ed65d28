/** Whatever is handed out once: mangled, in the hands of another client, presented by a hundred callers, or with a storage that fails. */

import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asProjectId } from '../../src/brand.ts'
import { openStorage } from '../../src/storage/sql/open.ts'
import { StorageUnavailable, type Storage } from '../../src/storage/storage.ts'
import {
  accept,
  authorizationUrl,
  basic,
  Browser,
  createClient,
  exchangeCode,
  introspect,
  postToken,
  refresh,
  type TestClient,
} from '../support/browser-flow.ts'
import {
  approve,
  createDeviceClient,
  deviceGrant,
  poll,
  requestCodes,
} from '../support/device-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const callers = 100

/** Every way to cut, add to and flip one character of a text, at most `count` of each. */
function mangled(text: string, count = 60): readonly string[] {
  const step = Math.max(1, Math.floor(text.length / count))
  const places = Array.from({ length: Math.ceil(text.length / step) }, (_none, n) => n * step)
  const changed = places.flatMap((at) => [
    text.slice(0, at) + text.slice(at + 1),
    `${text.slice(0, at)}A${text.slice(at)}`,
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1),
  ])
  return [...new Set([...changed, `${text}A`, text.slice(0, -1), `${text}=`, `${text}.`])].filter(
    (each) => each !== text,
  )
}

describeEachEngine('one-time artefacts', (engine) => {
  let server: TestServer
  let second: TestServer
  let client: TestClient
  let stranger: TestClient
  let device: TestClient
  beforeAll(async () => {
    server = await startServer(engine)
    const storage = await openStorage({
      dsn: engine.dsn,
      projectId: asProjectId('test'),
      log: { info() {}, warn() {} },
    })
    second = await startServer(engine, { options: { storage, clock: server.clock } })
    client = await createClient(server)
    stranger = await createClient(server)
    device = await createDeviceClient(server)
  })
  afterAll(async () => {
    await second.close()
    await server.close()
  })

  const callbackOf = () => new Browser(server).authorize(authorizationUrl(client))
  async function tokensOf(): Promise<Record<string, unknown>> {
    return (await exchangeCode(server, client, await callbackOf())).body
  }
  const node = (n: number) => (n % 2 === 0 ? server : second)

  it('attack 23: a code with any character changed is no code', async () => {
    const callback = await callbackOf()
    const code = callback.searchParams.get('code') ?? ''
    for (const each of mangled(code)) {
      const url = new URL(callback)
      url.searchParams.set('code', each)
      expect((await exchangeCode(server, client, url)).status).toBe(400)
    }
    expect((await exchangeCode(server, client, callback)).status).toBe(200)
  })

  it('attack 23: access and refresh tokens with any character changed are no tokens', async () => {
    const tokens = await tokensOf()
    for (const each of mangled(String(tokens['access_token']))) {
      expect(await introspect(server, each)).toEqual({ active: false })
      const headers = { authorization: `Bearer ${each}` }
      expect((await server.publicFetch('/userinfo', { headers })).status).toBe(401)
    }
    for (const each of mangled(String(tokens['refresh_token'])))
      expect((await refresh(server, client, each)).body['error']).toBe('invalid_grant')
    expect((await refresh(server, client, tokens['refresh_token'])).status).toBe(200)
  })

  it('attack 23: a JWT access token with any character changed is no token', async () => {
    const jwtClient = await createClient(server, { access_token_strategy: 'jwt' })
    const { body } = await postToken(server, jwtClient, { grant_type: 'client_credentials' })
    const token = String(body['access_token'])
    expect(await introspect(server, token)).toMatchObject({ active: true })
    for (const each of mangled(token))
      expect([each, await introspect(server, each)]).toEqual([each, { active: false }])
  })

  it('attack 23: a device code with any character changed is no device code', async () => {
    const codes = await requestCodes(server, device)
    await approve(new Browser(server), codes)
    for (const each of mangled(codes.device_code))
      expect((await poll(server, device, { device_code: each })).status).toBe(400)
    server.clock.advance(60_000)
    expect((await poll(server, device, codes)).status).toBe(200)
  })

  it('attack 23: challenges and verifiers with any character changed lead nowhere', async () => {
    const browser = new Browser(server)
    const challenge = await browser.loginChallenge(authorizationUrl(client))
    for (const each of mangled(challenge)) {
      const response = await server.adminFetch(
        `/admin/oauth2/auth/requests/login?login_challenge=${encodeURIComponent(each)}`,
      )
      expect(response.status).toBe(404)
    }
    const passB = new URL(
      await accept(server, 'login', challenge, { subject: 'u' }),
      'http://127.0.0.1',
    )
    const verifier = passB.searchParams.get('login_verifier') ?? ''
    for (const each of mangled(verifier, 30)) {
      const url = new URL(passB)
      url.searchParams.set('login_verifier', each)
      const { response } = await browser.visit(url.href)
      expect(response.headers.get('location') ?? '').not.toContain('consent_challenge')
    }
    expect((await browser.location(passB.href)).searchParams.has('consent_challenge')).toBe(true)
  })

  it('attack 23: consent challenges and verifiers with any character changed lead nowhere', async () => {
    const browser = new Browser(server)
    const login = await browser.loginChallenge(authorizationUrl(client))
    const challenge = await browser.consentChallenge(login, { subject: 'u' })
    for (const each of mangled(challenge, 30)) {
      const path = `/admin/oauth2/auth/requests/consent?consent_challenge=${encodeURIComponent(each)}`
      expect((await server.adminFetch(path)).status).toBe(404)
    }
    const passC = new URL(
      await accept(server, 'consent', challenge, { grant_scope: ['openid'] }),
      'http://127.0.0.1',
    )
    const verifier = passC.searchParams.get('consent_verifier') ?? ''
    for (const each of mangled(verifier, 30)) {
      const url = new URL(passC)
      url.searchParams.set('consent_verifier', each)
      const { response } = await browser.visit(url.href)
      expect(response.headers.get('location') ?? '').not.toContain('code=')
    }
    expect((await browser.location(passC.href)).searchParams.has('code')).toBe(true)
  })

  it('attack 23: logout challenges and verifiers with any character changed end no session', async () => {
    const browser = new Browser(server)
    await browser.authorize(authorizationUrl(client), { login: { remember: true } })
    const to = await browser.location('/oauth2/sessions/logout')
    const challenge = to.searchParams.get('logout_challenge') ?? ''
    for (const each of mangled(challenge, 30)) {
      const path = `/admin/oauth2/auth/requests/logout?logout_challenge=${encodeURIComponent(each)}`
      expect((await server.adminFetch(path)).status).toBe(404)
    }
    const end = new URL(await accept(server, 'logout', challenge, {}), 'http://127.0.0.1')
    const verifier = end.searchParams.get('logout_verifier') ?? ''
    const isSignedIn = async () => {
      const silent = await browser.location(authorizationUrl(client, { prompt: 'none' }))
      return silent.searchParams.get('error') !== 'login_required'
    }
    for (const each of mangled(verifier, 30)) {
      const url = new URL(end)
      url.searchParams.set('logout_verifier', each)
      const { response } = await browser.visit(url.href)
      expect(response.headers.get('location') ?? '').toContain('error=')
    }
    expect(await isSignedIn()).toBe(true)
    await browser.visit(end.href)
    expect(await isSignedIn()).toBe(false)
  })

  it('attack 23: device challenges and user codes with any character changed connect nothing', async () => {
    const codes = await requestCodes(server, device)
    const browser = new Browser(server)
    const to = await browser.location('/oauth2/device/verify')
    const challenge = to.searchParams.get('device_challenge') ?? ''
    const answerWith = (each: string, userCode: string) =>
      server.adminFetch(
        `/admin/oauth2/auth/requests/device/accept?device_challenge=${encodeURIComponent(each)}`,
        { method: 'PUT', body: JSON.stringify({ user_code: userCode }) },
      )
    for (const each of mangled(challenge, 30))
      expect((await answerWith(each, codes.user_code)).status).toBe(404)
    expect((await answerWith(challenge, codes.user_code)).status).toBe(200)
  })

  it('attack 23: nonces of credentials with any character changed prove nothing', async () => {
    const scope = 'openid userinfo_credential_draft_00'
    const owner = await createClient(server, { scope })
    const callback = await new Browser(server).authorize(authorizationUrl(owner, { scope }))
    const { body } = await exchangeCode(server, owner, callback)
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwk = await exportJWK(publicKey)
    const ask = async (nonce: string) => {
      const jwt = await new SignJWT({ nonce })
        .setProtectedHeader({ alg: 'ES256', jwk })
        .sign(privateKey)
      const response = await server.publicFetch('/credentials', {
        method: 'POST',
        headers: {
          authorization: `Bearer ${String(body['access_token'])}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          format: 'jwt_vc_json',
          types: ['VerifiableCredential', 'UserInfoCredential'],
          proof: { proof_type: 'jwt', jwt },
        }),
      })
      return response.status
    }
    const nonce = String(body['c_nonce_draft_00'])
    for (const each of mangled(nonce, 30)) expect([each, await ask(each)]).toEqual([each, 400])
    expect(await ask(nonce)).toBe(200)
  })

  it('attack 23: a session cookie with any character changed signs nobody in', async () => {
    const browser = new Browser(server)
    await browser.authorize(authorizationUrl(client), { login: { remember: true } })
    const silent = authorizationUrl(client, { prompt: 'none' })
    const name = browser.jar.names.find(
      (each) => each.includes('session') && !each.includes('csrf'),
    )
    const value = browser.jar.get(name ?? '') ?? ''
    expect((await browser.location(silent)).searchParams.get('error')).not.toBe('login_required')
    for (const each of mangled(value)) {
      const thief = new Browser(server)
      thief.jar.set(name ?? '', each)
      expect((await thief.location(silent)).searchParams.get('error')).toBe('login_required')
    }
  })

  it('attack 22: codes, refresh tokens and device codes are of no use to another client', async () => {
    const other = await createClient(server, {
      grant_types: ['authorization_code', 'refresh_token', deviceGrant],
    })
    const callback = await callbackOf()
    for (const thief of [stranger, other]) {
      const answer = await exchangeCode(server, thief, callback)
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    }
    const { body: tokens } = await exchangeCode(server, client, callback)
    const codes = await requestCodes(server, device)
    await approve(new Browser(server), codes)
    expect(await poll(server, other, codes)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    for (const token of [tokens['access_token'], tokens['refresh_token']]) {
      const revoked = await server.publicFetch('/oauth2/revoke', {
        method: 'POST',
        headers: { authorization: basic(stranger) },
        body: new URLSearchParams({ token: String(token) }),
      })
      expect(revoked.status).toBe(200)
      expect(await introspect(server, token)).toMatchObject({ active: true })
    }
    expect(await refresh(server, stranger, tokens['refresh_token'])).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })

  it('attack 34: a device code gives one of a hundred callers on two nodes tokens', async () => {
    const codes = await requestCodes(server, device)
    await approve(new Browser(server), codes)
    const answers = await Promise.all(
      Array.from({ length: callers }, (_none, n) => poll(node(n), device, codes)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.every(({ status }) => status === 200 || status === 400)).toBe(true)
  })

  it('attack 34: login and consent verifiers take one of a hundred callers on two nodes on', async () => {
    const browser = new Browser(server)
    const challenge = await browser.loginChallenge(authorizationUrl(client))
    const passB = await accept(server, 'login', challenge, { subject: 'u' })
    const at = new URL(passB, 'http://127.0.0.1')
    const race = (url: URL) =>
      Promise.all(
        Array.from({ length: callers }, async (_none, n) => {
          const response = await node(n).publicFetch(url.pathname + url.search, {
            headers: { cookie: browser.jar.header },
          })
          const location = response.headers.get('location') ?? ''
          return { response, to: new URL(location, 'http://127.0.0.1') }
        }),
      )
    const afterLogin = (await race(at)).filter(({ to }) => to.searchParams.has('consent_challenge'))
    expect(afterLogin).toHaveLength(1)
    const [winner] = afterLogin
    browser.jar.take(winner?.response as Response)
    const consent = winner?.to.searchParams.get('consent_challenge') ?? ''
    const passC = await accept(server, 'consent', consent, { grant_scope: ['openid'] })
    const last = await race(new URL(passC, 'http://127.0.0.1'))
    expect(last.filter(({ to }) => to.searchParams.has('code'))).toHaveLength(1)
  })
})

/** A storage whose method `fails(name)` names rejects. */
function failing(storage: Storage, fails: (name: string) => boolean): Storage {
  const wrap = (target: object, path: string): object =>
    new Proxy(target, {
      get(_target, key) {
        const value: unknown = Reflect.get(target, key)
        const name = `${path}${String(key)}`
        if (typeof value === 'object' && value !== null) return wrap(value, `${name}.`)
        if (typeof value !== 'function') return value
        return (...args: unknown[]): unknown =>
          fails(name)
            ? Promise.reject(new StorageUnavailable('gone'))
            : Reflect.apply(value, target, args)
      },
    })
  return wrap(storage, '') as Storage
}

describe('a revocation', () => {
  it('attack 2: is never confirmed when any call of the storage behind it failed', async () => {
    const real = await startServer('memory')
    let calls = 0
    let failAt = Infinity
    const names: string[] = []
    const storage = failing(real.storage, (name) => {
      calls += 1
      names.push(name)
      return calls === failAt
    })
    const broken = await startServer('memory', { options: { storage, clock: real.clock } })
    const client = await createClient(real)
    const machine = await postToken(real, client, { grant_type: 'client_credentials' })
    const callback = await new Browser(real).authorize(authorizationUrl(client))
    const { body } = await exchangeCode(real, client, callback)
    const revoke = (token: unknown) => {
      calls = 0
      return broken.publicFetch('/oauth2/revoke', {
        method: 'POST',
        headers: { authorization: basic(client) },
        body: new URLSearchParams({ token: String(token) }),
      })
    }
    for (const token of [machine.body['access_token'], body['access_token'], body['refresh_token']])
      for (failAt = 1; ; failAt += 1) {
        const { status } = await revoke(token)
        if (calls < failAt) {
          expect(status).toBe(200)
          break
        }
        expect([names.at(-1), status]).toEqual([names.at(-1), 503])
        if (failAt > 20) throw new Error('no end of calls')
      }
    expect(names.some((name) => name.startsWith('grants.') || name.startsWith('tokens.'))).toBe(
      true,
    )
    for (const token of [machine.body['access_token'], body['access_token']])
      expect(await introspect(real, token)).toEqual({ active: false })
    await real.close()
  })
})
