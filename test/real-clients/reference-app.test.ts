/** The reference's own pages in a real browser, against `firebrand serve` as a process, with a client's website. */

import { decodeProtectedHeader } from 'jose'
import * as oidc from 'openid-client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { killCliServers, startCliServer, type CliServer } from '../support/cli-server.ts'
import { describeEachEngine } from '../support/engines.ts'
import { freePort } from '../support/free-port.ts'
import {
  allow,
  killReferenceApps,
  referenceUser,
  signIn,
  startReferenceApp,
  type ReferenceApp,
} from '../support/reference-app.ts'
import { outcomeIn, RelyingParty, type RegisteredClient } from '../support/relying-party.ts'

const denied = {
  result: 'error',
  error: 'access_denied',
  error_description: 'The resource owner denied the request',
}

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  killReferenceApps()
  killCliServers()
})

/** One engine with opaque access tokens, the other with JWTs. */
const strategies = { sqlite: 'opaque', postgres: 'jwt' } as const

describeEachEngine('the login, consent and logout app of the reference', (engine) => {
  const strategy = strategies[engine.name]
  let server: CliServer
  let app: ReferenceApp
  let rp: RelyingParty
  let client: RegisteredClient

  beforeAll(async () => {
    const port = await freePort()
    const pages = `http://127.0.0.1:${port}`
    server = await startCliServer(['all', '--dev'], {
      env: {
        DSN: engine.dsn,
        SECRETS_SYSTEM: 'a-system-secret-of-this-test-alone',
        STRATEGIES_ACCESS_TOKEN: strategy,
        URLS_LOGIN: `${pages}/login`,
        URLS_CONSENT: `${pages}/consent`,
        URLS_LOGOUT: `${pages}/logout`,
        URLS_DEVICE_VERIFICATION: `${pages}/device/verify`,
        URLS_DEVICE_SUCCESS: `${pages}/device/success`,
      },
    })
    app = await startReferenceApp({ port, adminUrl: server.adminUrl })
    rp = new RelyingParty(server)
    await rp.start()
    client = await rp.register()
    return async () => {
      await Promise.all([app.stop(), rp.stop(), server.stop()])
    }
  })

  /** Runs in a browser without cookies. */
  async function inFreshBrowser(run: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext()
    context.setDefaultTimeout(10_000)
    try {
      await run(await context.newPage())
    } finally {
      await context.close()
    }
  }

  async function start(page: Page, app = client, params: Record<string, string> = {}) {
    await page.goto(await rp.authorizationUrl(app, params))
  }

  async function tokensAfter(page: Page, scopes: readonly string[], app = client) {
    await start(page, app)
    await signIn(page)
    await allow(page, scopes)
    return successIn(page)
  }

  async function successIn(page: Page) {
    const outcome = await outcomeIn(page)
    if (outcome.result === 'error') throw new Error(JSON.stringify(outcome))
    const tokens = outcome.tokens as Record<string, string>
    return { tokens, claims: outcome.claims ?? {}, kinds: kindsOf(tokens) }
  }

  const kindsOf = (tokens: object) =>
    Object.keys(tokens)
      .filter((name) => name.endsWith('_token'))
      .sort()

  /** Signs in and allows everything, with both remembered. */
  async function rememberIn(page: Page, app: RegisteredClient) {
    await start(page, app)
    await signIn(page, { remember: true })
    await allow(page, ['openid', 'offline_access'], { remember: true })
    return successIn(page)
  }

  const formIn = (page: Page) => page.textContent('h1')

  const grants = [
    {
      it: 'CY1 gives every token for openid and offline_access',
      scopes: ['openid', 'offline_access'],
      kinds: ['access_token', 'id_token', 'refresh_token'],
    },
    {
      it: 'CY2 gives no ID token for offline_access alone',
      scopes: ['offline_access'],
      kinds: ['access_token', 'refresh_token'],
    },
    {
      it: 'CY3 gives no refresh token for openid alone',
      scopes: ['openid'],
      kinds: ['access_token', 'id_token'],
    },
    {
      it: 'CY4 gives an access token when no scope was ticked',
      scopes: [],
      kinds: ['access_token'],
    },
  ] as const
  for (const grant of grants)
    it(grant.it, () =>
      inFreshBrowser(async (page) => {
        const { kinds, tokens } = await tokensAfter(page, grant.scopes)
        expect(kinds).toEqual(grant.kinds)
        expect(tokens['scope']).toBe(grant.scopes.join(' '))
      }),
    )

  it('CY5 and S067 ask for no consent when the client skips it', () =>
    inFreshBrowser(async (page) => {
      await start(page, await rp.register({ skip_consent: true }))
      await signIn(page)
      const { kinds } = await successIn(page)
      expect(kinds).toEqual(['access_token', 'id_token', 'refresh_token'])
    }))

  it('refuses a wrong password, then takes the right one', () =>
    inFreshBrowser(async (page) => {
      await start(page)
      await signIn(page, { password: 'wrong' })
      expect(await page.textContent('body')).toContain(
        'The username / password combination is not correct',
      )
      await signIn(page)
      expect(await formIn(page)).toContain('An application requests access')
      await allow(page, ['openid'])
      expect((await successIn(page)).claims).toMatchObject({ sub: referenceUser.email })
    }))

  it('fills in the login hint', () =>
    inFreshBrowser(async (page) => {
      await start(page, client, { login_hint: 'ada@example.com' })
      expect(await page.inputValue('#email')).toBe('ada@example.com')
    }))

  function refusals() {
    it('CY6 a denied login reaches the client as the app said it', () =>
      inFreshBrowser(async (page) => {
        await start(page)
        await page.click('#reject')
        expect(await outcomeIn(page)).toEqual(denied)
      }))

    it('CY7 a denied consent reaches the client as the app said it', () =>
      inFreshBrowser(async (page) => {
        await start(page)
        await signIn(page)
        await page.click('#reject')
        expect(await outcomeIn(page)).toEqual(denied)
      }))

    it('CY8 an unknown client ends on the error page', () =>
      inFreshBrowser(async (page) => {
        const url = new URL(await rp.authorizationUrl(client))
        url.searchParams.set('client_id', 'nobody')
        await page.goto(url.href)
        expect(page.url()).toContain(server.publicUrl)
        expect(page.url()).toContain('error=invalid_client')
        expect(await page.textContent('body')).toContain('invalid_client')
      }))

    it('CY9 a scope that the client may not ask for comes back as invalid_scope', () =>
      inFreshBrowser(async (page) => {
        await start(page, await rp.register({ scope: 'foo' }), { scope: 'bar' })
        expect(await outcomeIn(page)).toMatchObject({ error: 'invalid_scope' })
      }))

    it('CY10 a response type that the client may not use comes back', () =>
      inFreshBrowser(async (page) => {
        await start(page, await rp.register({ response_types: ['token'] }))
        expect(await outcomeIn(page)).toMatchObject({ error: 'unsupported_response_type' })
      }))

    it('CY11 a client without the grant type gets a code and no tokens', () =>
      inFreshBrowser(async (page) => {
        await start(page, await rp.register({ grant_types: ['client_credentials'] }))
        await signIn(page)
        await allow(page, ['openid'])
        expect(await outcomeIn(page)).toMatchObject({ error: 'unauthorized_client' })
        expect(page.url()).toContain('code=')
      }))

    it('CY12 an address that is not registered ends on the error page', () =>
      inFreshBrowser(async (page) => {
        await start(page, client, { redirect_uri: 'https://elsewhere.example/callback' })
        expect(page.url()).toContain(server.publicUrl)
        expect(page.url()).toContain('error=invalid_request')
        expect(await page.textContent('body')).toContain('redirect_uri')
      }))
  }
  // These ask little of the database, so one engine is enough.
  if (engine.name === 'sqlite') describe('when something is refused', refusals)

  it('CY13 a remembered consent is listed, and revoking it ends its tokens', () =>
    inFreshBrowser(async (page) => {
      const app = await rp.register()
      const { tokens } = await rememberIn(page, app)
      const subject = referenceUser.email
      const mine = async () => {
        const { data } = await rp.admin.listOAuth2ConsentSessions({ subject })
        return data.filter((each) => each.consent_request?.client?.client_id === app.id)
      }
      const [session, ...more] = await mine()
      expect(more).toEqual([])
      expect(session?.grant_scope).toEqual(['openid', 'offline_access'])
      expect(session?.handled_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+(\.\d+)?Z$/u)
      await rp.admin.revokeOAuth2ConsentSessions({ subject, client: app.id })
      expect(await mine()).toEqual([])
      for (const token of [tokens['access_token'], tokens['refresh_token']]) {
        const { data } = await rp.admin.introspectOAuth2Token({ token: token ?? '' })
        expect(data.active).toBe(false)
      }
    }))

  describe('a device', () => {
    const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
    const cases = [
      { it: 'CY14', scopes: ['openid', 'offline_access'], skip: false },
      { it: 'CY15', scopes: ['offline_access'], skip: false },
      { it: 'CY16', scopes: ['openid'], skip: false },
      { it: 'CY17', scopes: [], skip: false },
      { it: 'CY18 (without consent)', scopes: ['openid', 'offline_access'], skip: true },
    ] as const
    for (const c of cases)
      it(`${c.it} is connected with ${c.scopes.join(' and ') || 'no scope'}`, () =>
        inFreshBrowser(async (page) => {
          const device = await rp.register({
            grant_types: [deviceGrant, 'refresh_token'],
            skip_consent: c.skip,
          })
          const codes = await oidc.initiateDeviceAuthorization(device.config, {
            scope: 'openid offline_access',
          })
          await page.goto(codes.verification_uri_complete ?? codes.verification_uri)
          await page.click('#verify')
          await signIn(page)
          if (!c.skip) await allow(page, c.scopes)
          await page.waitForURL(/\/device\/success/u)
          const tokens = await oidc.pollDeviceAuthorizationGrant(device.config, {
            ...codes,
            interval: 0,
          })
          expect(kindsOf(tokens)).toEqual([
            'access_token',
            ...(c.scopes.some((scope) => scope === 'openid') ? ['id_token'] : []),
            ...(c.scopes.some((scope) => scope === 'offline_access') ? ['refresh_token'] : []),
          ])
        }))
  })

  describe('tokens', () => {
    let page: Page
    let tokens: Record<string, string>
    beforeAll(async () => {
      const context = await browser.newContext()
      page = await context.newPage()
      ;({ tokens } = await tokensAfter(page, ['openid', 'offline_access']))
      return () => context.close()
    })
    const introspect = async (kind: string) =>
      (await rp.admin.introspectOAuth2Token({ token: tokens[kind] ?? '' })).data

    it.each(['access_token', 'refresh_token'])('CY33 and CY34 introspect: %s', async (kind) => {
      expect(await introspect(kind)).toMatchObject({
        active: true,
        sub: referenceUser.email,
        client_id: client.id,
        token_type: 'Bearer',
        token_use: kind,
      })
    })

    it('CY35 have the form of the strategy', () => {
      expect(tokens['access_token']?.split('.')).toHaveLength(strategy === 'jwt' ? 3 : 2)
      if (strategy === 'jwt')
        expect(decodeProtectedHeader(tokens['access_token'] ?? '')).toMatchObject({ typ: 'JWT' })
    })

    it('CY61 userinfo has sub and aud', async () => {
      const userinfo = await oidc.fetchUserInfo(
        client.config,
        tokens['access_token'] ?? '',
        referenceUser.email,
      )
      expect(userinfo['aud']).toEqual([client.id])
    })

    it('CY36 and CY37 refresh into three new ones', async () => {
      const refreshed = await oidc.refreshTokenGrant(client.config, tokens['refresh_token'] ?? '')
      expect(kindsOf(refreshed)).toEqual(['access_token', 'id_token', 'refresh_token'])
      for (const kind of kindsOf(refreshed)) expect(refreshed[kind]).not.toBe(tokens[kind])
    })

    it.each(['access_token', 'refresh_token'])(
      'CY59 and CY60 revoking the %s closes userinfo',
      async (kind) => {
        const fresh = await browser.newContext()
        const signedIn = (await tokensAfter(await fresh.newPage(), ['openid', 'offline_access']))
          .tokens
        await fresh.close()
        await oidc.tokenRevocation(client.config, signedIn[kind] ?? '')
        await expect(
          oidc.fetchUserInfo(client.config, signedIn['access_token'] ?? '', referenceUser.email),
        ).rejects.toMatchObject({ status: 401 })
      },
    )
  })

  it('CY38 the reuse of an old refresh token of a public client ends the newer one', () =>
    inFreshBrowser(async (page) => {
      const app = await rp.register({ token_endpoint_auth_method: 'none' })
      const { tokens } = await tokensAfter(page, ['openid', 'offline_access'], app)
      const first = tokens['refresh_token'] ?? ''
      const { refresh_token: second = '' } = await oidc.refreshTokenGrant(app.config, first)
      for (const token of [first, second])
        await expect(oidc.refreshTokenGrant(app.config, token)).rejects.toMatchObject({
          status: 400,
          error: 'invalid_grant',
        })
    }))

  it('CY39 the ID token names subject and session', () =>
    inFreshBrowser(async (page) => {
      await start(page, client, { scope: 'openid', nonce: 'nonce-of-this-test' })
      await signIn(page)
      await allow(page, ['openid'])
      const { claims, kinds } = await successIn(page)
      expect(claims).toMatchObject({
        sub: referenceUser.email,
        nonce: 'nonce-of-this-test',
        acr: '0',
        sid: expect.stringMatching(/^[\da-f-]{36}$/u),
      })
      expect(kinds).not.toContain('refresh_token')
    }))

  describe('prompt', () => {
    it('CY55 none without a session gives login_required', () =>
      inFreshBrowser(async (page) => {
        await start(page, client, { prompt: 'none' })
        expect(await outcomeIn(page)).toMatchObject({ error: 'login_required' })
      }))

    it('CY56 asks nothing when login and consent are remembered, with none and without', () =>
      inFreshBrowser(async (page) => {
        const app = await rp.register()
        const first = await rememberIn(page, app)
        for (const params of [{}, { prompt: 'none' }]) {
          await start(page, app, params)
          const again = await successIn(page)
          expect(again.claims).toMatchObject({
            sub: referenceUser.email,
            sid: first.claims['sid'],
            auth_time: first.claims['auth_time'],
          })
        }
        await start(page, await rp.register(), { prompt: 'none' })
        expect(await outcomeIn(page)).toMatchObject({ error: 'consent_required' })
      }))

    it('CY57 login asks for the password again', () =>
      inFreshBrowser(async (page) => {
        const app = await rp.register()
        await rememberIn(page, app)
        await start(page, app, { prompt: 'login' })
        expect(await formIn(page)).toContain('Please log in')
        await signIn(page)
        expect((await successIn(page)).claims).toMatchObject({ sub: referenceUser.email })
      }))

    it('CY58 consent asks for consent again', () =>
      inFreshBrowser(async (page) => {
        const app = await rp.register()
        await rememberIn(page, app)
        await start(page, app, { prompt: 'consent' })
        expect(await formIn(page)).toContain('An application requests access')
        await allow(page, ['openid'])
        expect((await successIn(page)).kinds).toEqual(['access_token', 'id_token'])
      }))
  })

  describe('logout', () => {
    const defaultPage = 'Your log out request however succeeded.'

    it('CY48 to CY50 started here ends the session; the consent stays remembered', () =>
      inFreshBrowser(async (page) => {
        const app = await rp.register({ backchannel_logout_uri: rp.url('/back-channel') })
        const { claims } = await rememberIn(page, app)
        expect(await rp.knows(page)).toBe(true)
        await page.goto(`${server.publicUrl}/oauth2/sessions/logout`)
        expect(await formIn(page)).toContain('Do you wish to log out?')
        await page.click('#accept')
        expect(await page.textContent('body')).toContain(defaultPage)
        await start(page, app)
        expect(await formIn(page)).toContain('Please log in')
        await signIn(page)
        expect((await successIn(page)).claims['sid']).not.toBe(claims['sid'])
      }))

    it('CY51 and CY52 started by the client tells it through the back channel', () =>
      inFreshBrowser(async (page) => {
        const app = await rp.register({ backchannel_logout_uri: rp.url('/back-channel') })
        const { tokens, claims } = await rememberIn(page, app)
        await page.goto(rp.endSessionUrl(app, { id_token_hint: tokens['id_token'] ?? '' }))
        await page.click('#accept')
        expect(await page.textContent('body')).toContain(defaultPage)
        await expect.poll(() => rp.knows(page), { timeout: 10_000 }).toBe(false)
        const [token] = rp.logoutTokens.filter(({ sid }) => sid === claims['sid'])
        expect(token).toMatchObject({ iss: server.publicUrl, aud: [app.id] })
        expect(token).not.toHaveProperty('nonce')
      }))

    it('CY53 and CY54 started by the client tells it through the front channel', () =>
      inFreshBrowser(async (page) => {
        const app = await rp.register({ frontchannel_logout_uri: rp.url('/front-channel') })
        const { tokens, claims } = await rememberIn(page, app)
        await page.goto(rp.endSessionUrl(app, { id_token_hint: tokens['id_token'] ?? '' }))
        await page.click('#accept')
        await page.getByText(defaultPage).waitFor()
        expect(rp.frontChannelLogouts).toContainEqual({
          iss: server.publicUrl,
          sid: claims['sid'],
        })
        expect(await rp.knows(page)).toBe(false)
      }))

    it('returns to the address that the client registered, with its state', () =>
      inFreshBrowser(async (page) => {
        const app = await rp.register()
        const { tokens } = await rememberIn(page, app)
        const logout = rp.endSessionUrl(app, {
          id_token_hint: tokens['id_token'] ?? '',
          post_logout_redirect_uri: rp.url('/bye'),
          state: 'where I was',
        })
        await page.goto(logout)
        await page.click('#accept')
        await page.waitForURL(/\/bye\?/u)
        expect(new URL(page.url()).searchParams.get('state')).toBe('where I was')
        // A second time there is no session to ask about.
        await page.goto(logout)
        expect(page.url()).toContain('/bye?')
      }))
  })
})
