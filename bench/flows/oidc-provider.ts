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

/** The resource whose access tokens are ES256 JWTs. */
export const jwtResource = 'https://api.example'

/** Speaks to `oidc-provider` with its default routes and the two interaction routes of our process. */
export const oidcProviderDialect: Dialect = {
  clientCredentials: (format) => (format === 'jwt' ? jwtRequest : opaqueRequest),
  introspect: (token) => post('/token/introspection', `token=${encodeURIComponent(token)}`),
  refresh: (token) =>
    post('/token', `grant_type=refresh_token&refresh_token=${encodeURIComponent(token)}`),
  codeFlow,
  discovery: () => ({
    origin: 'public',
    request: rawRequest('GET', '/.well-known/openid-configuration', []),
  }),
}

const opaqueRequest = post('/token', 'grant_type=client_credentials')
const jwtRequest = post(
  '/token',
  `grant_type=client_credentials&resource=${encodeURIComponent(jwtResource)}`,
)
const authorizePath = `/auth?${authorizationQuery(peerClient.id)}`

function post(path: string, form: string): Step {
  return { origin: 'public', request: formPost(path, [basic(peerClient)], form) }
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
