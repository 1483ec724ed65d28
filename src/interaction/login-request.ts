/** The login request: what the login app is asked, and its answer. */

import { wholeSeconds } from '../brand.ts'
import type { Services } from '../context.ts'
import { parseAudience } from '../protocol/audience.ts'
import type { Client } from '../protocol/client.ts'
import { identifierDefect } from '../protocol/identifier.ts'
import type { Json, JsonObject } from '../protocol/json.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import { parseScope } from '../protocol/scope.ts'
import { err, ok, type Result } from '../result.ts'
import { openFlow, sealFlow } from './flow-codec.ts'
import type { AcceptedLogin, FlowStart } from './flow.ts'
import { openIdTokenHint } from './id-token-hint.ts'
import { challengeError, type InteractionError } from './interaction-error.ts'
import { oidcContextOf } from './oidc-context.ts'
import { rejectionOf, type RejectBody } from './rejection.ts'
import { canonicalQuery, passUrl, requestUrl } from './request-url.ts'

/** What both the login and the consent object show of the authorization request; names are the wire's. */
export interface RequestFacts {
  readonly requested_scope: readonly string[]
  readonly requested_access_token_audience: readonly string[]
  /** `null` in a device flow, whose request comes without any. */
  readonly oidc_context: JsonObject | null
  readonly request_url: string
}

/** What the login app is told, as the API spells it. */
export interface LoginRequest extends RequestFacts {
  readonly challenge: string
  /** True: a session is remembered, accept must name its subject. */
  readonly skip: boolean
  readonly subject: string
  readonly client: Client
  /** The `sid` that ID tokens will carry. */
  readonly session_id: string
}

/** Body of the accept operation; names are the wire's. */
export interface AcceptLoginBody {
  readonly subject: string
  readonly remember?: boolean | undefined
  /** Seconds; 0, negative or absent stands for `ttl.authentication_session`. */
  readonly remember_for?: number | undefined
  readonly extend_session_lifespan?: boolean | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  readonly identity_provider_session_id?: string | undefined
  readonly force_subject_identifier?: string | undefined
  readonly context?: Json | undefined
}

/** Where the app must send the browser next. */
export interface RedirectTo {
  readonly redirect_to: string
}

/** Facts of the request, read from its sealed query again. */
export async function requestFacts(
  services: Services,
  start: FlowStart,
  client: Client,
): Promise<RequestFacts> {
  if (start.device !== undefined) {
    return {
      requested_scope: start.device.scope,
      requested_access_token_audience: start.device.audience,
      oidc_context: null,
      request_url: requestUrl(services.settings, start),
    }
  }
  const params = new URLSearchParams(start.resolvedQuery ?? start.query)
  const hint = params.get('id_token_hint') ?? ''
  const claims = hint === '' ? undefined : await openIdTokenHint(services, hint)
  return {
    requested_scope: parseScope(params.get('scope') ?? ''),
    requested_access_token_audience: parseAudience(params.getAll('audience')),
    oidc_context: oidcContextOf(params, client, claims?.ok === true ? claims.value : undefined),
    request_url: requestUrl(services.settings, start),
  }
}

/** Shows a login challenge as often as asked, until its verifier was redeemed. */
export async function getLoginRequest(
  services: Services,
  challenge: string,
): Promise<Result<LoginRequest, InteractionError>> {
  const flow = await openFlow(services, 'login_challenge', challenge)
  if (!flow.ok) return err(challengeError(flow.error))
  const { start } = flow.value
  const record = await services.storage.clients.find(start.clientId)
  if (record === undefined) return err({ kind: 'not_found' })
  if (await services.storage.flows.isLoginCompleted(start.id)) {
    return err({ kind: 'handled', redirectTo: requestUrl(services.settings, start) })
  }
  return ok({
    challenge,
    ...(await requestFacts(services, start, record.client)),
    skip: start.skip,
    subject: start.subject,
    client: record.client,
    session_id: start.sessionId,
  })
}

/**
 * Accepts a login. May be called again: each call gives a verifier of its own.
 *
 * A skipped login must keep its subject; another one leads back to the authorization endpoint with `prompt=login`.
 */
export async function acceptLogin(
  services: Services,
  challenge: string,
  body: AcceptLoginBody,
): Promise<Result<RedirectTo, InteractionError>> {
  const defect = findDefect(body)
  if (defect !== undefined)
    return err({ kind: 'refused', error: oauthError('invalid_request', defect) })
  const flow = await openFlow(services, 'login_challenge', challenge)
  if (!flow.ok) return err(challengeError(flow.error))
  const { start } = flow.value
  if (start.skip && body.subject !== start.subject)
    return ok({ redirect_to: reauthenticationUrl(services, start) })
  return ok({
    redirect_to: await verifierUrl(services, start, {
      login: acceptedLogin(services, start, body),
    }),
  })
}

/** The first identifier that cannot be stored. Only the subject must be there. */
function findDefect(body: AcceptLoginBody): string | undefined {
  const subject = identifierDefect(body.subject)
  if (subject !== undefined) return `Field 'subject' ${subject}.`
  const names = ['force_subject_identifier', 'identity_provider_session_id'] as const
  for (const name of names) {
    const value = body[name] ?? ''
    const defect = value === '' ? undefined : identifierDefect(value)
    if (defect !== undefined) return `Field '${name}' ${defect}.`
  }
  return undefined
}

/** Rejects a login; the client gets the app's error. */
export async function rejectLogin(
  services: Services,
  challenge: string,
  body: RejectBody,
): Promise<Result<RedirectTo, InteractionError>> {
  const flow = await openFlow(services, 'login_challenge', challenge)
  if (!flow.ok) return err(challengeError(flow.error))
  return ok({
    redirect_to: await verifierUrl(services, flow.value.start, { rejection: rejectionOf(body) }),
  })
}

function acceptedLogin(services: Services, start: FlowStart, body: AcceptLoginBody): AcceptedLogin {
  return {
    subject: body.subject,
    authenticatedAt: start.skip ? start.authenticatedAt : wholeSeconds(services.clock()),
    remember: start.skip || body.remember === true,
    rememberFor: Math.max(0, Math.trunc(body.remember_for ?? 0)),
    extendSessionLifespan: body.extend_session_lifespan === true,
    acr: body.acr ?? '',
    amr: body.amr ?? [],
    identityProviderSessionId: body.identity_provider_session_id ?? '',
    forceSubjectIdentifier: body.force_subject_identifier ?? '',
    context: body.context ?? null,
  }
}

async function verifierUrl(
  services: Services,
  start: FlowStart,
  answer: { readonly login?: AcceptedLogin; readonly rejection?: ReturnType<typeof rejectionOf> },
): Promise<string> {
  const value = await sealFlow(services, 'login_verifier', {
    start,
    verifierId: services.random.hex(16),
    login: answer.login,
    rejection: answer.rejection,
  })
  return passUrl(services.settings, start, { name: 'login_verifier', value })
}

function reauthenticationUrl(services: Services, start: FlowStart): string {
  const params = new URLSearchParams(canonicalQuery(start.query))
  params.set('prompt', 'login')
  return requestUrl(services.settings, { query: params.toString(), device: start.device })
}
