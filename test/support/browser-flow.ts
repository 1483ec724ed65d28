/** A browser without a screen: follows the code flow hop by hop, answering for the login and consent apps. */

import { createHash, randomBytes } from 'node:crypto'
import { CookieJar } from './cookie-jar.ts'

/** The two listeners of a server under test. */
export interface FlowServer {
  publicFetch(path: string, init?: RequestInit): Promise<Response>
  adminFetch(path: string, init?: RequestInit): Promise<Response>
}

/** Where a browser came to rest, and what it was told there. */
export interface Stop {
  readonly url: URL
  readonly status: number
  readonly response: Response
}

/** One browser in front of a server. */
export class Browser {
  readonly jar = new CookieJar()
  readonly server: FlowServer

  constructor(server: FlowServer) {
    this.server = server
  }

  /** One request to the public listener; redirects are not followed. */
  async visit(url: string, init: RequestInit = {}): Promise<Stop> {
    const at = new URL(url, 'http://127.0.0.1')
    const headers = new Headers(init.headers)
    if (this.jar.header !== '') headers.set('cookie', this.jar.header)
    const response = await this.server.publicFetch(at.pathname + at.search, {
      ...init,
      headers,
      redirect: 'manual',
    })
    this.jar.take(response)
    return { url: at, status: response.status, response }
  }

  /** The address a redirect leads to. */
  async location(url: string, init?: RequestInit): Promise<URL> {
    const { response } = await this.visit(url, init)
    const location = response.headers.get('location')
    if (location === null)
      throw new Error(`no redirect but ${response.status}: ${await response.text()}`)
    return new URL(location, 'http://127.0.0.1')
  }

  /** Visits a URL that must lead to the login app; gives its challenge. */
  async loginChallenge(url: string): Promise<string> {
    return challengeOf(await this.location(url), 'login_challenge')
  }

  /** Accepts a login challenge and follows to the consent app. */
  async consentChallenge(loginChallenge: string, login: object): Promise<string> {
    const redirectTo = await accept(this.server, 'login', loginChallenge, login)
    return challengeOf(await this.location(redirectTo), 'consent_challenge')
  }

  /** Runs the whole flow; gives the address at the client with the authorization response. */
  async authorize(
    url: string,
    answers: { readonly login?: object; readonly consent?: object } = {},
  ): Promise<URL> {
    const login = await this.location(url)
    if (!login.searchParams.has('login_challenge')) return login
    const redirectTo = await accept(this.server, 'login', challengeOf(login, 'login_challenge'), {
      subject: 'user-1',
      ...answers.login,
    })
    const consent = await this.location(redirectTo)
    if (!consent.searchParams.has('consent_challenge')) return consent
    const challenge = challengeOf(consent, 'consent_challenge')
    const request = await getRequest(this.server, 'consent', challenge)
    return this.location(
      await accept(this.server, 'consent', challenge, {
        grant_scope: request['requested_scope'],
        ...answers.consent,
      }),
    )
  }
}

/** The challenge in the query of a login or consent URL. */
export function challengeOf(url: URL, name: string): string {
  const challenge = url.searchParams.get(name)
  if (challenge === null) throw new Error(`no ${name} in ${url.href}`)
  return challenge
}

