/** The consent request: what the consent app is asked, and its answer. */

import type { Services } from '../context.ts'
import { noClaimsRequest, type ClaimsRequest } from '../protocol/claims-request.ts'
import type { Client } from '../protocol/client.ts'
import type { Json, JsonObject } from '../protocol/json.ts'
import { checkOpenIdRequest } from '../protocol/openid-request.ts'
import { hasScope, parseScope } from '../protocol/scope.ts'
import { err, ok, type Result } from '../result.ts'
import { openFlow, sealFlow } from './flow-codec.ts'
import type { AcceptedConsent, ConsentChallenge, FlowStart, Rejection } from './flow.ts'
import { challengeError, type InteractionError } from './interaction-error.ts'
import { requestFacts, type RedirectTo, type RequestFacts } from './login-request.ts'
import { rejectionOf, type RejectBody } from './rejection.ts'
import { passUrl, requestUrl } from './request-url.ts'

/** What the consent app is told, as the API spells it. */
export interface ConsentRequest extends RequestFacts {
  readonly challenge: string
  /** Id of the consent session and of every token that comes from it. */
  readonly consent_request_id: string
  /** True: a remembered consent covers the request; the app must still answer. */
  readonly skip: boolean
  readonly subject: string
  readonly client: Client
  /** Opaque id of the login behind it; not a challenge. */
  readonly login_challenge: string
  readonly login_session_id: string
  readonly acr: string
  readonly amr: readonly string[]
  readonly context: Json
}

/** Body of the accept operation; names are the wire's. */
export interface AcceptConsentBody {
  /** Granted as it is: the app may grant more than was asked, or less. */
  readonly grant_scope?: readonly string[] | undefined
  readonly grant_access_token_audience?: readonly string[] | undefined
  readonly session?:
    | {
        readonly access_token?: JsonObject | undefined
        readonly id_token?: JsonObject | undefined
        /** Not of the API: the built-in page's claims for userinfo alone. */
        readonly userinfo?: JsonObject | undefined
      }
    | undefined
  readonly remember?: boolean | undefined
  /** Seconds; 0, negative or absent is for ever. */
  readonly remember_for?: number | undefined
  /** Replaces the context of the login when present, `null` included. */
  readonly context?: Json | undefined
}

/** Shows a consent challenge as often as asked, until the flow ended in a grant. */
export async function getConsentRequest(
  services: Services,
  challenge: string,
): Promise<Result<ConsentRequest, InteractionError>> {
  const opened = await openConsent(services, challenge)
  return opened.ok ? ok(opened.value.request) : opened
}

/** A consent request, and how the flow that it belongs to began. */
export interface OpenConsent {
  readonly request: ConsentRequest
  readonly start: FlowStart
}

/** {@link getConsentRequest}, for a page of ours, which looks at the beginning of the flow too. */
export async function openConsent(
  services: Services,
  challenge: string,
): Promise<Result<OpenConsent, InteractionError>> {
  const flow = await openFlow(services, 'consent_challenge', challenge)
  if (!flow.ok) return err(challengeError(flow.error))
  const { start, login, skip } = flow.value
  const record = await services.storage.clients.find(start.clientId)
  if (record === undefined) return err({ kind: 'not_found' })
  if ((await services.storage.grants.find(start.grantId)) !== undefined) {
    return err({ kind: 'handled', redirectTo: requestUrl(services.settings, start) })
  }
  const request: ConsentRequest = {
    challenge,
    consent_request_id: start.grantId,
    ...(await requestFacts(services, start, record.client)),
    skip,
    subject: login.subject,
    client: record.client,
    login_challenge: start.id,
    login_session_id: start.sessionId,
    acr: login.acr,
    amr: login.amr,
    context: login.context,
  }
  return ok({ request, start })
}

/** What a consent page of ours looks at in the request besides the consent object, whose members are fixed. */
export interface ConsentDetails {
  readonly claims: ClaimsRequest
  /** Whether the flow ends in an access token, sooner or later. */
  readonly hasAccessToken: boolean
  /** `prompt=none`: no page may be shown. */
  readonly isSilent: boolean
}

/** Reads the details of a flow from its beginning. */
export function consentDetails(
  start: Pick<FlowStart, 'device' | 'resolvedQuery' | 'query'>,
): ConsentDetails {
  if (start.device !== undefined)
    return { claims: noClaimsRequest, hasAccessToken: true, isSilent: false }
  const params = new URLSearchParams(start.resolvedQuery ?? start.query)
  const isOpenId = hasScope(parseScope(params.get('scope') ?? ''), 'openid')
  const asked = checkOpenIdRequest(
    params,
    { default_max_age: undefined, default_acr_values: undefined },
    isOpenId,
  )
  return {
    claims: asked.ok ? asked.value.claims : noClaimsRequest,
    hasAccessToken: (params.get('response_type') ?? '').trim().toLowerCase() !== 'id_token',
    isSilent: asked.ok && asked.value.prompt.includes('none'),
  }
}

/** Accepts a consent. May be called again; only one of the verifiers can be redeemed. */
export async function acceptConsent(
  services: Services,
  challenge: string,
  body: AcceptConsentBody,
): Promise<Result<RedirectTo, InteractionError>> {
  const flow = await openFlow(services, 'consent_challenge', challenge)
  if (!flow.ok) return err(challengeError(flow.error))
  const consent: AcceptedConsent = {
    grantScope: body.grant_scope ?? [],
    grantAudience: body.grant_access_token_audience ?? [],
    accessToken: body.session?.access_token ?? {},
    idToken: body.session?.id_token ?? {},
    userinfo: body.session?.userinfo ?? {},
    remember: body.remember === true,
    rememberFor: Math.max(0, Math.trunc(body.remember_for ?? 0)),
    handledAt: services.clock(),
    context: body.context === undefined ? flow.value.login.context : body.context,
  }
  return ok({ redirect_to: await verifierUrl(services, flow.value, { consent }) })
}

/** Rejects a consent; the client gets the app's error, and no grant is stored. */
export async function rejectConsent(
  services: Services,
  challenge: string,
  body: RejectBody,
): Promise<Result<RedirectTo, InteractionError>> {
  const flow = await openFlow(services, 'consent_challenge', challenge)
  if (!flow.ok) return err(challengeError(flow.error))
  return ok({
    redirect_to: await verifierUrl(services, flow.value, { rejection: rejectionOf(body) }),
  })
}

async function verifierUrl(
  services: Services,
  challenge: ConsentChallenge,
  answer: { readonly consent?: AcceptedConsent; readonly rejection?: Rejection },
): Promise<string> {
  const value = await sealFlow(services, 'consent_verifier', {
    ...challenge,
    consent: answer.consent,
    rejection: answer.rejection,
  })
  return passUrl(services.settings, challenge.start, { name: 'consent_verifier', value })
}
