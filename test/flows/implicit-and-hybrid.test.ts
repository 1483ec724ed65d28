import { createHash } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import {
  authorizationUrl,
  Browser,
  claimsOf,
  createClient,
  exchangeCode,
  introspect,
  refresh,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const halfHash = (value: string) =>
  createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url')

describeEachEngine('implicit and hybrid flows', (engine) => {
  let server: TestServer
  let client: TestClient
  const everything = {
    grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    response_types: [
      'code',
      'token',
      'id_token',
      'token id_token',
      'code id_token',
      'code token',
      'code token id_token',
    ],
  }
  beforeAll(async () => {
    server = await startServer(engine)
    client = await createClient(server, everything)
    return () => server.close()
  })

  const responses = [
    {
      type: 'token',
      params: ['access_token', 'expires_in', 'iss', 'scope', 'state', 'token_type'],
    },
    { type: 'id_token', params: ['id_token', 'iss', 'state'] },
    {
      type: 'token id_token',
      params: ['access_token', 'expires_in', 'id_token', 'iss', 'scope', 'state', 'token_type'],
    },
    { type: 'code id_token', params: ['code', 'id_token', 'iss', 'state'] },
    {
      type: 'code token',
      params: ['access_token', 'code', 'expires_in', 'iss', 'scope', 'state', 'token_type'],
    },
    {
      type: 'id_token token code',
      params: [
        'access_token',
        'code',
        'expires_in',
        'id_token',
        'iss',
        'scope',
        'state',
        'token_type',
      ],
    },
  ]
  for (const { type, params } of responses) {
    it(`4.1 and S231 answer response_type=${type} with ${params.join(', ')} in the fragment`, async () => {
      const callback = await new Browser(server).authorize(
        authorizationUrl(client, { response_type: type }),
      )
      expect(callback.search).toBe('')
      const answer = new URLSearchParams(callback.hash.slice(1))
      expect([...answer.keys()]).toEqual(params)
      expect(answer.get('state')).toBe('some-random-state')
      const token = answer.get('access_token')
      const code = answer.get('code')
      if (token !== null) {
        expect(answer.get('token_type')).toBe('bearer')
        expect(await introspect(server, token)).toMatchObject({
          active: true,
          sub: 'user-1',
          client_id: client.client_id,
        })
      }
      const idToken = answer.get('id_token')
      if (idToken === null) return
      const claims = claimsOf(idToken)
      expect(claims).toMatchObject({
        sub: 'user-1',
        aud: [client.client_id],
        nonce: 'some-random-nonce',
      })
      expect(claims['at_hash']).toBe(token === null ? undefined : halfHash(token))
      expect(claims['c_hash']).toBe(code === null ? undefined : halfHash(code))
    })
  }

  it('4 gives the ID token of the token endpoint the c_hash of a hybrid code, and drops it on refresh', async () => {
    const callback = await new Browser(server).authorize(
      authorizationUrl(client, { response_type: 'code id_token' }),
    )
    const code = new URLSearchParams(callback.hash.slice(1)).get('code') ?? ''
    const { body } = await exchangeCode(server, client, new URL(`http://x/?code=${code}`))
    expect(claimsOf(body['id_token'])['c_hash']).toBe(halfHash(code))
    const refreshed = await refresh(server, client, body['refresh_token'])
    expect(claimsOf(refreshed.body['id_token'])).not.toHaveProperty('c_hash')
  })

  it('4.3 omits the ID token of a hybrid response when openid was not granted', async () => {
    const url = authorizationUrl(client, { response_type: 'code id_token' })
    const callback = await new Browser(server).authorize(url, { consent: { grant_scope: ['foo'] } })
    expect([...new URLSearchParams(callback.hash.slice(1)).keys()]).toEqual([
      'code',
      'iss',
      'state',
    ])
  })

  it('4.3 refuses an ID token alone when openid was not granted', async () => {
    const url = authorizationUrl(client, { response_type: 'id_token' })
    const callback = await new Browser(server).authorize(url, { consent: { grant_scope: ['foo'] } })
    expect(new URLSearchParams(callback.hash.slice(1)).get('error')).toBe(
      'unsupported_response_type',
    )
  })

  const refusals = [
    {
      it: 'a token in the query',
      params: { response_type: 'token', response_mode: 'query' },
      error: 'unsupported_response_mode',
      at: 'search',
    },
    {
      it: 'an ID token without nonce',
      params: { response_type: 'id_token', nonce: undefined },
      error: 'invalid_request',
      at: 'hash',
    },
    {
      it: 'a hybrid ID token without nonce',
      params: { response_type: 'code id_token', nonce: undefined },
      error: 'invalid_request',
      at: 'hash',
    },
    {
      it: 'a short nonce',
      params: { response_type: 'id_token', nonce: '1' },
      error: 'insufficient_entropy',
      at: 'hash',
    },
    {
      it: 'a hybrid request without redirect_uri',
      params: { response_type: 'code token', redirect_uri: undefined, scope: 'foo' },
      error: 'invalid_request',
      at: 'hash',
    },
    {
      it: 'a code with plain PKCE',
      params: { response_type: 'code token', code_challenge: 'x', code_challenge_method: 'plain' },
      error: 'invalid_request',
      at: 'hash',
    },
  ] as const
  for (const refusal of refusals) {
    it(`RFC 9700 §4.5.3.2: 4.3 and S229 refuse ${refusal.it} before any login`, async () => {
      const url = await new Browser(server).location(authorizationUrl(client, refusal.params))
      const answer = new URLSearchParams(url[refusal.at].slice(1))
      expect(answer.get('error')).toBe(refusal.error)
    })
  }

  it('RFC 9700 §2.1.2: 4.3 refuses tokens to a client without the implicit grant type', async () => {
    const limited = await createClient(server, {
      ...everything,
      grant_types: ['authorization_code'],
    })
    for (const response_type of ['token', 'id_token', 'code token']) {
      const url = await new Browser(server).location(authorizationUrl(limited, { response_type }))
      expect(new URLSearchParams(url.hash.slice(1)).get('error')).toBe('invalid_grant')
    }
  })

  it('4.2 posts the response of response_mode=form_post, custom schemes included', async () => {
    const native = await createClient(server, {
      ...everything,
      redirect_uris: ['com.example.app:/cb?"x'],
    })
    const browser = new Browser(server)
    const url = authorizationUrl(native, { response_type: 'code', response_mode: 'form_post' })
    await expect(browser.authorize(url)).rejects.toThrow('action="com.example.app:/cb?&#34;x"')
  })

  it('2.7 revokes the front-channel token together with the grant', async () => {
    const callback = await new Browser(server).authorize(
      authorizationUrl(client, { response_type: 'code token' }),
    )
    const answer = new URLSearchParams(callback.hash.slice(1))
    const redeem = () =>
      exchangeCode(server, client, new URL(`http://x/?code=${answer.get('code') ?? ''}`))
    expect((await redeem()).status).toBe(200)
    expect((await redeem()).status).toBe(400)
    expect(await introspect(server, answer.get('access_token'))).toEqual({ active: false })
  })

  it('S227 checks scope and audience of implicit requests as of all others', async () => {
    const app = await createClient(server, { ...everything, audience: ['https://api.example'] })
    const answerOf = async (params: Record<string, string>) => {
      const url = await new Browser(server).authorize(
        authorizationUrl(app, { response_type: 'token', scope: 'foo', ...params }),
      )
      return new URLSearchParams(url.hash.slice(1))
    }
    expect((await answerOf({ scope: 'bar' })).get('error')).toBe('invalid_scope')
    expect((await answerOf({ audience: 'https://other.example' })).get('error')).toBe(
      'invalid_request',
    )
    for (const params of [{}, { audience: 'https://api.example' }]) {
      expect((await answerOf(params)).has('access_token')).toBe(true)
    }
  })

  it('S228 posts the responses of every type, and errors too', async () => {
    for (const response_type of ['code', 'token', 'code id_token']) {
      const url = authorizationUrl(client, { response_type, response_mode: 'form_post' })
      const name = response_type === 'token' ? 'access_token' : 'code'
      await expect(new Browser(server).authorize(url)).rejects.toThrow(`name="${name}"`)
    }
    const { response } = await new Browser(server).visit(
      authorizationUrl(client, { response_mode: 'form_post', scope: 'bar' }),
    )
    expect(await response.text()).toContain('name="error" value="invalid_scope"')
  })

  it('S230 refuses a code request with openid but without redirect_uri, and a short state', async () => {
    const shown = await new Browser(server).location(
      authorizationUrl(client, { redirect_uri: undefined }),
    )
    expect([shown.pathname, shown.searchParams.get('error')]).toEqual([
      '/ui/error',
      'invalid_request',
    ])
    const short = await new Browser(server).location(authorizationUrl(client, { state: 'short' }))
    expect(short.searchParams.get('error')).toBe('invalid_state')
  })
})
