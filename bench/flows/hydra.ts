import type { Dialect, Operation, OriginName, Step, Tokens } from '../case.ts'
import { Browser, queryOf, unexpected } from '../load/browser.ts'
import { expectJson, expectTokens } from '../load/expect.ts'
import { rawRequest } from '../load/wire.ts'
import { authorizationQuery, codeForm, redirectUri } from './pkce.ts'

/** A registered client's credentials. */
export interface Credentials {
  readonly id: string
  readonly secret: string
}

/** The three clients that the cases use. */
export interface HydraClients {
  readonly opaque: Credentials
  readonly jwt: Credentials
  readonly codeFlow: Credentials
}

/** What differs between servers of the Hydra API. */
export interface HydraOptions {
  readonly adminOrigin: OriginName
  readonly adminToken: string | undefined
  /** Path and query of a page in the middle of the list of clients; `undefined` where there is no long list. */
  readonly clientsPage: string | undefined
}

/** Speaks the Ory Hydra API: login and consent are accepted through the admin listener, as a login app does. */
export function hydraDialect(clients: HydraClients, options: HydraOptions): Dialect {
  const admin = options.adminOrigin
  const adminLines =
    options.adminToken === undefined ? [] : [`Authorization: Bearer ${options.adminToken}`]

  function tokenRequest(client: Credentials, form: string): Step {
    return { origin: 'public', request: formPost('/oauth2/token', [basic(client)], form) }
  }

  function accept(kind: 'login' | 'consent', challenge: string, body: string): Step {
    const path = `/admin/oauth2/auth/requests/${kind}/accept?${kind}_challenge=${encodeURIComponent(challenge)}`
    const lines = [...adminLines, 'Content-Type: application/json']
    return { origin: admin, request: rawRequest('PUT', path, lines, body) }
  }

  const authorizePath = `/oauth2/auth?${authorizationQuery(clients.codeFlow.id)}`

  function* codeFlow(): Operation<Tokens> {
    const browser = new Browser()
    const loginUrl = browser.follow(yield browser.get(authorizePath))
    const login = yield accept('login', queryOf(loginUrl, 'login_challenge'), loginBody)
    const consentUrl = browser.follow(yield browser.get(redirectToOf(login)))
    const consent = yield accept('consent', queryOf(consentUrl, 'consent_challenge'), consentBody)
    const callback = browser.follow(yield browser.get(redirectToOf(consent)))
    if (!callback.startsWith(redirectUri)) throw new Error(`expected the callback, got ${callback}`)
    return expectTokens(yield tokenRequest(clients.codeFlow, codeForm(queryOf(callback, 'code'))))
  }

  const perFormat = {
    opaque: tokenRequest(clients.opaque, 'grant_type=client_credentials'),
    // The server's newest key decides which of the two it is.
    ES256: tokenRequest(clients.jwt, 'grant_type=client_credentials'),
    RS256: tokenRequest(clients.jwt, 'grant_type=client_credentials'),
  }

  return {
    clientCredentials: (format) => perFormat[format],
    introspect: (token) => ({
      origin: admin,
      request: formPost(
        '/admin/oauth2/introspect',
        adminLines,
        `token=${encodeURIComponent(token)}`,
      ),
    }),
    revoke: (token) => ({
      origin: 'public',
      request: formPost(
        '/oauth2/revoke',
        [basic(clients.opaque)],
        `token=${encodeURIComponent(token)}`,
      ),
    }),
    refresh: (token) =>
      tokenRequest(
        clients.codeFlow,
        `grant_type=refresh_token&refresh_token=${encodeURIComponent(token)}`,
      ),
    codeFlow,
    userinfo: (token) => ({
      origin: 'public',
      request: rawRequest('GET', '/userinfo', [`Authorization: Bearer ${token}`]),
    }),
    discovery: () => ({
      origin: 'public',
      request: rawRequest('GET', '/.well-known/openid-configuration', []),
    }),
    listClients: () => {
      if (options.clientsPage === undefined) throw new Error('the list of clients is short')
      return { origin: admin, request: rawRequest('GET', options.clientsPage, adminLines) }
    },
  }
}

const loginBody = JSON.stringify({ subject: 'user-1', remember: false })
const consentBody = JSON.stringify({ grant_scope: ['openid', 'offline_access'], remember: false })

function redirectToOf(answer: Parameters<typeof expectJson>[0]): string {
  const redirectTo = expectJson(answer)['redirect_to']
  if (typeof redirectTo !== 'string') throw unexpected(answer, 'a redirect_to')
  return redirectTo
}

/** A Basic `Authorization` line. */
export function basic(client: Credentials): string {
  const pair = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`
  return `Authorization: Basic ${Buffer.from(pair).toString('base64')}`
}

/** A form POST. */
export function formPost(path: string, lines: readonly string[], form: string): string {
  return rawRequest(
    'POST',
    path,
    [...lines, 'Content-Type: application/x-www-form-urlencoded'],
    form,
  )
}
