/**
 * The pass behind the login app, of the authorization endpoint and of the device verification alike: an answered login
 * goes on to the consent app.
 *
 * @see OpenID Connect Core §3.1.2.3 and §3.1.2.4
 */

import { after, asSubject, milliseconds, type Milliseconds } from '../brand.ts'
import type { Services } from '../context.ts'
import { checkAcr, requestedSubjects } from '../protocol/claims-request.ts'
import { isPublic } from '../protocol/client.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { checkLoginAgainstPrompt } from '../protocol/prompt.ts'
import { identifiesPublicClient, isSecureRedirectUri } from '../protocol/redirect-uri.ts'
import { scopeStrategies } from '../protocol/scope.ts'
import { err, ok, type Result } from '../result.ts'
import type { CompletedLogin, LoginSession } from '../storage/storage.ts'
import { changeBrowserState } from './browser-state.ts'
import type { CookieChange } from './cookies.ts'
import { bindBrowser, checkBrowser, forgetFlow } from './csrf.ts'
import { flowExpiry, sealFlow } from './flow-codec.ts'
import type { AcceptedLogin, ConsentChallenge, FlowStart, LoginVerifier } from './flow.ts'
import { openIdTokenHint } from './id-token-hint.ts'
import { deleteSessionCookie, readSessionCookie, setSessionCookie } from './login-session.ts'
import { end, type NextPage, type Refusal } from './outcome.ts'
import { openPass } from './open-pass.ts'
import { builtInPages } from './pages.ts'
import { rejectionError } from './rejection.ts'
import { withParams } from './request-url.ts'
import { subjectIdentifier } from './subject-identifier.ts'
import type { Asked, Visit } from './visit.ts'

/** Redeems a login verifier: stores the session, then gives the page of the consent app with a fresh challenge. */
export async function redeemLogin(
  services: Services,
  visit: Visit,
  verifier: string,
): Promise<Result<NextPage, Refusal>> {
  const { request, client, cookies } = visit
  const opened = await openPass(services, visit, 'login_verifier', verifier)
  if (!opened.ok) return end(opened.error)
  const { start, login, rejection } = opened.value
  const binding = { purpose: 'loginCsrf', clientId: start.clientId, flowId: start.id } as const
  const forbidden = checkBrowser(services, cookies, binding, start.loginCsrf)
  if (rejection !== undefined)
    return end(rejectionError(rejection), [], forbidden === undefined ? start : undefined)
  if (forbidden !== undefined) return end(forbidden)
  if (login === undefined)
    return end(oauthError('invalid_request', 'The login was neither accepted nor rejected.'))

  const subject = await checkLogin(services, visit, start, login)
  if (!subject.ok) return refuseLogin(services, visit, subject.error)
  const committed = await commitLogin(services, visit, opened.value, login)
  if (committed === undefined) {
    return end(
      oauthError(
        'access_denied',
        'The login verifier has already been used. Start the sign-in again.',
      ),
    )
  }
  const { browser, rememberedScope } = committed
  const { scope } = start.device ?? request
  const skip = isConsentSkippable(services, visit, { scope, rememberedScope })
  if (!skip && request.prompt.includes('none') && !client.skip_consent) {
    return end(
      oauthError(
        'consent_required',
        "The prompt 'none' was requested, but no remembered consent covers the request.",
      ),
      browser,
    )
  }
  return ok(
    await askConsent(
      services,
      visit,
      { start, login, skip, idTokenSubject: subject.value },
      browser,
    ),
  )
}

/** The page of the consent app, with a fresh challenge and all cookies of the pass. */
async function askConsent(
  services: Services,
  { cookies }: Visit,
  question: Omit<ConsentChallenge, 'consentCsrf'>,
  browser: readonly CookieChange[],
): Promise<NextPage> {
  const { clientId, id: flowId } = question.start
  const consent = bindBrowser(services, cookies, { purpose: 'consentCsrf', clientId, flowId })
  const challenge = await sealFlow(services, 'consent_challenge', {
    ...question,
    consentCsrf: consent.csrf,
  })
  const page = services.settings.urls.consent ?? builtInPages(services.settings).consent
  const spent = forgetFlow(services, cookies, { purpose: 'loginCsrf', clientId, flowId })
  return {
    location: withParams(page, { consent_challenge: challenge }),
    cookies: [...spent, ...browser, ...consent.changes],
  }
}

/** Checks the login against the request. @returns the `sub` that the client will see. */
async function checkLogin(
  services: Services,
  { client, request }: Visit,
  start: FlowStart,
  login: AcceptedLogin,
): Promise<Result<string, OAuthError>> {
  const subject = subjectIdentifier(
    services.settings,
    client,
    login.subject,
    login.forceSubjectIdentifier,
  )
  if (!subject.ok) return subject
  const mayBeSilent =
    !isPublic(client) || services.settings.dev || isSecureRedirectUri(request.redirectUri ?? '')
  if (request.prompt.includes('none') && !mayBeSilent) {
    return err(
      oauthError(
        'consent_required',
        "The prompt 'none' needs a secure redirect URI for public clients.",
      ),
    )
  }
  const matches = checkLoginAgainstPrompt({
    prompt: request.prompt,
    maxAgeSeconds: request.maxAgeSeconds,
    authenticatedAt: login.authenticatedAt,
    requestedAt: start.requestedAt,
    now: services.clock(),
  })
  if (!matches.ok) return matches
  const acr = checkAcr(request.claims, login.acr)
  if (!acr.ok) return acr
  return checkSubject(services, request, subject.value)
}

