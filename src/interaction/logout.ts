/**
 * The logout endpoint: asks the logout app, then ends the session.
 *
 * @see OpenID Connect RP-Initiated Logout 1.0
 */

import { asClientId, asSessionId, wholeSeconds } from '../brand.ts'
import type { Services } from '../context.ts'
import type { Client } from '../protocol/client.ts'
import type { JsonObject } from '../protocol/json.ts'
import { askedLanguage, type Language } from '../protocol/language.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import type { LoginSession } from '../storage/storage.ts'
import { changeBrowserState } from './browser-state.ts'
import type { CookieChange, Cookies } from './cookies.ts'
import { openIdTokenHint } from './id-token-hint.ts'
import { deleteSessionCookie, findBrowserSession, readSessionCookie } from './login-session.ts'
import { endLoginSession } from '../sessions/end-login-session.ts'
import { openLogout, sealLogout } from './logout-flow.ts'
import { builtInPages, inLanguage } from './pages.ts'
import { withParams } from './request-url.ts'

/** One visit of the end session endpoint (OpenID Connect RP-Initiated Logout §2). */
export interface LogoutInput {
  readonly params: Pick<URLSearchParams, 'get'> | Parameters
  /** `logout_verifier` of the query; never taken from a body. */
  readonly verifier: string
  /** Path and query as they came. */
  readonly requestUrl: string
  readonly cookies: Cookies
}

/** Where a visit of the end session endpoint leads. */
export type LogoutOutcome =
  | { readonly kind: 'page'; readonly location: string; readonly cookies: readonly CookieChange[] }
  /** A page that loads the logout URLs of clients in frames, then goes on. */
  | {
      readonly kind: 'front_channel'
      readonly frames: readonly string[]
      readonly location: string
      /** What the page speaks, if the request said so. */
      readonly language: Language | undefined
      readonly cookies: readonly CookieChange[]
    }
  | { readonly kind: 'show'; readonly error: OAuthError }

/** Decides what one visit of the logout endpoint leads to. Errors are shown, never sent to a client. */
export async function logout(services: Services, input: LogoutInput): Promise<LogoutOutcome> {
  if (input.verifier !== '') return finishLogout(services, input)
  const hint = input.params.get('id_token_hint') ?? ''
  const outcome =
    hint === ''
      ? await startOwnLogout(services, input)
      : await startClientLogout(services, input, hint)
  return outcome.ok ? outcome.value : { kind: 'show', error: outcome.error }
}

function page(location: string, cookies: readonly CookieChange[] = []): LogoutOutcome {
  return { kind: 'page', location, cookies }
}

function languageOf({ params }: Pick<LogoutInput, 'params'>): Language | undefined {
  return askedLanguage(params.get('ui_locales') ?? null)
}

function defaultPage({ settings }: Services, input: Pick<LogoutInput, 'params'>): string {
  return (
    settings.urls.postLogoutRedirect ??
    inLanguage(builtInPages(settings).postLogout, languageOf(input))
  )
}

/** No client asked: the end user of this browser wants to leave. */
async function startOwnLogout(
  services: Services,
  input: LogoutInput,
): Promise<Result<LogoutOutcome, OAuthError>> {
  for (const name of ['state', 'post_logout_redirect_uri']) {
    if ((input.params.get(name) ?? '') !== '') {
      return err(
        oauthError('invalid_request', `The parameter ${name} needs an id_token_hint beside it.`),
      )
    }
  }
  const session = await findBrowserSession(services, input.cookies)
  if (session === undefined) return ok(page(defaultPage(services, input)))
  return ok(
    askLogoutApp(services, {
      session,
      client: undefined,
      input,
      redirectTo: defaultPage(services, input),
    }),
  )
}

/** A client asked, for the session named in the ID token it was given. */
async function startClientLogout(
  services: Services,
  input: LogoutInput,
  hint: string,
): Promise<Result<LogoutOutcome, OAuthError>> {
  const claims = await checkHint(services, hint)
  if (!claims.ok) return claims
  const client = await findAudience(services, claims.value['aud'])
  if (client === undefined) {
    return err(
      oauthError(
        'invalid_request',
        'None of the audiences of the id_token_hint is a known OAuth 2.0 client.',
      ),
    )
  }
  const redirectTo = postLogoutUrl(services, client, input)
  if (!redirectTo.ok) return redirectTo
  const session = await services.storage.loginSessions.find(asSessionId(claims.value.sid))
  if (session === undefined || !session.remember) return ok(page(redirectTo.value))
  return ok(askLogoutApp(services, { session, client, input, redirectTo: redirectTo.value }))
}

