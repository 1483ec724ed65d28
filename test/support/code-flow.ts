/** Tokens for suites that are about tokens: the flow of browser-flow.ts for one user, run to its end. Refusals throw. */

import {
  accept,
  authorizationUrl,
  basic,
  Browser,
  createClient as createAnyClient,
  type TestClient,
} from './browser-flow.ts'
import type { TestServer } from './server.ts'

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

/** Configuration that makes the test the login and consent app. */
export const ownPages = {
  urls: { login: 'http://app.example/login', consent: 'http://app.example/consent' },
} as const

/** Registers a client with scopes to match and an audience. */
export function createClient(
  server: TestServer,
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<TestClient> {
  return createAnyClient(server, {
    scope: 'openid offline profile foo.* core',
    audience: ['https://api.example'],
    ...metadata,
  })
}

/** Posts a form; without a client nobody is authenticated. */
export function postForm(
  fetch: TestServer['publicFetch'],
  path: string,
  fields: Readonly<Record<string, string>>,
  client?: Pick<TestClient, 'client_id' | 'client_secret'>,
): Promise<Response> {
  const headers: Record<string, string> =
    client === undefined ? {} : { authorization: basic(client) }
  return fetch(path, { method: 'POST', headers, body: new URLSearchParams(fields) })
}

/** Asks the token endpoint. */
export async function requestTokens(
  server: TestServer,
  client: TestClient,
  fields: Readonly<Record<string, string>>,
): Promise<Tokens> {
  const response = await postForm(server.publicFetch, '/oauth2/token', fields, client)
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  return (await response.json()) as Tokens
}

/** Goes through login and consent; returns the code. */
export async function authorize(
  server: TestServer,
  client: TestClient,
  options: FlowOptions = {},
): Promise<string> {
  const { scope = 'openid offline', audience, subject = 'alice', login, session = {} } = options
  const browser = new Browser(server)
  const url = authorizationUrl(client, {
    scope,
    audience: audience?.join(' '),
    nonce: 'nonce-of-the-test',
  })
  const challenge = await browser.consentChallenge(await browser.loginChallenge(url), {
    subject,
    ...login,
  })
  const toClient = await browser.location(
    await accept(server, 'consent', challenge, {
      grant_scope: scope.split(' '),
      grant_access_token_audience: audience ?? [],
      session,
    }),
  )
  const code = toClient.searchParams.get('code')
  if (code === null) throw new Error(`no code in ${toClient.href}`)
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
    redirect_uri: client.redirect_uri,
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
