/** `/ui/consent`: asks what the application may do, and accepts or rejects the consent request accordingly. */

import { asSubject } from '../../brand.ts'
import type { Services } from '../../context.ts'
import type { Endpoint, EndpointRequest } from '../../http/endpoint.ts'
import {
  acceptConsent,
  consentDetails,
  openConsent,
  rejectConsent,
  type ConsentDetails,
  type ConsentRequest,
  type OpenConsent,
} from '../../interaction/consent-request.ts'
import type { Account } from '../../storage/storage.ts'
import { accountClaims, singleClaims, type AskedClaims } from '../account-claims.ts'
import { destinationOf } from '../destination.ts'
import { flowTrouble, missingChallenge, unreadableForm } from '../flow-trouble.ts'
import { denied, follow, type Answered } from '../follow.ts'
import { formActionSources } from '../form-action.ts'
import { formLost } from '../form-lost.ts'
import { checkFormToken, issueFormToken } from '../form-token.ts'
import { frameFor } from '../frame.ts'
import type { Messages } from '../messages/en.ts'
import { readPageForm, type PageForm } from '../page-form.ts'
import { clientIdentity } from '../pages/client-identity.ts'
import { renderConsent, type ScopeChoice } from '../pages/consent.ts'
import { scopeWords } from '../pages/scope-words.ts'
import { hintsOfFlow } from '../presentation.ts'
import { respondPage } from '../respond-page.ts'

const kind = 'consent_challenge'

const html = { description: 'A page.', contentType: 'text/html' }

/** Shows the form; a consent that is remembered, or that the client may skip, goes on at once. */
export const showConsent: Endpoint = {
  method: 'GET',
  path: '/ui/consent',
  summary: 'Decide what an application may do',
  responses: { 200: html, 302: { description: 'On to the authorization endpoint.' } },
  async handle(input) {
    const { services } = input
    const challenge = input.url.searchParams.get('consent_challenge') ?? ''
    if (challenge === '') return missingChallenge(input)
    const found = await openConsent(services, challenge)
    if (!found.ok) return flowTrouble(input, { kind, challenge, error: found.error })
    const { request: consent } = found.value
    const account = await services.storage.accounts.find(asSubject(consent.subject))
    if (mayNotConsent(services, account))
      return follow(
        input,
        { status: 302, kind, challenge },
        rejectConsent(services, challenge, denied),
      )
    const asked = askedClaims(found.value)
    // A remembered consent covers scopes; single claims are asked for each time, but where no page may be shown.
    const isCovered = consent.skip && (asked.isSilent || singleClaims(asked).length === 0)
    if (isCovered || consent.client.skip_consent) {
      const all = { scope: consent.requested_scope, remember: false }
      const answer = grant(services, consent, account, {
        ...all,
        asked,
        single: consent.client.skip_consent,
      })
      return follow(input, { status: 302, kind, challenge }, answer)
    }
    return showForm(input, { consent, account, asked, lost: undefined })
  },
}

/** Takes the form. */
export const submitConsent: Endpoint = {
  method: 'POST',
  rateLimit: 'per_address',
  path: '/ui/consent',
  summary: 'Decide what an application may do',
  responses: { 303: { description: 'On to the authorization endpoint.' }, 403: html },
  async handle(input) {
    const { services } = input
    const form = await readPageForm(input)
    if (form === undefined) return unreadableForm(input)
    const { challenge } = form
    if (challenge === '') return missingChallenge(input)
    const found = await openConsent(services, challenge)
    if (!found.ok) return flowTrouble(input, { kind, challenge, error: found.error })
    const { request: consent } = found.value
    const account = await services.storage.accounts.find(asSubject(consent.subject))
    const asked = askedClaims(found.value)
    if (!checkFormToken(services, input.request, form))
      return showForm(input, { consent, account, asked, lost: form })
    if (form.rejected || mayNotConsent(services, account))
      return follow(
        input,
        { status: 303, kind, challenge },
        rejectConsent(services, challenge, denied),
      )
    const requested = new Set(consent.requested_scope)
    const granted = [...new Set(form.grantScope)].filter((scope) => requested.has(scope))
    const answer = grant(services, consent, account, {
      scope: granted,
      remember: form.remember,
      asked,
      single: true,
    })
    return follow(input, { status: 303, kind, challenge }, answer)
  },
}

/** An account may have been deleted or disabled since the login. With a login app elsewhere, subjects are not ours. */
function mayNotConsent({ settings }: Services, account: Account | undefined): boolean {
  return account === undefined
    ? settings.urls.login === undefined
    : account.disabledAt !== undefined
}

type Asked = AskedClaims & ConsentDetails

function askedClaims({ request, start }: OpenConsent): Asked {
  return { ...consentDetails(start), requestedScope: request.requested_scope }
}

interface Granted {
  readonly scope: readonly string[]
  readonly remember: boolean
  readonly asked: Asked
  /** Whether claims that were asked for one by one are granted too. */
  readonly single: boolean
}

function grant(
  services: Services,
  consent: ConsentRequest,
  account: Account | undefined,
  { scope, remember, asked, single }: Granted,
): Answered {
  return acceptConsent(services, consent.challenge, {
    grant_scope: scope,
    grant_access_token_audience: consent.requested_access_token_audience,
    remember,
    session:
      account === undefined ? {} : accountClaims(services, account, asked, { scope, single }),
  })
}

interface Question {
  readonly consent: ConsentRequest
  readonly account: Account | undefined
  readonly asked: Asked
  readonly lost: PageForm | undefined
}

/** `lost`: the form that came without a proof of its origin; it is shown again as it was filled in. */
function showForm(input: EndpointRequest, { consent, account, asked, lost }: Question): Response {
  const { services, request } = input
  const frame = frameFor(input, hintsOfFlow(consent))
  const { client, challenge } = consent
  const token = issueFormToken(services, request, challenge)
  const markup = renderConsent(frame, {
    form: { action: `${frame.base}/ui/consent`, challenge, csrf: token.csrf },
    client: clientIdentity(client),
    destination:
      consent.oidc_context === null
        ? undefined
        : destinationOf(consent.request_url, client, frame.words.consent),
    signedInAs: account?.email ?? consent.subject,
    switchAccountUrl: withPromptLogin(consent.request_url),
    scopes: consent.requested_scope.map((scope) => choiceOf(scope, lost, frame.words)),
    claims: account === undefined ? [] : singleClaims(asked),
    audience: consent.requested_access_token_audience,
    remember: lost?.remember ?? false,
    problem: lost === undefined ? undefined : formLost(frame.words),
  })
  const sources = formActionSources(services.settings, client.redirect_uris)
  return respondPage(lost === undefined ? 200 : 403, markup, sources, token.headers)
}

function choiceOf(scope: string, lost: PageForm | undefined, words: Messages): ScopeChoice {
  const { title, description, sensitive } = scopeWords(scope, words)
  const checked = lost === undefined ? !sensitive : lost.grantScope.includes(scope)
  return { scope, title, description, checked }
}

/** The same request with a fresh sign-in, for somebody else at the keyboard. */
function withPromptLogin(requestUrl: string): string {
  const url = new URL(requestUrl)
  url.searchParams.set('prompt', 'login')
  return url.href
}
