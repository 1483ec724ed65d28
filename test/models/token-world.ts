/** The real server behind the token model, and the comparison of the two. */

import { expect } from 'vitest'
import {
  authorizationUrl,
  basic,
  Browser,
  createClient,
  introspect,
  postToken,
  scopeSet,
  type TestClient,
  type TokenAnswer,
} from '../support/browser-flow.ts'
import type { TestServer } from '../support/server.ts'
import {
  isClientTokenLive,
  isLive,
  type ModelClient,
  type ModelGrant,
  type TokenModel,
} from './token-model.ts'

/** Lifespans that the model computes with: the defaults of the configuration, in milliseconds. */
export const lifespans = {
  code: 10 * 60_000,
  access: 3_600_000,
  refresh: 30 * 24 * 3_600_000,
} as const

/** What the clients of the model may ask for. */
export const allScopes = ['openid', 'offline_access', 'foo', 'bar'] as const

/** Drives the real server. */
export class TokenWorld {
  readonly server: TestServer
  /** Requests sent, for the record. */
  sent = 0

  constructor(server: TestServer) {
    this.server = server
  }

  get now(): number {
    return this.server.clock()
  }

  async newClient(): Promise<ModelClient> {
    const made = await createClient(this.server, { scope: allScopes.join(' ') })
    return {
      id: made.client_id,
      redirectUri: made.redirect_uri,
      secret: made.client_secret,
      former: [],
      dead: [],
      validAfter: this.now,
    }
  }

  /** Login and consent of a new browser. */
  async authorize(client: ModelClient, subject: string, scope: readonly string[]): Promise<string> {
    this.sent += 8
    const callback = await new Browser(this.server).authorize(
      authorizationUrl(asTestClient(client), { scope: scope.join(' ') }),
      { login: { subject } },
    )
    const code = callback.searchParams.get('code')
    if (code === null) throw new Error(`no code in ${callback.href}`)
    return code
  }

  /** The same token request, so many times at once. */
  token(client: ModelClient, form: Record<string, string>, times = 1): Promise<TokenAnswer[]> {
    this.sent += times
    return Promise.all(
      Array.from({ length: times }, () => postToken(this.server, asTestClient(client), form)),
    )
  }

  /** A token request with a secret of one's own choice. */
  async isAuthenticated(client: ModelClient, secret: string): Promise<boolean> {
    this.sent += 1
    const form = { grant_type: 'client_credentials' }
    const { status } = await postToken(
      this.server,
      { ...asTestClient(client), client_secret: secret },
      form,
    )
    expect([200, 401]).toContain(status)
    return status === 200
  }

  async revoke(client: ModelClient, token: string): Promise<void> {
    this.sent += 1
    const response = await this.server.publicFetch('/oauth2/revoke', {
      method: 'POST',
      body: new URLSearchParams({ token }),
      headers: { authorization: basic(asTestClient(client)) },
    })
    expect(response.status).toBe(200)
  }

  /** Sends to the admin API; the answer must be a success. */
  async admin(method: string, path: string): Promise<Response> {
    this.sent += 1
    const response = await this.server.adminFetch(path, { method })
    expect(response.status, `${method} ${path}`).toBeLessThan(300)
    return response
  }

  /** Every token that was ever issued is what the model says, no more and no less. */
  async compare(model: TokenModel): Promise<void> {
    const { now } = this
    for (const grant of model.grants) {
      for (const token of grant.tokens) {
        const live = isLive(model, grant, token, now)
        await this.#expect(
          token.value,
          live,
          grant,
          `${token.kind} token of generation ${token.generation}`,
        )
      }
    }
    for (const token of model.clientTokens) {
      const live = isClientTokenLive(model, token, now)
      await this.#expect(token.value, live, token, 'token of a client')
    }
  }

  async #expect(
    value: string,
    live: boolean,
    { scope, client }: Pick<ModelGrant, 'scope' | 'client'>,
    what: string,
  ): Promise<void> {
    this.sent += 1
    const { active, ...facts } = await introspect(this.server, value)
    expect(active, what).toBe(live)
    if (!live) expect(facts).toEqual({})
    else {
      expect(scopeSet(facts)).toEqual(new Set(scope))
      expect(facts['client_id']).toBe(client.id)
    }
  }
}

function asTestClient({ id, secret, redirectUri }: ModelClient): TestClient {
  return { client_id: id, client_secret: secret, redirect_uri: redirectUri }
}