/** OpenID Connect Core §3.1.2.2: nobody else than whom the client asked for. */
async function checkSubject(
  services: Services,
  { idTokenHint, claims }: Asked,
  subject: string,
): Promise<Result<string, OAuthError>> {
  if (requestedSubjects(claims)?.includes(subject) === false) {
    return err(
      oauthError(
        'login_required',
        'The end user who signed in is not the subject that the claims parameter asks for.',
      ),
    )
  }
  if (idTokenHint === undefined) return ok(subject)
  const hint = await openIdTokenHint(services, idTokenHint)
  if (!hint.ok) return hint
  return hint.value.sub === subject
    ? ok(subject)
    : err(
        oauthError(
          'login_required',
          'The subject of the id_token_hint is not the end user who signed in.',
        ),
      )
}

/** A login that does not satisfy the request ends the browser's session, so that the next attempt starts anew. */
async function refuseLogin(
  services: Services,
  visit: Visit,
  error: OAuthError,
): Promise<Result<never, Refusal>> {
  if (error.code !== 'login_required') return end(error)
  const sid = readSessionCookie(services, visit.cookies)
  if (sid !== undefined) await services.storage.loginSessions.delete(sid)
  return end(error, [deleteSessionCookie(services), ...changeBrowserState(services)])
}

interface Committed extends CompletedLogin {
  /** The session cookie's change. */
  readonly browser: readonly CookieChange[]
}

/** Spends the verifier and stores the session. @returns `undefined` when it was spent before. */
async function commitLogin(
  services: Services,
  { client, cookies }: Visit,
  { start, verifierId }: LoginVerifier,
  login: AcceptedLogin,
): Promise<Committed | undefined> {
  const lifespan = sessionLifespan(services, login)
  const forgotten = !start.skip && !login.remember
  const former = forgotten ? readSessionCookie(services, cookies) : undefined
  const completed = await services.storage.flows.completeLogin({
    flowId: start.id,
    verifierId,
    clientId: client.client_id,
    subject: asSubject(login.subject),
    now: services.clock(),
    expiresAt: flowExpiry(services, start.requestedAt),
    session: start.skip ? undefined : newSession(services, start, login),
    forcedSubject:
      login.forceSubjectIdentifier === '' || client.subject_type !== 'pairwise'
        ? undefined
        : {
            clientId: client.client_id,
            subject: asSubject(login.subject),
            identifier: login.forceSubjectIdentifier,
          },
    endedSessionId: former === start.sessionId ? undefined : former,
  })
  if (completed === undefined) return undefined
  if (start.skip && !login.extendSessionLifespan) return { ...completed, browser: [] }
  if (start.skip)
    await services.storage.loginSessions.extend(start.sessionId, after(services.clock(), lifespan))
  const session = forgotten
    ? deleteSessionCookie(services)
    : setSessionCookie(services, start.sessionId, Math.floor(lifespan / 1000))
  return { ...completed, browser: [session, ...signedInState(services, start)] }
}

/** Only a fresh login changes the browser's state. */
function signedInState(services: Services, { skip }: FlowStart): readonly CookieChange[] {
  return skip ? [] : changeBrowserState(services)
}

/** How long the browser stays signed in. */
function sessionLifespan(services: Services, login: AcceptedLogin): Milliseconds {
  return login.rememberFor > 0
    ? milliseconds(login.rememberFor * 1000)
    : services.settings.ttl.authenticationSession
}

function newSession(services: Services, start: FlowStart, login: AcceptedLogin): LoginSession {
  return {
    id: start.sessionId,
    subject: asSubject(login.subject),
    authenticatedAt: login.authenticatedAt,
    remember: login.remember,
    identityProviderSessionId: login.identityProviderSessionId,
    expiresAt: after(services.clock(), sessionLifespan(services, login)),
  }
}

/** Whether the newest remembered consent of this end user for this client covers every requested scope. */
function isConsentSkippable(
  services: Services,
  { client, request }: Visit,
  { scope, rememberedScope }: CompletedLogin & { readonly scope: readonly string[] },
): boolean {
  if (request.prompt.includes('consent')) return false
  // RFC 8252 §8.6: a public client is only recognised by a redirect URI that nobody else can claim.
  // A device sends none at all.
  if (isPublic(client) && !identifiesPublicClient(request.redirectUri ?? '')) return false
  if (rememberedScope === undefined) return false
  const covers = scopeStrategies[services.settings.strategies.scope]
  return scope.every((each) => covers(rememberedScope, each))
}
