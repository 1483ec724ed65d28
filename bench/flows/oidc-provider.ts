import type { Dialect, Operation, Step, Tokens } from '../case.ts'
import { Browser, queryOf } from '../load/browser.ts'
import { expectTokens } from '../load/expect.ts'
import { rawRequest } from '../load/wire.ts'
import { basic, formPost } from './hydra.ts'
import type { Credentials } from './hydra.ts'
import { authorizationQuery, codeForm, redirectUri } from './pkce.ts'

/** The one client of the peer; the access token format follows from `resource` (RFC 8707). */
export const peerClient: Credentials = {
  id: 'bench',
  secret: 'bench-secret-0123456789-abcdefghijkl',
}

/** The resources whose access tokens are JWTs, by the algorithm that signs them. */
export const jwtResources = { ES256: 'https://es256.example', RS256: 'https://rs256.example' }

/** Speaks to `oidc-provider` with its default routes and the two interaction routes of our process. */
export const oidcProviderDialect: Dialect = {
  clientCredentials: (format) => tokenRequests[format],
  introspect: (token) => post('/token/introspection', `token=${encodeURIComponent(token)}`),
  revoke: (token) => post('/token/revocation', `token=${encodeURIComponent(token)}`),
  refresh: (token) =>
    post('/token', `grant_type=refresh_token&refresh_token=${encodeURIComponent(token)}`),
  codeFlow,
  userinfo: (token) => ({
    origin: 'public',
    request: rawRequest('GET', '/me', [`Authorization: Bearer ${token}`]),
  }),
  discovery: () => ({
    origin: 'public',
    request: rawRequest('GET', '/.well-known/openid-configuration', []),
  }),
  listClients: () => {
    throw new Error(peerLacks.list_clients)
  },
}

/** What the peer has nothing like, with the reason for the report. */
export const peerLacks = {
  introspection_jwt: 'it refuses to introspect JWTs',
  list_clients: 'it has no list of clients',
} as const

const tokenRequests = {
  opaque: post('/token', 'grant_type=client_credentials'),
  ES256: jwtRequest(jwtResources.ES256),
  RS256: jwtRequest(jwtResources.RS256),
}
const authorizePath = `/auth?${authorizationQuery(peerClient.id)}`

function post(path: string, form: string): Step {
  return { origin: 'public', request: formPost(path, [basic(peerClient)], form) }
}

function jwtRequest(resource: string): Step {
  return post('/token', `grant_type=client_credentials&resource=${encodeURIComponent(resource)}`)
}

/** As many requests as the same flow takes on a Hydra-compatible server: six. */
function* codeFlow(): Operation<Tokens> {
  const browser = new Browser()
  const login = browser.follow(yield browser.get(authorizePath))
  const afterLogin = browser.follow(yield browser.post(`${login}/login`, 'login=user-1'))
  const consent = browser.follow(yield browser.get(afterLogin))
  const afterConsent = browser.follow(yield browser.post(`${consent}/consent`, 'accept=yes'))
  const callback = browser.follow(yield browser.get(afterConsent))
  if (!callback.startsWith(redirectUri)) throw new Error(`expected the callback, got ${callback}`)
  return expectTokens(yield post('/token', codeForm(queryOf(callback, 'code'))))
}