/** The login, consent or logout object. */
export async function getRequest(
  server: FlowServer,
  kind: string,
  challenge: string,
): Promise<Record<string, unknown>> {
  const response = await server.adminFetch(
    `/admin/oauth2/auth/requests/${kind}?${kind}_challenge=${encodeURIComponent(challenge)}`,
  )
  if (response.status !== 200)
    throw new Error(`${kind} request: ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
}

/** Answers a challenge and gives the raw response. */
export function answer(
  server: FlowServer,
  {
    kind,
    verdict,
    challenge,
  }: { readonly kind: string; readonly verdict: 'accept' | 'reject'; readonly challenge: string },
  body: unknown,
): Promise<Response> {
  return server.adminFetch(
    `/admin/oauth2/auth/requests/${kind}/${verdict}?${kind}_challenge=${encodeURIComponent(challenge)}`,
    {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    },
  )
}

async function redirectTo(response: Response): Promise<string> {
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return ((await response.json()) as { redirect_to: string }).redirect_to
}

/** Accepts a challenge; gives the address for the browser. */
export async function accept(
  server: FlowServer,
  kind: string,
  challenge: string,
  body: object,
): Promise<string> {
  return redirectTo(await answer(server, { kind, verdict: 'accept', challenge }, body))
}

/** Rejects a challenge; gives the address for the browser. */
export async function reject(
  server: FlowServer,
  kind: string,
  challenge: string,
  body: object,
): Promise<string> {
  return redirectTo(await answer(server, { kind, verdict: 'reject', challenge }, body))
}

/** A client as the admin API made it. */
export interface TestClient {
  readonly client_id: string
  readonly client_secret: string
  readonly redirect_uri: string
}

/** Registers a client that may do everything the code flow needs. */
export async function createClient(
  server: FlowServer,
  changes: Record<string, unknown> = {},
): Promise<TestClient> {
  const redirectUri = 'http://127.0.0.1:5555/callback'
  const response = await server.adminFetch('/admin/clients', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types: ['code'],
      scope: 'openid offline offline_access foo',
      ...changes,
    }),
  })
  if (response.status !== 201)
    throw new Error(`client: ${response.status} ${await response.text()}`)
  const client = (await response.json()) as {
    client_id: string
    client_secret?: string
    redirect_uris: string[]
  }
  return {
    client_id: client.client_id,
    client_secret: client.client_secret ?? '',
    redirect_uri: client.redirect_uris[0] ?? redirectUri,
  }
}

/** An authorization URL. `undefined` leaves a parameter out. */
export function authorizationUrl(
  client: TestClient,
  params: Record<string, string | undefined> = {},
): string {
  const all: Record<string, string | undefined> = {
    client_id: client.client_id,
    redirect_uri: client.redirect_uri,
    response_type: 'code',
    scope: 'openid offline_access foo',
    state: 'some-random-state',
    nonce: 'some-random-nonce',
    ...params,
  }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(all)) if (value !== undefined) query.set(name, value)
  return `/oauth2/auth?${query.toString()}`
}

/** A token response, or the error of one. */
export interface TokenAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** Posts to the token endpoint; the client authenticates with Basic unless it has no secret. */
export async function postToken(
  server: FlowServer,
  client: TestClient,
  form: Record<string, string>,
): Promise<TokenAnswer> {
  const body = new URLSearchParams(form)
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' }
  if (client.client_secret === '') body.set('client_id', client.client_id)
  else headers['authorization'] = basic(client)
  const response = await server.publicFetch('/oauth2/token', {
    method: 'POST',
    headers,
    body: body.toString(),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

/** The Basic header of a client (RFC 6749 §2.3.1). */
export function basic({
  client_id,
  client_secret,
}: Pick<TestClient, 'client_id' | 'client_secret'>): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`).toString('base64')}`
}

/** Exchanges the code of an authorization response. */
export function exchangeCode(
  server: FlowServer,
  client: TestClient,
  callback: URL,
  extra: Record<string, string> = {},
): Promise<TokenAnswer> {
  const code = callback.searchParams.get('code')
  if (code === null) throw new Error(`no code in ${callback.href}`)
  return postToken(server, client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirect_uri,
    ...extra,
  })
}

/** Refreshes. */
export function refresh(
  server: FlowServer,
  client: TestClient,
  refreshToken: unknown,
): Promise<TokenAnswer> {
  return postToken(server, client, {
    grant_type: 'refresh_token',
    refresh_token: String(refreshToken),
  })
}

/** Introspects a token. */
export async function introspect(
  server: FlowServer,
  token: unknown,
): Promise<Record<string, unknown>> {
  const response = await server.adminFetch('/admin/oauth2/introspect', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: String(token) }).toString(),
  })
  return (await response.json()) as Record<string, unknown>
}

/** A PKCE pair (RFC 7636 §4.1 and §4.2). */
export function pkcePair(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** Payload of a JWT, unverified. */
export function claimsOf(jwt: unknown): Record<string, unknown> {
  const [, payload = ''] = String(jwt).split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
}

/** The scope of a token response or an introspection; an empty one may be left out. */
export function scopeSet({ scope = '' }: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  return new Set((scope as string).split(' ').filter(Boolean))
}
