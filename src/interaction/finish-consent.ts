/**
 * Pass C of the authorization endpoint: an answered consent becomes a grant, and the client gets its response.
 *
 * @see RFC 6749 §4.1.2
 */

import { after, asSubject, milliseconds, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import type { Grant } from '../protocol/grant.ts'
import type { Json } from '../protocol/json.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import { sealGrantSession } from '../tokens/grant-session.ts'
import { lifespanOf } from '../tokens/lifespan.ts'
import { mintAuthorizationCode } from '../tokens/code-and-refresh-token.ts'
import { checkBrowser, forgetFlow } from './csrf.ts'
import type { AcceptedConsent, ConsentVerifier } from './flow.ts'
import { openPass } from './open-pass.ts'
import { oidcContextOf } from './oidc-context.ts'
import { refuse, type AuthorizeOutcome } from './outcome.ts'
import { rejectionError } from './rejection.ts'
import { requestUrl } from './request-url.ts'
import type { Visit } from './start-login.ts'

/** Time that a grant outlives its last token, so that clocks may differ. */
const slack = milliseconds(10 * 60_000)

/** Redeems a consent verifier: stores the grant, of which there is one per flow, and answers with a code. */
export async function finishConsent(
  services: Services,
  visit: Visit,
  verifier: string,
): Promise<AuthorizeOutcome> {
  const { request, cookies } = visit
  const opened = await openPass(services, visit, 'consent_verifier', verifier)
  if (!opened.ok) return refuse(request, opened.error)
  const { start, consent, rejection, consentCsrf } = opened.value
  if (rejection !== undefined) return refuse(request, rejectionError(rejection))
  const binding = { purpose: 'consentCsrf', clientId: start.clientId, flowId: start.id } as const
  const forbidden = checkBrowser(services, cookies, binding, consentCsrf)
  if (forbidden !== undefined) return refuse(request, forbidden)
  if (consent === undefined) {
    return refuse(
      request,
      oauthError('invalid_request', 'The consent was neither accepted nor rejected.'),
    )
  }

  const codeExpiresAt = after(services.clock(), services.settings.ttl.authCode)
  const grant = newGrant(services, visit, opened.value, { consent, codeExpiresAt })
  const created = await services.storage.grants.create(grant)
  if (!created.ok) {
    return refuse(
      request,
      oauthError(
        'access_denied',
        'The consent verifier has already been used. Start the sign-in again.',
      ),
    )
  }
  return {
    kind: 'respond',
    place: request,
    params: {
      code: mintAuthorizationCode(services, { grantId: grant.id, expiresAt: codeExpiresAt }),
      scope: consent.grantScope.join(' '),
      state: request.state,
    },
    cookies: forgetFlow(services, cookies, binding),
  }
}

interface Approval {
  readonly consent: AcceptedConsent
  readonly codeExpiresAt: Instant
}

function newGrant(
  services: Services,
  visit: Visit,
  flow: ConsentVerifier,
  { consent, codeExpiresAt }: Approval,
): Grant {
  const { start, login } = flow
  const { settings } = services
  const rememberedUntil =
    consent.remember && consent.rememberFor > 0
      ? after(start.requestedAt, milliseconds(consent.rememberFor * 1000))
      : undefined
  const tokensUntil = after(
    codeExpiresAt,
    milliseconds(lifespanOf(settings, visit.client, 'authorization_code', 'access_token') + slack),
  )
  return {
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
    requestedScope: visit.request.scope,
    grantedScope: consent.grantScope,
    requestedAudience: visit.request.audience,
    grantedAudience: consent.grantAudience,
    session: sealSession(services, visit, flow, consent),
    codeExpiresAt,
    codeRedeemedAt: undefined,
    tokensRevokedAt: undefined,
    purgeAt: purgeInstant({ consent, skip: flow.skip, rememberedUntil, tokensUntil }),
  }
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

function sealSession(
  services: Services,
  visit: Visit,
  flow: ConsentVerifier,
  consent: AcceptedConsent,
): string {
  const { start, login, idTokenSubject } = flow
  const { request } = visit
  const context: Json = consent.context
  const session = {
    accessToken: consent.accessToken,
    idToken: consent.idToken,
    idTokenSubject,
    authTime: login.authenticatedAt,
    acr: login.acr === '' && visit.params.get('acr_values') !== null ? '0' : login.acr,
    amr: login.amr,
    nonce: request.nonce,
    sid: start.sessionId,
    redirectUri: request.sentRedirectUri,
    codeChallenge: request.codeChallenge,
    requestUrl: requestUrl(services.settings, start.query),
    oidcContext: oidcContextOf(visit.params, undefined),
    context,
  }
  return sealGrantSession(services.sealer, session, services.settings.oauth2.encryptSessionAtRest)
}
