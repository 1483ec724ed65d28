/** The client of one test: registers, sends people to the server, and checks whatever comes back. */

import * as oauth from 'oauth4webapi'
import { expect } from 'vitest'
import { checkResponse, expectArrival, type ExpectedResponse } from './checks/authorization.ts'
import type { Claims } from './checks/claims.ts'
import { checkIdToken, type IdToken } from './checks/id-token.ts'
import { checkRegistration } from './checks/registration.ts'
import { checkExpiresIn, checkTokenResponse, type Answer } from './checks/tokens.ts'
import { checkUserInfo } from './checks/userinfo.ts'
import type { Plan, Registration, ResponseType } from './list.ts'
import { clientOrigin, type ClientKey, type Provider } from './provider.ts'
import { answerPages } from './end-user.ts'
import { randomText } from './random-text.ts'
import type { ServerPage, Stop, UserAgent } from './user-agent.ts'

/** What a plan varies. */
export interface Variant {
  readonly plan: Plan
  readonly responseType: ResponseType
  readonly registration: Registration
}

/** Client metadata under its wire names. */
export type Metadata = Readonly<Record<string, unknown>>

/** A client as the server answered its registration. */
export interface Client {
  readonly id: string
  readonly redirectUri: string
  readonly answer: Answer
  readonly authentication: oauth.ClientAuth
}

/** An authorization request that is ready to be sent. */
export interface Request {
  readonly params: URLSearchParams
  readonly url: string
  readonly nonce: string | undefined
  readonly expected: ExpectedResponse
}

/** A completed login, every check passed. */
export interface Login {
  readonly params: URLSearchParams
  /** The one that came first. */
  readonly idToken: IdToken
  readonly idTokens: readonly IdToken[]
  /** Of the token endpoint. */
  readonly answer: Answer | undefined
  readonly code: string | undefined
  readonly accessTokens: readonly string[]
  /** One for each access token. */
  readonly userInfos: readonly Claims[]
  /** What the end user saw on the way. */
  readonly shown: readonly ServerPage[]
}

/** What is different from the usual login. `undefined` leaves a parameter out. */
export interface LoginOptions {
  readonly params?: Readonly<Record<string, string | undefined>>
  readonly agent?: UserAgent
  readonly authentication?: oauth.ClientAuth
  readonly codeVerifier?: string
  /** Sends the request; a GET of its URL if not given. */
  readonly send?: (request: Request, agent: UserAgent) => Promise<Stop>
  /** Parameters the other way round. */
  readonly reversed?: boolean
}

export class RelyingParty {
  readonly provider: Provider
  readonly variant: Variant
  readonly #registered: Client[] = []

  constructor(provider: Provider, variant: Variant) {
    this.provider = provider
    this.variant = variant
  }

  /** Whether an access token is issued at all. */
  get issuesAccessToken(): boolean {
    return this.variant.responseType !== 'id_token'
  }

  /** Whether a code is issued, and so tokens at the token endpoint. */
  get issuesCode(): boolean {
    return this.variant.responseType.split(' ').includes('code')
  }

  /** Whether an ID Token comes through the browser. */
  get hasFrontIdToken(): boolean {
    return this.variant.responseType.split(' ').includes('id_token')
  }

  /** A browser in which nobody is signed in. */
  agent(): UserAgent {
    return this.provider.newUserAgent()
  }

  /** What clients of the variant register. */
  usualMetadata(): Metadata {
    const types = this.variant.responseType.split(' ')
    return {
      client_name: 'Conformance',
      redirect_uris: [`${clientOrigin}/callback`],
      response_types: [this.variant.responseType],
      grant_types: [
        ...(types.includes('code') ? ['authorization_code'] : []),
        ...(types.some((type) => type !== 'code') ? ['implicit'] : []),
      ],
      token_endpoint_auth_method: this.variant.plan.authentication,
      jwks: { keys: [this.provider.keys.first.publicJwk] },
      contacts: ['conformance@rp.example'],
    }
  }

  /** The client of the test. Without metadata of its own, the static mode has one for all tests. */
  async client(metadata: Metadata = {}): Promise<Client> {
    const isUsual = Object.keys(metadata).length === 0
    const { staticClients } = this.provider
    const key = JSON.stringify([this.variant.responseType, this.variant.plan.authentication])
    if (this.variant.registration === 'dynamic_client' || !isUsual)
      return this.#register({ ...this.usualMetadata(), ...metadata })
    const made = staticClients.get(key) ?? this.#register(this.usualMetadata())
    staticClients.set(key, made)
    return made as Promise<Client>
  }

