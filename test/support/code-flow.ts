/** Drives the authorization code flow inside the test process: the test is browser, login and consent app, and client. */

import type { TestServer } from './server.ts'

/** A client with its secret. */
export interface TestClient {
  readonly id: string
  readonly secret: string
}

/** The members of a token response. */
export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly expires_in: number
  readonly scope: string
}

/** What differs from the usual flow. */
export interface FlowOptions {
  readonly scope?: string
  readonly audience?: readonly string[]
  readonly subject?: string
  /** Added to the body of the login's acceptance. */
  readonly login?: Readonly<Record<string, unknown>>
  /** `session` of the consent's acceptance. */
  readonly session?: {
    readonly access_token?: Readonly<Record<string, unknown>>
    readonly id_token?: Readonly<Record<string, unknown>>
  }
}

/** Where clients of {@link createClient} get their answers. */
export const redirectUri = 'http://client.example/callback'

/** Configuration that makes the test the login and consent app. */
export const ownPages = {
  urls: { login: 'http://app.example/login', consent: 'http://app.example/consent' },
} as const

async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

/** Registers a client for the code, refresh token and client credentials grants. */
export async function createClient(
  server: TestServer,
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<TestClient> {
  const response = await server.adminFetch('/admin/clients', {
    method: 'POST',
    body: JSON.stringify({
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types: ['code'],
      scope: 'openid offline profile foo.* core',
      audience: ['https://api.example'],
      ...metadata,
    }),
  })
  const created = await read<{ client_id: string; client_secret?: string }>(response)
  return { id: created.client_id, secret: created.client_secret ?? '' }
}

/** `Authorization: Basic` of a client. */
export function basic({ id, secret }: TestClient): Readonly<Record<string, string>> {
  const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** Posts a form; without a client nobody is authenticated. */
export function postForm(
  fetch: TestServer['publicFetch'],
  path: string,
  fields: Readonly<Record<string, string>>,
  client?: TestClient,
): Promise<Response> {
  const headers = client === undefined ? {} : basic(client)
  return fetch(path, { method: 'POST', headers, body: new URLSearchParams(fields) })
}

/** Asks the token endpoint. Throws for a refusal. */
export async function requestTokens(
  server: TestServer,
  client: TestClient,
  fields: Readonly<Record<string, string>>,
): Promise<Tokens> {
  return read(await postForm(server.publicFetch, '/oauth2/token', fields, client))
}

function location(response: Response): URL {
  const text = response.headers.get('location')
  if (text === null) throw new Error(`expected a redirect, got ${response.status}`)
  return new URL(text)
}

/** Goes through login and consent; returns the code. */
export async function authorize(
  server: TestServer,
  client: TestClient,
  options: FlowOptions = {},
): Promise<string> {
  const scope = options.scope ?? 'openid offline'
  const browser = server.browser()
  const query = new URLSearchParams({
    client_id: client.id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope,
    state: 'state-of-the-test',
    nonce: 'nonce-of-the-test',
    ...(options.audience === undefined ? {} : { audience: options.audience.join(' ') }),
  })
  const accept = async (kind: 'login' | 'consent', from: Response, body: object) => {
    const challenge = location(from).searchParams.get(`${kind}_challenge`)
    if (challenge === null) throw new Error(`no ${kind} challenge in ${location(from).href}`)
    const path = `/admin/oauth2/auth/requests/${kind}/accept?${kind}_challenge=${encodeURIComponent(challenge)}`
    const response = await server.adminFetch(path, { method: 'PUT', body: JSON.stringify(body) })
    const { redirect_to } = await read<{ redirect_to: string }>(response)
    return browser.fetch(redirect_to)
  }
  const toLogin = await browser.fetch(`/oauth2/auth?${query.toString()}`)
  const toConsent = await accept('login', toLogin, {
    subject: options.subject ?? 'alice',
    ...options.login,
  })
  const toClient = await accept('consent', toConsent, {
    grant_scope: scope.split(' '),
    grant_access_token_audience: options.audience ?? [],
    session: options.session ?? {},
  })
  const code = location(toClient).searchParams.get('code')
  if (code === null) throw new Error(`no code in ${location(toClient).href}`)
  return code
}

/** The whole flow: login, consent and the exchange of the code. */
export async function codeFlow(
  server: TestServer,
  client: TestClient,
  options: FlowOptions = {},
): Promise<Tokens> {
  const code = await authorize(server, client, options)
  return requestTokens(server, client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
  })
}

/** Exchanges a refresh token. */
export function refresh(
  server: TestServer,
  client: TestClient,
  refreshToken: string,
): Promise<Tokens> {
  return requestTokens(server, client, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
  })
}
