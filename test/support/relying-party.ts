/** A client's website on `openid-client`: it starts flows, takes the answers, and keeps sessions of its own. */

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Configuration, OAuth2Api, type OAuth2Client } from '@ory/hydra-client'
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose'
import * as oidc from 'openid-client'
import type { Page } from 'playwright-core'
import { startSite, type Site } from './browser-server.ts'

/** How a flow ended at the client. */
export type Outcome =
  | {
      readonly result: 'success'
      readonly tokens: Readonly<Record<string, unknown>>
      readonly claims: Readonly<Record<string, unknown>> | undefined
    }
  | { readonly result: 'error'; readonly error: string; readonly error_description: string }

interface Pending {
  readonly config: oidc.Configuration
  readonly checks: oidc.AuthorizationCodeGrantChecks
}

/** A registered client of the site. */
export interface RegisteredClient {
  readonly id: string
  readonly config: oidc.Configuration
}

export class RelyingParty {
  /** Claims of verified logout tokens. */
  readonly logoutTokens: JWTPayload[] = []
  /** Queries of front-channel logouts. */
  readonly frontChannelLogouts: Readonly<Record<string, string>>[] = []
  readonly admin: OAuth2Api
  readonly #issuer: string
  readonly #pending = new Map<string, Pending>()
  /** `sid` by session cookie. */
  readonly #sessions = new Map<string, string>()
  #site: Site | undefined

  constructor(server: { readonly publicUrl: string; readonly adminUrl: string }) {
    this.#issuer = server.publicUrl
    this.admin = new OAuth2Api(new Configuration({ basePath: server.adminUrl }))
  }

  async start(): Promise<void> {
    this.#site = await startSite((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error))
      })
    })
  }

  async stop(): Promise<void> {
    await this.#site?.close()
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.#site?.port}${path}`
  }

  /** Registers a client at the admin API; it may do everything unless `metadata` says otherwise. */
  async register(metadata: OAuth2Client = {}): Promise<RegisteredClient> {
    const { data } = await this.admin.createOAuth2Client({
      oAuth2Client: {
        client_name: 'The test',
        redirect_uris: [this.url('/callback')],
        post_logout_redirect_uris: [this.url('/bye')],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        scope: 'openid offline_access profile',
        ...metadata,
      },
    })
    const id = data.client_id ?? ''
    const authentication =
      data.token_endpoint_auth_method === 'none'
        ? oidc.None()
        : oidc.ClientSecretBasic(data.client_secret ?? '')
    const config = await oidc.discovery(new URL(this.#issuer), id, {}, authentication, {
      execute: [oidc.allowInsecureRequests],
    })
    return { id, config }
  }

  /** Where a flow of the client starts. Always with PKCE and `state`; with `nonce` if `params` has one. */
  async authorizationUrl(
    client: RegisteredClient,
    params: Record<string, string> = {},
  ): Promise<string> {
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
    const state = oidc.randomState()
    const url = oidc.buildAuthorizationUrl(client.config, {
      redirect_uri: this.url('/callback'),
      scope: 'openid offline_access',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state,
      ...params,
    })
    const nonce = params['nonce']
    this.#pending.set(state, {
      config: client.config,
      checks: {
        pkceCodeVerifier,
        expectedState: state,
        ...(nonce === undefined ? {} : { expectedNonce: nonce }),
      },
    })
    return url.href
  }

  /** Where the client's own "Sign out" leads. */
  endSessionUrl(client: RegisteredClient, params: Record<string, string>): string {
    return oidc.buildEndSessionUrl(client.config, params).href
  }

  /** Whether the site knows the browser: the session that the last callback began is not over. */
  async knows(page: Page): Promise<boolean> {
    const cookies = await page.context().cookies(this.url('/'))
    const cookie = cookies.find(({ name }) => name === 'rp_session')?.value
    return cookie !== undefined && this.#sessions.has(cookie)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url('/'))
    switch (url.pathname) {
      case '/callback':
        return this.#callback(url, response)
      case '/front-channel':
        this.frontChannelLogouts.push(Object.fromEntries(url.searchParams))
        this.#forget(url.searchParams.get('sid') ?? '')
        return show(response, 'Signed out here')
      case '/back-channel':
        return this.#backChannel(await textOf(request), response)
      case '/bye':
        return show(response, 'Bye')
      default:
        response.writeHead(404).end()
    }
  }

  async #callback(url: URL, response: ServerResponse): Promise<void> {
    const outcome = await this.#finish(url)
    if (outcome.result === 'success') {
      const cookie = randomUUID()
      this.#sessions.set(cookie, String(outcome.claims?.['sid']))
      response.setHeader('set-cookie', `rp_session=${cookie}; Path=/; HttpOnly; SameSite=Lax`)
    }
    show(response, 'Callback', JSON.stringify(outcome))
  }

  async #finish(url: URL): Promise<Outcome> {
    const pending = this.#pending.get(url.searchParams.get('state') ?? '')
    if (pending === undefined)
      return { result: 'error', error: 'unknown_state', error_description: url.href }
    try {
      const tokens = await oidc.authorizationCodeGrant(pending.config, url, pending.checks)
      return { result: 'success', tokens: { ...tokens }, claims: tokens.claims() }
    } catch (error) {
      if (!(error instanceof oidc.AuthorizationResponseError) && !isRefusal(error)) throw error
      const { error: code, error_description = '' } = error
      return { result: 'error', error: code, error_description }
    }
  }

  async #backChannel(body: string, response: ServerResponse): Promise<void> {
    const token = new URLSearchParams(body).get('logout_token') ?? ''
    const keys = createRemoteJWKSet(new URL(`${this.#issuer}/.well-known/jwks.json`))
    const { payload } = await jwtVerify(token, keys, { issuer: this.#issuer })
    this.logoutTokens.push(payload)
    this.#forget(String(payload['sid']))
    response.writeHead(200).end()
  }

  #forget(sid: string): void {
    for (const [cookie, each] of this.#sessions) if (each === sid) this.#sessions.delete(cookie)
  }
}

function isRefusal(error: unknown): error is oidc.ResponseBodyError {
  return error instanceof oidc.ResponseBodyError
}

/** What the callback page shows, once the browser got there. */
export async function outcomeIn(page: Page): Promise<Outcome> {
  try {
    await page.waitForURL(/\/callback\?/u)
  } catch (error) {
    const shown = (await page.textContent('body')) ?? ''
    throw new Error(`The browser stays at ${page.url()}: ${shown}`, { cause: error })
  }
  return JSON.parse((await page.textContent('#outcome')) ?? '') as Outcome
}

function show(response: ServerResponse, title: string, text = ''): void {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  response
    .setHeader('content-type', 'text/html; charset=utf-8')
    .end(
      `<!doctype html><title>${title}</title><h1>${title}</h1><pre id="outcome">${escaped}</pre>`,
    )
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return text
}
