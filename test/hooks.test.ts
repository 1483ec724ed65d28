/** `oauth2.token_hook` and `oauth2.refresh_token_hook`, as contract tokens §7 tells it. */

import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOutgoing } from '../src/node/outgoing.ts'
import { Browser, authorizationUrl, claimsOf, type TestClient } from './support/browser-flow.ts'
import {
  authorize,
  codeFlow,
  createClient,
  ownPages,
  postForm,
  refresh,
  requestTokens,
  type Tokens,
} from './support/code-flow.ts'
import {
  approve,
  createDeviceClient,
  deviceGrant,
  poll,
  requestCodes,
} from './support/device-flow.ts'
import { describeEachEngine, type Engine } from './support/engines.ts'
import { startServer, type TestServer } from './support/server.ts'

interface Seen {
  readonly method: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: any // oxlint-disable-line typescript/no-explicit-any -- assertions look into it
}

interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A web service that notes what it is asked and answers as it was told. */
async function startHook() {
  const seen: Seen[] = []
  const hook = {
    seen,
    url: '',
    answers: [] as Answer[],
    last: (): Seen => seen.at(-1)!,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (more: string) => {
      text += more
    })
    request.once('end', () => {
      seen.push({ method: request.method, headers: request.headers, body: JSON.parse(text) })
      const {
        status,
        body = '',
        headers,
      } = (hook.answers.length > 1 ? hook.answers.shift() : hook.answers[0]) ?? { status: 204 }
      response.writeHead(status, headers)
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  return hook
}

const outgoing = createOutgoing({
  rules: { disallowPrivateIpRanges: false, privateIpExceptionUrls: [] },
})

function start(engine: Engine | string, oauth2: object, more: object = {}): Promise<TestServer> {
  return startServer(engine, { config: { ...ownPages, ...more, oauth2 }, options: { outgoing } })
}

async function introspect(server: TestServer, token: string) {
  const response = await postForm(server.adminFetch, '/admin/oauth2/introspect', { token })
  return (await response.json()) as Record<string, unknown>
}

const claims = (hooked: boolean) => ({
  session: { access_token: { hooked }, id_token: { hooked } },
})

describeEachEngine('hooks', (engine) => {
  let hook: Awaited<ReturnType<typeof startHook>>
  let server: TestServer
  beforeEach(async () => {
    hook = await startHook()
  })
  afterEach(async () => {
    await server.close()
    await hook.close()
  })

  const apiKey = () => ({
    token_hook: {
      url: hook.url,
      auth: { type: 'api_key', config: { in: 'header', name: 'X-Api-Key', value: 's3cret' } },
    },
  })

  async function exchangeRaw(client: TestClient, code: string): Promise<Response> {
    return postForm(
      server.publicFetch,
      '/oauth2/token',
      { grant_type: 'authorization_code', code, redirect_uri: client.redirect_uri },
      client,
    )
  }

  for (const strategy of ['opaque', 'jwt'] as const)
    describe(`with ${strategy} access tokens`, () => {
      const metadata = { access_token_strategy: strategy }

      /** Claims of an access token, whatever its form. */
      async function extOf(token: string): Promise<unknown> {
        const { ext = {} } = await introspect(server, token)
        if (strategy === 'jwt') expect(claimsOf(token)['ext']).toEqual(ext)
        return ext
      }

      it('adds claims to those of the consent when a code is exchanged (S035)', async () => {
        server = await start(engine, apiKey())
        hook.answers = [
          {
            status: 200,
            body: {
              session: {
                access_token: { hooked: true, tenant: 'of the hook' },
                id_token: { hooked: true, email: 'of the hook', sid: 'x', sub: 'mallory' },
              },
            },
          },
        ]
        const client = await createClient(server, metadata)
        const tokens = await codeFlow(server, client, {
          scope: 'openid offline',
          session: { access_token: { tenant: 't9' }, id_token: { email: 'a@example.org' } },
        })
        expect(hook.seen).toHaveLength(1)
        const { method, headers, body } = hook.last()
        expect(method).toBe('POST')
        expect(headers['content-type']).toMatch(/^application\/json; charset=utf-8$/iu)
        expect(headers['x-api-key']).toBe('s3cret')
        expect(body.request).toEqual({
          client_id: client.client_id,
          requested_scopes: ['openid', 'offline'],
          granted_scopes: ['openid', 'offline'],
          granted_audience: [],
          grant_types: ['authorization_code'],
          payload: { grant_type: ['authorization_code'] },
        })
        expect(body.session).toMatchObject({
          extra: { tenant: 't9' },
          client_id: client.client_id,
          exclude_not_before_claim: false,
          allowed_top_level_claims: [],
          mirror_top_level_claims: true,
          preserve_ext_claims: false,
        })
        expect(Object.keys(body.session)).toEqual([
          'id_token',
          'extra',
          'kid',
          'client_id',
          'consent_challenge',
          'exclude_not_before_claim',
          'allowed_top_level_claims',
          'mirror_top_level_claims',
          'preserve_ext_claims',
        ])
        const idToken = claimsOf(tokens.id_token)
        expect(body.session.id_token).toMatchObject({
          subject: 'alice',
          id_token_claims: {
            jti: '',
            iss: server.issuer,
            sub: 'alice',
            aud: [client.client_id],
            nonce: 'nonce-of-the-test',
            exp: '0001-01-01T00:00:00Z',
            iat: '2030-01-01T00:00:00Z',
            ext: { email: 'a@example.org', sid: idToken['sid'] },
          },
          expires_at: {
            access_token: '2030-01-01T01:00:00Z',
            refresh_token: '2030-01-31T00:00:00Z',
          },
        })
        expect(await extOf(tokens.access_token)).toEqual({ hooked: true, tenant: 't9' })
        expect(idToken).toMatchObject({ hooked: true, email: 'a@example.org', sub: 'alice' })
        expect(idToken['sid']).not.toBe('x')
      })

      it('shows the legacy hook a refresh and puts its claims into the tokens (S057)', async () => {
        server = await start(engine, { refresh_token_hook: hook.url })
        const client = await createClient(server, metadata)
        const first = await codeFlow(server, client, { session: { access_token: { a: 1 } } })
        expect(hook.seen).toHaveLength(0)
        hook.answers = [{ status: 200, body: claims(true) }]
        const tokens = await refresh(server, client, first.refresh_token)
        const { body } = hook.last()
        const granted = {
          client_id: client.client_id,
          granted_scopes: ['openid', 'offline'],
          granted_audience: [],
        }
        expect(body).toMatchObject({
          subject: 'alice',
          session: { extra: { a: 1 }, id_token: { subject: 'alice' } },
          ...granted,
        })
        expect(body.requester).toEqual({ ...granted, grant_types: ['refresh_token'] })
        expect(await extOf(tokens.access_token)).toEqual({ hooked: true })
        expect(claimsOf(tokens.id_token)['hooked']).toBe(true)
      })

      it('shows the token hook a refresh, replaces the claims and keeps the sid (S058)', async () => {
        server = await start(engine, { token_hook: hook.url })
        const client = await createClient(server, metadata)
        const first = await codeFlow(server, client, {
          session: { access_token: { a: 1 }, id_token: { email: 'a@example.org' } },
        })
        hook.answers = [{ status: 200, body: claims(true) }]
        const tokens = await refresh(server, client, first.refresh_token)
        const { body } = hook.last()
        expect(body.request).toMatchObject({
          grant_types: ['refresh_token'],
          payload: { grant_type: ['refresh_token'] },
        })
        expect(Object.keys(body.request.payload)).toEqual(['grant_type'])
        expect(body.session.extra).toEqual({ a: 1 })
        expect(await extOf(tokens.access_token)).toEqual({ hooked: true })
        const idToken = claimsOf(tokens.id_token)
        expect(idToken).toMatchObject({ hooked: true, sid: claimsOf(first.id_token)['sid'] })
        expect(idToken).not.toHaveProperty('email')

        hook.answers = [{ status: 204 }]
        const later = await refresh(server, client, tokens.refresh_token)
        expect(hook.last().body.session.extra).toEqual({ hooked: true })
        expect(await extOf(later.access_token)).toEqual({ hooked: true })

        hook.answers = [{ status: 200, body: { session: { id_token: { last: 1 } } } }]
        const cleared = await refresh(server, client, later.refresh_token)
        expect(await extOf(cleared.access_token)).toEqual({})
        expect(claimsOf(cleared.id_token)).toMatchObject({ last: 1 })
        expect(claimsOf(cleared.id_token)).not.toHaveProperty('hooked')
      })

      for (const kind of ['token_hook', 'refresh_token_hook'] as const) {
        it(`changes nothing when ${kind} answers 204 to a refresh (S059)`, async () => {
          server = await start(engine, { [kind]: hook.url })
          const client = await createClient(server, metadata)
          const first = await codeFlow(server, client, { session: { access_token: { a: 1 } } })
          const before = await introspect(server, first.access_token)
          server.clock.advance(5000)
          const tokens = await refresh(server, client, first.refresh_token)
          const {
            exp: _e,
            iat: _i,
            nbf: _n,
            ...rest
          } = await introspect(server, tokens.access_token)
          const { exp, iat, nbf, ...restBefore } = before
          expect(rest).toEqual(restBefore)
          expect([exp, iat, nbf].every((each) => typeof each === 'number')).toBe(true)
        })

        for (const [name, answer, status, error] of [
          ['500 (S060)', { status: 500 }, 500, 'server_error'],
          ['501', { status: 501 }, 500, 'server_error'],
          ['400', { status: 400 }, 500, 'server_error'],
          ['403 (S061)', { status: 403 }, 403, 'access_denied'],
          ['200 without a body (S062)', { status: 200 }, 500, 'server_error'],
        ] as const)
          it(`refuses a refresh when ${kind} answers ${name}, and spends nothing`, async () => {
            server = await start(engine, { [kind]: hook.url })
            const client = await createClient(server, metadata)
            const first = await codeFlow(server, client)
            hook.answers = [answer]
            const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token }
            const response = await postForm(server.publicFetch, '/oauth2/token', form, client)
            expect(response.status).toBe(status)
            expect(await response.json()).toMatchObject({ error })
            expect((await introspect(server, first.access_token))['active']).toBe(true)
            hook.answers = [{ status: 204 }]
            expect((await refresh(server, client, first.refresh_token)).access_token).not.toBe('')
          })
      }

      it('shows scope and audience of client credentials, and adds claims (S089)', async () => {
        server = await start(engine, { token_hook: hook.url })
        const client = await createClient(server, metadata)
        hook.answers = [{ status: 200, body: claims(true) }]
        const tokens = await requestTokens(server, client, {
          grant_type: 'client_credentials',
          scope: 'foo.bar',
          audience: 'https://api.example/v1',
        })
        const { body } = hook.last()
        expect(body.request).toEqual({
          client_id: client.client_id,
          requested_scopes: ['foo.bar'],
          granted_scopes: ['foo.bar'],
          granted_audience: ['https://api.example/v1'],
          grant_types: ['client_credentials'],
          payload: { grant_type: ['client_credentials'], scope: ['foo.bar'] },
        })
        expect(body.session).toMatchObject({
          consent_challenge: '',
          extra: {},
          id_token: { subject: client.client_id },
        })
        expect(await extOf(tokens.access_token)).toEqual({ hooked: true })
      })

      for (const [name, answer, status, error] of [
        ['500 (S036, S090)', { status: 500 }, 500, 'server_error'],
        ['403 (S037, S091)', { status: 403 }, 403, 'access_denied'],
        ['200 without a body (S038, S092)', { status: 200 }, 500, 'server_error'],
      ] as const)
        it(`issues nothing when the hook answers ${name}, and a retry with the code works (S248)`, async () => {
          server = await start(engine, { token_hook: hook.url })
          const client = await createClient(server, metadata)
          const code = await authorize(server, client)
          hook.answers = [answer]
          const refused = await exchangeRaw(client, code)
          expect(refused.status).toBe(status)
          expect(await refused.json()).toMatchObject({ error })
          const form = { grant_type: 'client_credentials' }
          const own = await postForm(server.publicFetch, '/oauth2/token', form, client)
          expect([own.status, await own.json()]).toMatchObject([status, { error }])
          hook.answers = [{ status: 204 }]
          expect((await exchangeRaw(client, code)).status).toBe(200)
        })
    })

  it('takes code and verifier again after a failure (S248)', async () => {
    server = await start(engine, { token_hook: hook.url })
    const client = await createClient(server)
    const verifier = randomBytes(32).toString('base64url')
    const callback = await new Browser(server).authorize(
      authorizationUrl(client, {
        scope: 'openid',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }),
    )
    const form = {
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code')!,
      redirect_uri: client.redirect_uri,
      code_verifier: verifier,
    }
    hook.answers = [{ status: 500 }]
    expect((await postForm(server.publicFetch, '/oauth2/token', form, client)).status).toBe(500)
    hook.answers = [{ status: 200, body: claims(true) }]
    const tokens = await requestTokens(server, client, form)
    expect(claimsOf(tokens.id_token)['hooked']).toBe(true)
    expect(JSON.stringify(hook.seen)).not.toContain(verifier)
    expect(JSON.stringify(hook.seen)).not.toContain(form.code)
    expect(JSON.stringify(hook.seen)).not.toContain(client.client_secret)
  })

  it('adds claims when a device polls, and leaves its code when it fails', async () => {
    server = await start(engine, { token_hook: hook.url })
    const client = await createDeviceClient(server, {
      scope: 'openid offline userinfo_credential_draft_00',
    })
    const scope = 'openid offline userinfo_credential_draft_00'
    const codes = await requestCodes(server, client, { scope })
    await approve(new Browser(server), codes, {
      consent: { session: { access_token: { tenant: 't9' } } },
    })
    hook.answers = [{ status: 500 }]
    expect((await poll(server, client, codes)).status).toBe(500)
    server.clock.advance(5000)
    hook.answers = [
      { status: 200, body: { session: { access_token: { hooked: true, tenant: 'other' } } } },
    ]
    const { body } = await poll(server, client, codes)
    expect((await introspect(server, String(body['access_token'])))['ext']).toEqual({
      hooked: true,
      tenant: 't9',
    })
    expect(body).not.toHaveProperty('c_nonce_draft_00')
    const seen = hook.last().body
    expect(seen.request).toMatchObject({
      granted_scopes: scope.split(' '),
      grant_types: [deviceGrant],
      payload: { grant_type: [deviceGrant] },
    })
    expect(JSON.stringify(seen)).not.toContain(codes.device_code)
  })

  it('asks the hook for refreshes first and shows the other its claims', async () => {
    server = await start(engine, {
      refresh_token_hook: `${hook.url}/refresh`,
      token_hook: hook.url,
    })
    const client = await createClient(server)
    const first = await codeFlow(server, client)
    hook.answers = [{ status: 200, body: claims(true) }, { status: 204 }]
    const tokens = await refresh(server, client, first.refresh_token)
    const [, ofRefresh, ofToken] = hook.seen
    expect(ofRefresh?.body).toHaveProperty('requester')
    expect(ofToken?.body.session.extra).toEqual({ hooked: true })
    expect((await introspect(server, tokens.access_token))['ext']).toEqual({ hooked: true })
  })

  it('asks again after a temporary failure', async () => {
    server = await start(engine, { token_hook: hook.url })
    const client = await createClient(server)
    hook.answers = [{ status: 503 }, { status: 429 }, { status: 200, body: claims(true) }]
    const tokens = await requestTokens(server, client, { grant_type: 'client_credentials' })
    expect(hook.seen).toHaveLength(3)
    expect((await introspect(server, tokens.access_token))['ext']).toEqual({ hooked: true })
  })

  it('gives a hook ten seconds, all attempts together (W-36)', async () => {
    const timeouts: number[] = []
    server = await startServer(engine, {
      config: { ...ownPages, oauth2: { token_hook: hook.url } },
      options: {
        outgoing: {
          ...outgoing,
          fetch: async ({ timeout }) => {
            timeouts.push(timeout)
            return { ok: false, error: 'it took too long' }
          },
        },
      },
    })
    const client = await createClient(server)
    const form = { grant_type: 'client_credentials' }
    const response = await postForm(server.publicFetch, '/oauth2/token', form, client)
    expect(response.status).toBe(500)
    expect(timeouts).toHaveLength(3)
    expect(timeouts[0]).toBeLessThanOrEqual(10_000)
    // The pauses are 500 ms together; each timer may fire a millisecond early.
    expect(timeouts[2]).toBeLessThanOrEqual(9503)
  })

  it('sends its credential as a cookie when told so', async () => {
    server = await start(engine, {
      token_hook: {
        url: hook.url,
        auth: { type: 'api_key', config: { in: 'cookie', name: 'key', value: 's3cret' } },
      },
    })
    const client = await createClient(server)
    await requestTokens(server, client, { grant_type: 'client_credentials' })
    expect(hook.last().headers.cookie).toBe('key=s3cret')
  })

  it('keeps the digits of large numbers (W-38)', async () => {
    server = await start(engine, { token_hook: hook.url })
    const client = await createClient(server, { access_token_strategy: 'jwt' })
    hook.answers = [
      { status: 200, body: '{"session":{"access_token":{"n":12345678901234567890}}}' },
    ]
    const { access_token } = await requestTokens(server, client, {
      grant_type: 'client_credentials',
    })
    const payload = Buffer.from(access_token.split('.')[1]!, 'base64url').toString()
    expect(payload).toContain('"n":12345678901234567890')
  })

  it.each(['[]', 'null', '{"session":[]}', '{"session":{"access_token":"x"}}', '<html>'])(
    'takes %s for no answer',
    async (body) => {
      server = await start(engine, { token_hook: hook.url })
      const client = await createClient(server)
      hook.answers = [{ status: 200, body }]
      const form = { grant_type: 'client_credentials' }
      expect((await postForm(server.publicFetch, '/oauth2/token', form, client)).status).toBe(500)
    },
  )

  it('is not sent anywhere that clients.http forbids, nor told what is there', async () => {
    const rules = { disallowPrivateIpRanges: true, privateIpExceptionUrls: [] }
    server = await startServer(engine, {
      config: { ...ownPages, oauth2: { token_hook: hook.url } },
      options: { outgoing: createOutgoing({ rules }) },
    })
    const client = await createClient(server)
    const form = { grant_type: 'client_credentials' }
    const response = await postForm(server.publicFetch, '/oauth2/token', form, client)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('127.0.0.1')
    expect(hook.seen).toHaveLength(0)
  })

  it('lets one of two refreshes through that wait for the hook at once', async () => {
    server = await start(engine, { token_hook: hook.url })
    const client = await createClient(server)
    const first = await codeFlow(server, client, { session: { access_token: { a: 1 } } })
    hook.answers = [
      { status: 200, body: { session: { access_token: { n: 1 } } } },
      { status: 200, body: { session: { access_token: { n: 2 } } } },
    ]
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token }
    const answers = await Promise.all(
      [1, 2].map(() => postForm(server.publicFetch, '/oauth2/token', form, client)),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400])
    const winner = (await answers.find(({ status }) => status === 200)!.json()) as Tokens
    // The loser is a reuse, so that all tokens of the grant have ended.
    expect((await introspect(server, winner.access_token))['active']).toBe(false)
  })
})
