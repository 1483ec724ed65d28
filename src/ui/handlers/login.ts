/** `/ui/login`: asks who is there, and accepts or rejects the login request accordingly. */

import { asSubject } from '../../brand.ts'
import { findUsableAccount } from '../../accounts/accounts.ts'
import { demoAccount } from '../../accounts/demo-account.ts'
import { checkCredentials, type SignInFailure } from '../../accounts/sign-in.ts'
import type { Services } from '../../context.ts'
import type { Endpoint, EndpointRequest } from '../../http/endpoint.ts'
import {
  acceptLogin,
  getLoginRequest,
  rejectLogin,
  type LoginRequest,
} from '../../interaction/login-request.ts'
import { assertNever } from '../../result.ts'
import { formLost } from '../form-lost.ts'
import { flowTrouble, missingChallenge, unreadableForm } from '../flow-trouble.ts'
import { denied, follow, type Answered } from '../follow.ts'
import { formActionSources } from '../form-action.ts'
import { checkFormToken, issueFormToken } from '../form-token.ts'
import { frameFor } from '../frame.ts'
import type { Messages } from '../messages/en.ts'
import { readPageForm, type PageForm } from '../page-form.ts'
import { clientIdentity } from '../pages/client-identity.ts'
import type { Problem } from '../pages/form-parts.ts'
import { renderSignIn } from '../pages/sign-in.ts'
import { hintsOfFlow } from '../presentation.ts'
import { respondPage } from '../respond-page.ts'

const kind = 'login_challenge'

const html = { description: 'A page.', contentType: 'text/html' }

/** Shows the form; a login that is remembered goes on at once. */
export const showLogin: Endpoint = {
  method: 'GET',
  path: '/ui/login',
  summary: 'Sign in',
  responses: { 200: html, 302: { description: 'On to the authorization endpoint.' } },
  async handle(input) {
    const { services } = input
    const challenge = input.url.searchParams.get('login_challenge') ?? ''
    if (challenge === '') return missingChallenge(input)
    const login = await getLoginRequest(services, challenge)
    if (!login.ok) return flowTrouble(input, { kind, challenge, error: login.error })
    if (login.value.skip)
      return follow(input, { status: 302, kind, challenge }, continueSession(services, login.value))
    return showForm(input, login.value, { status: 200, email: hintOf(login.value) })
  },
}

/** Takes the form. */
export const submitLogin: Endpoint = {
  method: 'POST',
  rateLimit: 'per_address',
  path: '/ui/login',
  summary: 'Sign in',
  responses: {
    303: { description: 'On to the authorization endpoint.' },
    403: html,
    422: html,
    429: html,
    503: html,
  },
  async handle(input) {
    const { services } = input
    const form = await readPageForm(input)
    if (form === undefined) return unreadableForm(input)
    const { challenge } = form
    if (challenge === '') return missingChallenge(input)
    const login = await getLoginRequest(services, challenge)
    if (!login.ok) return flowTrouble(input, { kind, challenge, error: login.error })
    if (!checkFormToken(services, input.request, form))
      return showForm(input, login.value, {
        status: 403,
        ...form,
        problem: formLost(wordsFor(input, login.value)),
      })
    if (form.rejected)
      return follow(
        input,
        { status: 303, kind, challenge },
        rejectLogin(services, challenge, denied),
      )
    return signIn(input, login.value, form)
  },
}

async function signIn(
  input: EndpointRequest,
  login: LoginRequest,
  form: PageForm,
): Promise<Response> {
  const { services } = input
  const missingField = form.email.trim() === '' ? 'email' : form.password === '' ? 'password' : ''
  if (missingField !== '') {
    const words = wordsFor(input, login).signIn
    const problem = {
      title: missingField === 'email' ? words.enterEmail : words.enterPassword,
      text: words.bothNeeded,
      field: missingField,
    }
    return showForm(input, login, { status: 422, ...form, problem })
  }
  const { challenge, email, password } = form
  const account = await checkCredentials(services, { email, password, address: input.peerAddress })
  if (!account.ok) return refuseCredentials(input, login, form, account.error)
  const accepted = acceptLogin(services, challenge, {
    ...freshPassword,
    subject: account.value.id,
    remember: form.remember,
  })
  return follow(input, { status: 303, kind, challenge }, accepted)
}