  /** Asks for a registration; the answer is raw. */
  async requestRegistration(metadata: Metadata): Promise<Response> {
    const { provider, variant } = this
    const merged = { ...this.usualMetadata(), ...metadata }
    if (variant.registration === 'static_client') {
      return provider.server.adminFetch('/admin/clients', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(merged),
      })
    }
    return oauth.dynamicClientRegistrationRequest(
      await provider.metadata(),
      // Unknown members are ignored.
      { ...merged, an_unknown_member: 'of the test' },
      { [oauth.customFetch]: provider.fetch },
    )
  }

  async #register(metadata: Metadata): Promise<Client> {
    const response = await this.requestRegistration(metadata)
    if (this.variant.registration === 'static_client') {
      const answer = (await response.json()) as Answer
      expect(response.status, JSON.stringify(answer)).toBe(201)
      return this.#clientOf(answer)
    }
    const client = this.#clientOf(await checkRegistration(response))
    await oauth.processDynamicClientRegistrationResponse(response)
    this.#registered.push(client)
    return client
  }

  #clientOf(answer: Answer): Client {
    const [redirectUri = ''] = answer['redirect_uris'] as readonly string[]
    return {
      id: String(answer['client_id']),
      redirectUri,
      answer,
      authentication: this.#authenticationOf(answer),
    }
  }

  #authenticationOf(answer: Answer): oauth.ClientAuth {
    const secret = String(answer['client_secret'])
    switch (answer['token_endpoint_auth_method']) {
      case 'client_secret_post':
        return oauth.ClientSecretPost(secret)
      case 'private_key_jwt':
        return this.privateKeyJwt(this.provider.keys.first)
      default:
        return oauth.ClientSecretBasic(secret)
    }
  }

  /** Authentication by a signed assertion (RFC 7523); for the token endpoint unless `audience` says otherwise. */
  privateKeyJwt({ privateKey, kid }: ClientKey, audience?: string): oauth.ClientAuth {
    return oauth.PrivateKeyJwt(
      { key: privateKey, kid },
      {
        [oauth.modifyAssertion]: (_header, payload) => {
          payload['aud'] = audience ?? `${this.provider.issuer}/oauth2/token`
        },
      },
    )
  }

  /** The client as the libraries know it, with the clock of the server. */
  oauthClient(client: Client): oauth.Client {
    return { client_id: client.id, [oauth.clockSkew]: this.provider.clockSkew() }
  }

  /** An authorization request of the variant. */
  request(client: Client, options: LoginOptions = {}): Request {
    const { responseType, plan } = this.variant
    const all: Readonly<Record<string, string | undefined>> = {
      client_id: client.id,
      redirect_uri: client.redirectUri,
      scope: 'openid',
      state: randomText(10),
      nonce: randomText(10),
      response_type: responseType,
      ...(plan.responseMode === 'form_post' ? { response_mode: 'form_post' } : {}),
      ...options.params,
    }
    const entries = Object.entries(all).filter(([, value]) => value !== undefined) as string[][]
    const params = new URLSearchParams(options.reversed === true ? entries.reverse() : entries)
    return {
      params,
      url: `${this.provider.issuer}/oauth2/auth?${params.toString()}`,
      nonce: all['nonce'],
      expected: {
        issuer: this.provider.issuer,
        redirectUri: client.redirectUri,
        state: all['state'],
        responseType,
        responseMode: plan.responseMode,
      },
    }
  }

  /** Sends a request, and lets the end user answer every page that knows what it asks. */
  async visit(
    client: Client,
    options: LoginOptions = {},
  ): Promise<{ request: Request; stop: Stop }> {
    const request = this.request(client, options)
    const agent = options.agent ?? this.agent()
    const first = await (options.send?.(request, agent) ?? agent.open(request.url))
    return { request, stop: await answerPages(agent, first, this.provider.account) }
  }

  /** A complete login: every response and every token is held to the shared checks. */
  async login(client: Client, options: LoginOptions = {}): Promise<Login> {
    const agent = options.agent ?? this.agent()
    const before = agent.pages.length
    const { request, stop } = await this.visit(client, { ...options, agent })
    const shown = agent.pages.slice(before)
    return { ...(await this.finish(client, request, expectArrival(stop), options)), shown }
  }

  /** Takes an authorization response to its end. */
  async finish(
    client: Client,
    request: Request,
    stop: Stop,
    options: LoginOptions = {},
  ): Promise<Omit<Login, 'shown'>> {
    const params = checkResponse(stop, request.expected)
    const code = params.get('code') ?? undefined
    const accessToken = params.get('access_token') ?? undefined
    if (accessToken !== undefined) checkExpiresIn(Number(params.get('expires_in')))
    const idTokens: IdToken[] = []
    const frontChannel = params.get('id_token')
    const about = { clientId: client.id, nonce: request.nonce, code }
    if (frontChannel !== null)
      idTokens.push(
        await checkIdToken(this.provider, frontChannel, {
          ...about,
          accessToken,
          isFrontChannel: true,
        }),
      )
    const answer =
      code === undefined ? undefined : await this.redeem(client, request, params, options)
    if (answer !== undefined)
      idTokens.push(
        await checkIdToken(this.provider, String(answer['id_token']), {
          ...about,
          accessToken: String(answer['access_token']),
          isFrontChannel: false,
        }),
      )
    const [idToken] = idTokens
    if (idToken === undefined) throw new Error('There is no ID Token.')
    for (const { claims } of idTokens)
      expect([claims['iss'], claims['sub']]).toEqual([idToken.claims['iss'], idToken.claims['sub']])
    const accessTokens = [accessToken, answer?.['access_token'] as string | undefined].filter(
      (each) => each !== undefined,
    )
    const isSigned = client.answer['userinfo_signed_response_alg'] === 'RS256'
    const userInfos = isSigned
      ? []
      : await Promise.all(
          accessTokens.map(async (each) =>
            checkUserInfo(await this.userInfo(each), idToken.claims['sub']),
          ),
        )
    return { params, idToken, idTokens, answer, code, accessTokens, userInfos }
  }

  /** Exchanges a code with an independent client, which checks the response by itself too. */
  async redeem(
    client: Client,
    request: Request,
    params: URLSearchParams,
    options: LoginOptions = {},
  ): Promise<Answer> {
    const [server, oauthClient] = [await this.provider.metadata(), this.oauthClient(client)]
    const response = await this.exchange(client, params, options)
    const answer = await checkTokenResponse(response)
    await oauth.processAuthorizationCodeResponse(server, oauthClient, response, {
      expectedNonce: request.nonce ?? oauth.expectNoNonce,
      requireIdToken: true,
    })
    return answer
  }

  /** Sends a code to the token endpoint; the answer is raw. */
  async exchange(
    client: Client,
    params: URLSearchParams,
    options: LoginOptions = {},
  ): Promise<Response> {
    const [server, oauthClient] = [await this.provider.metadata(), this.oauthClient(client)]
    const expected = params.get('state') ?? oauth.expectNoState
    // The library takes no tokens from the front channel; they were checked before.
    const withoutTokens = new URLSearchParams(params)
    for (const name of ['id_token', 'access_token', 'token_type', 'expires_in'])
      withoutTokens.delete(name)
    return oauth.authorizationCodeGrantRequest(
      server,
      oauthClient,
      options.authentication ?? client.authentication,
      oauth.validateAuthResponse(server, oauthClient, withoutTokens, expected),
      client.redirectUri,
      options.codeVerifier ?? oauth.nopkce,
      { [oauth.customFetch]: this.provider.fetch },
    )
  }

  /** Exchanges a refresh token; the answer is raw. */
  async refresh(
    client: Client,
    refreshToken: unknown,
    options: { readonly scope?: string; readonly authentication?: oauth.ClientAuth } = {},
  ): Promise<Response> {
    return oauth.refreshTokenGrantRequest(
      await this.provider.metadata(),
      this.oauthClient(client),
      options.authentication ?? client.authentication,
      String(refreshToken),
      {
        [oauth.customFetch]: this.provider.fetch,
        ...(options.scope === undefined ? {} : { additionalParameters: { scope: options.scope } }),
      },
    )
  }

  /** Asks the UserInfo endpoint with GET; the answer is raw. */
  async userInfo(accessToken: string): Promise<Response> {
    const server = await this.provider.metadata()
    return oauth.userInfoRequest(server, { client_id: 'any' }, accessToken, {
      [oauth.customFetch]: this.provider.fetch,
    })
  }

  /** Deletes what registered itself. */
  async end(): Promise<void> {
    for (const { answer } of this.#registered.splice(0)) {
      const response = await this.provider.fetch(String(answer['registration_client_uri']), {
        method: 'DELETE',
        headers: { authorization: `Bearer ${String(answer['registration_access_token'])}` },
      })
      expect(response.status).toBe(204)
    }
  }
}