/** RP-Initiated Logout §2: signature and issuer must be ours, expiry is tolerated. */
async function checkHint(
  services: Services,
  hint: string,
): Promise<Result<JsonObject & { readonly sid: string }, OAuthError>> {
  const claims = await openIdTokenHint(services, hint)
  if (!claims.ok) return claims
  if (claims.value['iss'] !== services.settings.issuer) {
    return err(oauthError('invalid_request', 'The issuer of the id_token_hint is not this server.'))
  }
  if (typeof claims.value['iat'] !== 'number') {
    return err(oauthError('invalid_request', 'The id_token_hint has no iat claim.'))
  }
  const { sid } = claims.value
  return typeof sid === 'string' && sid !== ''
    ? ok({ ...claims.value, sid })
    : err(oauthError('invalid_request', 'The id_token_hint has no sid claim.'))
}

async function findAudience(services: Services, aud: unknown): Promise<Client | undefined> {
  const ids: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!ids.every((id) => typeof id === 'string')) return undefined
  for (const id of ids) {
    const record = await services.storage.clients.find(asClientId(id))
    if (record !== undefined) return record.client
  }
  return undefined
}

function postLogoutUrl(
  services: Services,
  client: Client,
  { params }: Pick<LogoutInput, 'params'>,
): Result<string, OAuthError> {
  const requested = params.get('post_logout_redirect_uri') ?? ''
  if (requested === '') return ok(defaultPage(services, { params }))
  if (!client.post_logout_redirect_uris.includes(requested)) {
    return err(
      oauthError(
        'invalid_request',
        'The post_logout_redirect_uri is not registered for this client.',
      ),
    )
  }
  const state = params.get('state') ?? ''
  return ok(state === '' ? requested : withParams(requested, { state }))
}

interface Question {
  readonly session: LoginSession
  readonly client: Client | undefined
  readonly input: LogoutInput
  readonly redirectTo: string
}

function askLogoutApp(
  services: Services,
  { session, client, input, redirectTo }: Question,
): LogoutOutcome {
  const challenge = sealLogout(services, 'logout_challenge', {
    subject: session.subject,
    sid: session.id,
    requestedAt: wholeSeconds(services.clock()),
    rpInitiated: client !== undefined,
    clientId: client?.client_id,
    requestUrl: input.requestUrl,
    redirectTo,
    language: languageOf(input),
  })
  const app = services.settings.urls.logout ?? builtInPages(services.settings).logout
  return page(withParams(app, { logout_challenge: challenge }))
}

/** The end user agreed: the session ends, once. */
async function finishLogout(services: Services, input: LogoutInput): Promise<LogoutOutcome> {
  const flow = openLogout(services, 'logout_verifier', input.verifier)
  if (!flow.ok) {
    const error =
      flow.error === 'expired'
        ? oauthError('request_unauthorized', 'The logout request has expired. Sign out again.')
        : {
            ...oauthError('invalid_request'),
            code: 'Not Found',
            status: 404,
            description: 'Unable to locate the requested resource',
            hint: undefined,
          }
    return { kind: 'show', error }
  }
  const { sid, subject, rpInitiated, redirectTo, language } = flow.value
  if (!rpInitiated) {
    // A verifier on its own must not log out whoever opens it.
    const own = await findBrowserSession(services, input.cookies)
    if (own === undefined || own.id !== sid || own.subject !== subject) return page(redirectTo)
  }
  const ended = await endLoginSession(services, sid)
  const isOwn = readSessionCookie(services, input.cookies) === sid
  const cookies = isOwn ? [deleteSessionCookie(services), ...changeBrowserState(services)] : []
  const frames = (ended?.clients ?? []).flatMap((client) => frontChannelUrl(services, client, sid))
  return frames.length === 0
    ? page(redirectTo, cookies)
    : { kind: 'front_channel', frames, location: redirectTo, language, cookies }
}

/** Front-Channel Logout §3: `iss` and `sid` are always sent, whether the client demands them or not. */
function frontChannelUrl({ settings }: Services, client: Client, sid: string): readonly string[] {
  const uri = client.frontchannel_logout_uri
  return uri === '' || !URL.canParse(uri) ? [] : [withParams(uri, { iss: settings.issuer, sid })]
}
