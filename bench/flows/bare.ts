import { clientsPerPage } from '../case.ts'
import type { Dialect, Operation, Step, Tokens } from '../case.ts'
import { Browser, queryOf } from '../load/browser.ts'
import { expectJson, expectTokens } from '../load/expect.ts'
import { rawRequest } from '../load/wire.ts'
import { basic, formPost } from './hydra.ts'
import type { Credentials } from './hydra.ts'
import { authorizationQuery, codeForm } from './pkce.ts'

const client = { id: 'bench', secret: 'bench-secret-0123456789-abcdefghijkl' }
const jwtClients = {
  ES256: { id: 'bench-es256', secret: client.secret },
  RS256: { id: 'bench-rs256', secret: client.secret },
}

/** Sends the bare server what the others get: the same number of requests of about the same size. */
export const bareDialect: Dialect = {
  clientCredentials: (format) => tokenRequests[format],
  introspect: (token) => post('/introspect', `token=${encodeURIComponent(token)}`),
  revoke: (token) => post('/revoke', `token=${encodeURIComponent(token)}`),
  refresh: (token) =>
    post('/token', `grant_type=refresh_token&refresh_token=${encodeURIComponent(token)}`),
  codeFlow,
  userinfo: (token) => get('/userinfo', [`Authorization: Bearer ${token}`]),
  discovery: () => get('/.well-known/openid-configuration'),
  listClients: () => get(`/clients?page_size=${clientsPerPage}&after=${clientsPerPage / 2}`),
}

const tokenRequests = {
  opaque: tokenRequest(client),
  ES256: tokenRequest(jwtClients.ES256),
  RS256: tokenRequest(jwtClients.RS256),
}
const authorizePath = `/auth?${authorizationQuery(client.id)}`

function tokenRequest(from: Credentials): Step {
  const request = formPost('/token', [basic(from)], 'grant_type=client_credentials')
  return { origin: 'public', request }
}

function get(path: string, lines: readonly string[] = []): Step {
  return { origin: 'public', request: rawRequest('GET', path, lines) }
}

function post(path: string, form: string): Step {
  return { origin: 'public', request: formPost(path, [basic(client)], form) }
}

function accept(kind: 'login' | 'consent'): Step {
  const body = JSON.stringify({ subject: 'user-1', remember: false })
  const lines = ['Content-Type: application/json']
  return { origin: 'public', request: rawRequest('PUT', `/accept?kind=${kind}`, lines, body) }
}

function* codeFlow(): Operation<Tokens> {
  const browser = new Browser()
  browser.follow(yield browser.get(authorizePath))
  const afterLogin = String(expectJson(yield accept('login'))['redirect_to'])
  browser.follow(yield browser.get(afterLogin))
  const afterConsent = String(expectJson(yield accept('consent'))['redirect_to'])
  const callback = browser.follow(yield browser.get(afterConsent))
  return expectTokens(yield post('/token', codeForm(queryOf(callback, 'code'))))
}
