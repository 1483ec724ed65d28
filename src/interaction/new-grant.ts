/** Makes the grant that a consent stands for. */

import { after, asSubject, milliseconds, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import type { Grant } from '../protocol/grant.ts'
import { isHybrid } from '../protocol/response.ts'
import { sealGrantSession, type GrantSession } from '../tokens/grant-session.ts'
import { lifespanOf, type GrantKind } from '../tokens/lifespan.ts'
import type { AcceptedConsent, ConsentVerifier, FlowStart } from './flow.ts'
import { oidcContextOf } from './oidc-context.ts'
import { requestUrl } from './request-url.ts'
import type { Visit } from './visit.ts'

/** Time that a grant outlives its last token, so that clocks may differ. */
const slack = milliseconds(10 * 60_000)

/** The grant of a flow, and the session that is sealed in it. */
export interface NewGrant {
  readonly grant: Grant
  readonly session: GrantSession
}

/** Builds the grant; nothing is stored. */
export function newGrant(
  services: Services,
  visit: Visit,
  flow: ConsentVerifier,
  consent: AcceptedConsent,
): NewGrant {
  const { start, login } = flow
  const { settings } = services
  const { responseValues } = visit.request
  const asked = start.device ?? visit.request
  const now = services.clock()
  const codeExpiresAt =
    start.device?.expiresAt ??
    (responseValues.has('code') ? after(now, settings.ttl.authCode) : undefined)
  const rememberedUntil =
    consent.remember && consent.rememberFor > 0
      ? after(start.requestedAt, milliseconds(consent.rememberFor * 1000))
      : undefined
  const kind = kindOf(start, codeExpiresAt)
  const tokensUntil = after(
    codeExpiresAt ?? now,
    milliseconds(lifespanOf(settings, visit.client, kind, 'access_token') + slack),
  )
  const session = sessionOf(services, visit, flow, consent)
  const grant: Grant = {
    id: start.grantId,
    flowId: start.id,
    clientId: start.clientId,
    subject: asSubject(login.subject),
    loginSessionId: start.sessionId,
    requestedAt: start.requestedAt,
    handledAt: consent.handledAt,
    skip: flow.skip,
    remember: consent.remember,
    rememberFor: consent.rememberFor,
    rememberedUntil,
    requestedScope: asked.scope,
    grantedScope: consent.grantScope,
    requestedAudience: asked.audience,
    grantedAudience: consent.grantAudience,
    session: sealGrantSession(services.sealer, session, settings.oauth2.encryptSessionAtRest),
    codeExpiresAt,
    codeRedeemedAt: undefined,
    tokensRevokedAt: undefined,
    purgeAt: purgeInstant({ consent, skip: flow.skip, rememberedUntil, tokensUntil }),
  }
  return { grant, session }
}

function kindOf({ device }: FlowStart, codeExpiresAt: Instant | undefined): GrantKind {
  if (device !== undefined) return 'device_authorization'
  return codeExpiresAt === undefined ? 'implicit' : 'authorization_code'
}

/** A consent remembered for ever is kept; one that skipped the page is a copy of an older one and need not be. */
function purgeInstant(ends: {
  readonly consent: AcceptedConsent
  readonly skip: boolean
  readonly rememberedUntil: Instant | undefined
  readonly tokensUntil: Instant
}): Instant | undefined {
  if (!ends.consent.remember || ends.skip) return ends.tokensUntil
  if (ends.rememberedUntil === undefined) return undefined
  return ends.rememberedUntil > ends.tokensUntil ? ends.rememberedUntil : ends.tokensUntil
}

function sessionOf(
  services: Services,
  visit: Visit,
  flow: ConsentVerifier,
  consent: AcceptedConsent,
): GrantSession {
  const { start, login, idTokenSubject } = flow
  const { request } = visit
  return {
    accessToken: consent.accessToken,
    idToken: consent.idToken,
    userinfo: consent.userinfo,
    idTokenSubject,
    authTime: login.authenticatedAt,
    acr: login.acr === '' && asksForAcr(visit) ? '0' : login.acr,
    amr: login.amr,
    nonce: request.nonce,
    sid: start.sessionId,
    isHybrid: isHybrid(request.responseValues),
    redirectUri: request.sentRedirectUri,
    codeChallenge: request.codeChallenge,
    requestUrl: requestUrl(services.settings, start),
    oidcContext: start.device === undefined ? oidcContextOf(visit.params, visit.client) : null,
    context: consent.context,
  }
}

/** A client that asks for `acr` gets one: 0 claims no level of assurance (OpenID Connect Core §2). */
function asksForAcr({ params, request }: Visit): boolean {
  return (
    params.get('acr_values') !== null ||
    request.acrValues.length > 0 ||
    request.claims.id_token.has('acr')
  )
}
