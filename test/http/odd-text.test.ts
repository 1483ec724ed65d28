import { beforeAll, expect, it } from 'vitest'
import {
  answer,
  authorizationUrl,
  basic,
  Browser,
  createClient,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

describeEachEngine('text that databases refuse', (engine) => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer(engine)
    client = await createClient(server)
    return () => server.close()
  })

  const long = 'x'.repeat(5000)
  const odd = ['%00', 'a%00b', '%F0%9F%94%A5', '%ED%A0%80', long]

  const reads = (text: string) => [
    `/admin/clients/${text}`,
    `/admin/clients?owner=${text}&client_name=${text}`,
    `/admin/oauth2/auth/sessions/consent?subject=${text}&login_session_id=${text}`,
    `/admin/oauth2/auth/requests/login?login_challenge=${text}`,
    `/admin/keys/${text}`,
    `/admin/keys/${text}/${text}`,
  ]
  for (const text of odd) {
    it(`never answers 5xx to '${text.slice(0, 20)}' in a path or query`, async () => {
      for (const path of reads(text)) {
        const { status } = await server.adminFetch(path)
        expect([path.slice(0, 80), status < 500]).toEqual([path.slice(0, 80), true])
      }
      for (const path of [
        `/admin/clients/${text}`,
        `/admin/oauth2/tokens?client_id=${text}`,
        `/admin/oauth2/auth/sessions/consent?subject=${text}&client=${text}`,
        `/admin/oauth2/auth/sessions/consent?consent_request_id=${text}`,
        `/admin/oauth2/auth/sessions/login?sid=${text}`,
        `/admin/oauth2/auth/sessions/login?subject=${text}`,
        `/admin/keys/${text}/${text}`,
      ]) {
        const { status } = await server.adminFetch(path, { method: 'DELETE' })
        expect([path.slice(0, 80), status < 500]).toEqual([path.slice(0, 80), true])
      }
      for (const path of [
        `/oauth2/auth?client_id=${text}`,
        `/oauth2/sessions/logout?id_token_hint=${text}`,
        `/oauth2/register/${text}`,
      ]) {
        const { status } = await server.publicFetch(path)
        expect([path.slice(0, 80), status < 500]).toEqual([path.slice(0, 80), true])
      }
    })

    it(`never answers 5xx to '${text.slice(0, 20)}' as a credential`, async () => {
      const value = text === '%ED%A0%80' ? '\uD800' : decodeURIComponent(text)
      const forms: Record<string, string>[] = [
        { grant_type: 'client_credentials', client_id: value, client_secret: value },
        { grant_type: 'authorization_code', code: value, redirect_uri: value },
        { grant_type: 'refresh_token', refresh_token: value },
        { grant_type: 'client_credentials', scope: value, audience: value },
      ]
      for (const form of forms) {
        const authorization =
          form['client_id'] === undefined ? { authorization: basic(client) } : {}
        const response = await server.publicFetch('/oauth2/token', {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', ...authorization },
          body: new URLSearchParams(form).toString(),
        })
        expect(response.status).toBeGreaterThanOrEqual(400)
        expect(response.status).toBeLessThan(500)
      }
    })
  }

  const values = ['\u0000', 'a\u0000b', '\uD800', 'x'.repeat(256), long, '']
  for (const value of values) {
    it(`refuses a subject of ${value.length} odd characters (${JSON.stringify(value).slice(0, 12)})`, async () => {
      const challenge = await new Browser(server).loginChallenge(authorizationUrl(client))
      const response = await answer(
        server,
        { kind: 'login', verdict: 'accept', challenge },
        { subject: value },
      )
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error: 'invalid_request' })
    })
  }

  it('takes odd text everywhere else in the answers of apps', async () => {
    const browser = new Browser(server)
    const challenge = await browser.loginChallenge(
      authorizationUrl(client, { state: 'st\u0000ate-of-eight', login_hint: '\u0000' }),
    )
    const consent = await browser.consentChallenge(challenge, {
      subject: 'é🔥'.repeat(20),
      acr: '\u0000',
      amr: ['\u0000'],
      context: { '\u0000': '\u0000' },
      remember: true,
    })
    const response = await answer(
      server,
      { kind: 'consent', verdict: 'accept', challenge: consent },
      {
        grant_scope: ['\u0000', 'openid'],
        grant_access_token_audience: ['\u0000'],
        session: { access_token: { '\u0000': '\u0000' }, id_token: { x: '\u0000' } },
        remember: true,
      },
    )
    const { redirect_to } = (await response.json()) as { redirect_to: string }
    expect((await browser.location(redirect_to)).searchParams.has('code')).toBe(true)
  })
})
