import { Configuration, OAuth2Api } from '@ory/hydra-client'
import * as oidc from 'openid-client'
import { beforeAll, describe, expect, it } from 'vitest'
import { CookieJar } from '../support/cookie-jar.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startLiveServer, type LiveServer } from '../support/live-server.ts'
import { startLoginConsentApp, type LoginConsentApp } from '../support/login-consent-app.ts'

/** Follows redirects as a browser would, until one leads to `end`. */
async function browse(start: URL, end: string, jar = new CookieJar()): Promise<URL> {
  let url = start
  for (let hops = 0; hops < 12; hops++) {
    if (url.href.startsWith(end)) return url
    const response = await fetch(url, {
      redirect: 'manual',
      headers: jar.header === '' ? {} : { cookie: jar.header },
    })
    jar.take(response)
    const location = response.headers.get('location')
    if (location === null)
      throw new Error(`stuck at ${url.href}: ${response.status} ${await response.text()}`)
    url = new URL(location, url)
  }
  throw new Error(`never arrived at ${end}`)
}

describeEachEngine('openid-client with a login and consent app on @ory/hydra-client', (engine) => {
  const redirectUri = 'http://127.0.0.1:5555/callback'
  let live: LiveServer
  let app: LoginConsentApp
  beforeAll(async () => {
    app = await startLoginConsentApp(() => live.adminUrl, 'ada')
    live = await startLiveServer(engine, {
      config: {
        urls: {
          self: undefined,
          login: `${app.url}/login`,
          consent: `${app.url}/consent`,
          logout: `${app.url}/logout`,
        },
      },
    })
    return async () => {
      await app.close()
      await live.close()
    }
  })

  const methods = ['client_secret_basic', 'client_secret_post', 'none'] as const
  for (const method of methods) {
    describe(method, () => {
      let config: oidc.Configuration
      beforeAll(async () => {
        const admin = new OAuth2Api(new Configuration({ basePath: live.adminUrl }))
        const { data: client } = await admin.createOAuth2Client({
          oAuth2Client: {
            redirect_uris: [redirectUri],
            post_logout_redirect_uris: ['http://127.0.0.1:5555/bye'],
            grant_types: ['authorization_code', 'refresh_token'],
            response_types: ['code'],
            scope: 'openid offline_access',
            token_endpoint_auth_method: method,
          },
        })
        const authentication = {
          client_secret_basic: oidc.ClientSecretBasic(client.client_secret),
          client_secret_post: oidc.ClientSecretPost(client.client_secret),
          none: oidc.None(),
        }[method]
        config = await oidc.discovery(
          new URL(live.publicUrl),
          client.client_id ?? '',
          {},
          authentication,
          {
            execute: [oidc.allowInsecureRequests],
          },
        )
      })

      async function signIn(jar = new CookieJar()) {
        const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
        const expected = {
          pkceCodeVerifier,
          expectedState: oidc.randomState(),
          expectedNonce: oidc.randomNonce(),
        }
        const url = oidc.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: 'openid offline_access',
          code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
          code_challenge_method: 'S256',
          state: expected.expectedState,
          nonce: expected.expectedNonce,
        })
        const callback = await browse(url, redirectUri, jar)
        return oidc.authorizationCodeGrant(config, callback, { ...expected, idTokenExpected: true })
      }

      it('discovers the server, signs in with PKCE and verifies the ID token', async () => {
        const tokens = await signIn()
        expect(tokens.claims()).toMatchObject({
          iss: live.publicUrl,
          sub: 'ada',
          email: 'ada@example.org',
          amr: ['pwd'],
        })
        expect(tokens.token_type).toBe('bearer')
        expect(tokens.expiresIn()).toBeGreaterThan(3590)
      })

      it('refreshes', async () => {
        const tokens = await signIn()
        const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')
        expect(refreshed.access_token).not.toBe(tokens.access_token)
        expect(refreshed.claims()).toMatchObject({ sub: 'ada' })
        await expect(
          oidc.refreshTokenGrant(config, tokens.refresh_token ?? ''),
        ).rejects.toMatchObject({ error: 'invalid_grant' })
      })

      it('fetches userinfo', async () => {
        const tokens = await signIn()
        const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, 'ada')
        expect(userinfo).toMatchObject({ sub: 'ada', email: 'ada@example.org' })
      })

      it('introspects at the admin API', async () => {
        const tokens = await signIn()
        const admin = new OAuth2Api(new Configuration({ basePath: live.adminUrl }))
        const { data } = await admin.introspectOAuth2Token({ token: tokens.access_token })
        expect(data).toMatchObject({
          active: true,
          sub: 'ada',
          ext: { tenant: 't9' },
          token_use: 'access_token',
        })
      })

      it('revokes, after which userinfo is refused', async () => {
        const tokens = await signIn()
        await oidc.tokenRevocation(config, tokens.refresh_token ?? '')
        await expect(oidc.fetchUserInfo(config, tokens.access_token, 'ada')).rejects.toMatchObject({
          status: 401,
        })
      })

      it('signs in without a question in a browser that did so before', async () => {
        const jar = new CookieJar()
        const first = (await signIn(jar)).claims()
        const second = (await signIn(jar)).claims()
        expect(second?.['sid']).toBe(first?.['sid'])
        expect(second?.['auth_time']).toBe(first?.['auth_time'])
      })

      it('signs out at the end session endpoint', async () => {
        const jar = new CookieJar()
        const tokens = await signIn(jar)
        const url = oidc.buildEndSessionUrl(config, {
          id_token_hint: tokens.id_token ?? '',
          post_logout_redirect_uri: 'http://127.0.0.1:5555/bye',
          state: 'state-of-logout',
        })
        const end = await browse(url, 'http://127.0.0.1:5555/bye', jar)
        expect(end.searchParams.get('state')).toBe('state-of-logout')
        const again = (await signIn(jar)).claims()
        expect(again?.['sid']).not.toBe(tokens.claims()?.['sid'])
      })
    })
  }
})