/** RFC 8176 §2. `acr` 1: a password, checked just now; the lowest level that OpenID Connect Core §2 has a meaning for. */
const freshPassword = { acr: '1', amr: ['pwd'] } as const

/** `acr` 0: a cookie that has lain in the browser for a while says little about who sits in front of it (OpenID Connect Core §2). */
const rememberedSession = { acr: '0', amr: ['pwd'] } as const

function wordsFor(input: EndpointRequest, login: LoginRequest): Messages {
  return frameFor(input, hintsOfFlow(login)).words
}

function refuseCredentials(
  input: EndpointRequest,
  login: LoginRequest,
  form: PageForm,
  failure: SignInFailure,
): Promise<Response> {
  return showForm(input, login, { ...form, ...refusal(wordsFor(input, login), failure) })
}

function refusal(
  { signIn: words, wait }: Messages,
  failure: SignInFailure,
): Pick<FormState, 'status' | 'problem' | 'headers'> {
  switch (failure.kind) {
    case 'wrong':
      return {
        status: 422,
        problem: {
          title: words.wrong,
          text: words.wrongText,
          field: 'password',
        },
      }
    case 'throttled':
      return {
        status: 429,
        problem: {
          title: words.throttled,
          text: words.throttledText(wait(failure.retryAfterSeconds)),
          field: undefined,
        },
        headers: [['retry-after', String(failure.retryAfterSeconds)]],
      }
    case 'busy':
      return {
        status: 503,
        problem: {
          title: words.busy,
          text: words.busyText,
          field: undefined,
        },
        headers: [['retry-after', '3']],
      }
    default:
      return assertNever(failure)
  }
}

/** A remembered session goes on while its account may be used; otherwise the person signs in anew. */
async function continueSession(services: Services, login: LoginRequest): Answered {
  const account = await findUsableAccount(services, asSubject(login.subject))
  const prompts = (new URL(login.request_url).searchParams.get('prompt') ?? '').split(' ')
  const isSilent = prompts.includes('none')
  if (account !== undefined && (isSilent || prompts.includes('login') || !needsPassword(login)))
    return acceptLogin(services, login.challenge, { ...rememberedSession, subject: login.subject })
  if (isSilent) {
    // OpenID Connect Core §3.1.2.6: no page may be shown.
    return rejectLogin(services, login.challenge, {
      error: 'login_required',
      error_description: 'The end user has to sign in again.',
    })
  }
  // Accepting with another subject makes the server ask for a new sign-in.
  return acceptLogin(services, login.challenge, { subject: `not ${login.subject}` })
}

/** Step-up (RFC 9470 §5): what the client asks for is more than a cookie can give, and a password can give it. */
function needsPassword({ oidc_context: context }: LoginRequest): boolean {
  const wanted = context?.['acr_values']
  return (
    Array.isArray(wanted) &&
    wanted.includes(freshPassword.acr) &&
    !wanted.includes(rememberedSession.acr)
  )
}

interface FormState {
  readonly status: number
  readonly email: string
  readonly remember?: boolean
  readonly problem?: Problem
  readonly headers?: readonly (readonly [string, string])[]
}

async function showForm(
  input: EndpointRequest,
  login: LoginRequest,
  state: FormState,
): Promise<Response> {
  const { services, request } = input
  const frame = frameFor(input, hintsOfFlow(login))
  const token = issueFormToken(services, request, login.challenge)
  const markup = renderSignIn(frame, {
    form: { action: `${frame.base}/ui/login`, challenge: login.challenge, csrf: token.csrf },
    client: clientIdentity(login.client),
    email: state.email,
    remember: state.remember ?? false,
    problem: state.problem,
    demoAccount: await shownDemoAccount(services),
  })
  const sources = formActionSources(services.settings, login.client.redirect_uris)
  return respondPage(state.status, markup, sources, [...token.headers, ...(state.headers ?? [])])
}

async function shownDemoAccount({ settings, storage }: Services) {
  if (!settings.dev) return undefined
  const account = await storage.accounts.findByEmail(demoAccount.email)
  return account === undefined ? undefined : demoAccount
}

/** `login_hint` of the request, if it can be an email address. */
function hintOf(login: LoginRequest): string {
  const hint = login.oidc_context?.['login_hint']
  return typeof hint === 'string' && hint.length <= 254 ? hint : ''
}
