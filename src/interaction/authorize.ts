/**
 * The authorization endpoint: one URL that the browser visits three times.
 *
 * | pass | extra parameter | on success |
 * |---|---|---|
 * | A | none | to the login app |
 * | B | `login_verifier` | to the consent app |
 * | C | `consent_verifier` | to the client with the authorization response |
 *
 * @see RFC 6749 §3.1, OpenID Connect Core §3.1.2
 */

import { asClientId } from '../brand.ts'
import type { Services } from '../context.ts'
import { checkAuthorizationRequest } from '../protocol/authorization-request.ts'
import type { Client } from '../protocol/client.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { repeatedParameter } from '../protocol/parameters.ts'
import { scopeStrategies } from '../protocol/scope.ts'
import { ok, type Result } from '../result.ts'
import type { Settings } from '../settings.ts'
import type { Cookies } from './cookies.ts'
import { finishConsent } from './finish-consent.ts'
import { finishLogin } from './finish-login.ts'
import { openFlow } from './flow-codec.ts'
import { outcomeOf, type AuthorizeOutcome } from './outcome.ts'
import { carriesRequestObject, resolveRequestObject } from './request-object.ts'
import { startLogin } from './start-login.ts'
import type { AuthorizationVisit } from './visit.ts'

/** One visit of the authorization endpoint. */
export interface AuthorizeInput {
  /** Query of the request, with the parameters of a POST body folded in. */
  readonly query: string
  readonly cookies: Cookies
}

const verifiers = ['login_verifier', 'consent_verifier'] as const

/** Decides what one visit of the authorization endpoint leads to. */
export async function authorize(
  services: Services,
  input: AuthorizeInput,
): Promise<AuthorizeOutcome> {
  const all = new URLSearchParams(input.query)
  const repeated = verifiers.find((name) => all.getAll(name).length > 1)
  if (repeated !== undefined) return { kind: 'show', error: repeatedParameter(repeated) }
  const loginVerifier = (all.get('login_verifier') ?? '').trim()
  const consentVerifier = (all.get('consent_verifier') ?? '').trim()
  const { sent, query } = withoutVerifiers(all, input.query)
  const clientId = sent.get('client_id') ?? ''
  const record =
    clientId === '' ? undefined : await services.storage.clients.find(asClientId(clientId))
  if (record === undefined) {
    return {
      kind: 'show',
      error: oauthError('invalid_client', 'The requested OAuth 2.0 client does not exist.'),
    }
  }
  const params = await effectiveParams(services, record.client, sent, {
    loginVerifier,
    consentVerifier,
  })
  if (!params.ok) return { kind: 'show', error: params.error }
  const request = checkAuthorizationRequest(
    params.value,
    record.client,
    policyOf(services.settings),
  )
  if (!request.ok) return outcomeOf(request.error)
  const visit: AuthorizationVisit = {
    endpoint: 'authorization',
    client: record.client,
    request: request.value,
    sent,
    params: params.value,
    query,
    cookies: input.cookies,
  }
  if (loginVerifier !== '') return finishLogin(services, visit, loginVerifier)
  if (consentVerifier !== '') return finishConsent(services, visit, consentVerifier)
  return startLogin(services, visit)
}

interface Verifiers {
  readonly loginVerifier: string
  readonly consentVerifier: string
}

/**
 * What a request object says was settled in pass A and travels with the flow: what was agreed to is what is answered, even if the
 * document behind a `request_uri` changes in between.
 */
async function effectiveParams(
  services: Services,
  client: Client,
  sent: URLSearchParams,
  { loginVerifier, consentVerifier }: Verifiers,
): Promise<Result<URLSearchParams, OAuthError>> {
  if (!carriesRequestObject(sent)) return ok(sent)
  const flow =
    loginVerifier === ''
      ? await openFlow(services, 'consent_verifier', consentVerifier)
      : await openFlow(services, 'login_verifier', loginVerifier)
  if (flow.ok && flow.value.start.clientId === client.client_id) {
    return ok(new URLSearchParams(flow.value.start.resolvedQuery ?? ''))
  }
  return resolveRequestObject(services, client, sent)
}

/** The request itself; untouched, byte for byte, when it carries no verifier. */
function withoutVerifiers(
  all: URLSearchParams,
  query: string,
): { sent: URLSearchParams; query: string } {
  if (!all.has('login_verifier') && !all.has('consent_verifier')) return { sent: all, query }
  all.delete('login_verifier')
  all.delete('consent_verifier')
  return { sent: all, query: all.toString() }
}

function policyOf(settings: Settings) {
  return {
    scopeStrategy: scopeStrategies[settings.strategies.scope],
    pkce: {
      enforced: settings.oauth2.pkceEnforced,
      enforcedForPublicClients: settings.oauth2.pkceEnforcedForPublicClients,
    },
    allowInsecureRedirects: settings.dev,
  }
}
