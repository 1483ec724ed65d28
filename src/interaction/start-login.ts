/**
 * Pass A of the authorization endpoint: a checked request goes on to the login app.
 *
 * @see OpenID Connect Core §3.1.2.2 and §3.1.2.3
 */

import { asFlowId, asGrantId, asSessionId, instant, wholeSeconds, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { requestedSubjects } from '../protocol/claims-request.ts'
import type { Client } from '../protocol/client.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { isTooOld } from '../protocol/prompt.ts'
import { err, ok, type Result } from '../result.ts'
import type { LoginSession } from '../storage/storage.ts'
import { bindBrowser } from './csrf.ts'
import { sealFlow } from './flow-codec.ts'
import type { FlowStart } from './flow.ts'
import { openIdTokenHint } from './id-token-hint.ts'
import { findBrowserSession } from './login-session.ts'
import { refuse, type AuthorizeOutcome, type NextPage } from './outcome.ts'
import { builtInPages } from './pages.ts'
import { carriesRequestObject } from './request-object.ts'
import { withParams } from './request-url.ts'
import { subjectIdentifier } from './subject-identifier.ts'
import type { AuthorizationVisit, Visit } from './visit.ts'

/** Sends the browser to the login app with a fresh challenge, or refuses what `prompt=none` cannot give. */
export async function startLogin(
  services: Services,
  visit: AuthorizationVisit,
): Promise<AuthorizeOutcome> {
  const { request } = visit
  const session = await findUsableSession(services, visit)
  if (!session.ok) return refuse(request, session.error)
  if (session.value === undefined && request.prompt.includes('none')) {
    return refuse(
      request,
      oauthError(
        'login_required',
        "The prompt 'none' was requested, but no end user is signed in.",
      ),
    )
  }
  const grantId = asGrantId(services.random.hex(16))
  const page = await askLogin(services, visit, {
    session: session.value,
    grantId,
    device: undefined,
  })
  return { kind: 'page', ...page }
}

/** What a flow is given at its start. */
interface Beginning extends Pick<FlowStart, 'grantId' | 'device'> {
  readonly session: LoginSession | undefined
}

/** Begins a flow and asks the login app. */
export async function askLogin(
  services: Services,
  visit: Visit,
  beginning: Beginning,
): Promise<NextPage> {
  const start = newFlow(services, visit, beginning)
  const { csrf, changes } = bindBrowser(services, visit.cookies, {
    purpose: 'loginCsrf',
    clientId: visit.client.client_id,
    flowId: start.id,
  })
  const challenge = await sealFlow(services, 'login_challenge', {
    start: { ...start, loginCsrf: csrf },
  })
  return { location: loginUrl(services, visit, challenge), cookies: changes }
}

/** The remembered session, unless the request asks for a new authentication. */
export async function findUsableSession(
  services: Services,
  { request, client, cookies }: Visit,
): Promise<Result<LoginSession | undefined, OAuthError>> {
  const hint =
    request.idTokenHint === undefined
      ? undefined
      : await openIdTokenHint(services, request.idTokenHint)
  if (hint !== undefined && !hint.ok) return hint
  if (request.prompt.includes('login') || request.prompt.includes('select_account'))
    return ok(undefined)
  const session = await findBrowserSession(services, cookies)
  if (session === undefined) return ok(undefined)
  if (isTooOld(session.authenticatedAt, request.maxAgeSeconds, services.clock())) {
    return request.prompt.includes('none')
      ? err(
          oauthError(
            'login_required',
            "The prompt 'none' was requested, but the authentication is older than max_age allows.",
          ),
        )
      : ok(undefined)
  }
  const hinted = hint === undefined ? undefined : [hint.value.sub]
  return (await isExpected(
    { services, client, session },
    hinted,
    requestedSubjects(request.claims),
  ))
    ? ok(session)
    : err(
        oauthError(
          'login_required',
          'The subject of the id_token_hint, or of the claims parameter, is not the end user who is signed in.',
        ),
      )
}

interface SignedIn {
  readonly services: Services
  readonly client: Client
  readonly session: LoginSession
}

/** Whether the end user is in each of the lists that there are. */
async function isExpected(
  { services, client, session }: SignedIn,
  ...lists: readonly (readonly string[] | undefined)[]
): Promise<boolean> {
  for (const subjects of lists) {
    if (subjects !== undefined && !(await isOneOf(services, client, session, subjects)))
      return false
  }
  return true
}

async function isOneOf(
  services: Services,
  client: Client,
  session: LoginSession,
  subjects: readonly string[],
): Promise<boolean> {
  for (const sub of subjects) if (await isSubjectOf(services, client, session, sub)) return true
  return false
}

async function isSubjectOf(
  services: Services,
  client: Client,
  session: LoginSession,
  sub: string,
): Promise<boolean> {
  if (sub === session.subject) return true
  const identifier = subjectIdentifier(services.settings, client, session.subject, '')
  if (identifier.ok && identifier.value === sub) return true
  return (await services.storage.flows.findForcedSubject(client.client_id, sub)) === session.subject
}

function newFlow(
  services: Services,
  visit: Visit,
  { session, grantId, device }: Beginning,
): FlowStart {
  const { random, clock } = services
  const never: Instant = instant(0)
  return {
    id: asFlowId(random.hex(16)),
    grantId,
    clientId: visit.client.client_id,
    query: visit.query,
    resolvedQuery: carriesRequestObject(visit.sent) ? visit.params.toString() : undefined,
    requestedAt: wholeSeconds(clock()),
    loginCsrf: '',
    device,
    sessionId: session?.id ?? asSessionId(random.uuid()),
    skip: session !== undefined,
    subject: session?.subject ?? '',
    authenticatedAt: session?.authenticatedAt ?? never,
  }
}

function loginUrl(services: Services, { request, params }: Visit, challenge: string): string {
  const { urls } = services.settings
  const login = urls.login ?? builtInPages(services.settings).login
  const page = request.prompt.includes('registration') ? (urls.registration ?? login) : login
  const schema = params.get('identity_schema') ?? ''
  return withParams(page, {
    login_challenge: challenge,
    ...(schema === '' ? {} : { identity_schema: schema }),
  })
}
