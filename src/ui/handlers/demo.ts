/** `/ui/demo/*`: the demo client. Development mode only. */

import type { Services } from '../../context.ts'
import type { Endpoint, EndpointRequest } from '../../http/endpoint.ts'
import { redeemCode, refreshTokens, startRequest, type DemoFailure } from '../demo/client.ts'
import { forget, keep, recallRequest, recallTokens } from '../demo/memory.ts'
import { demoResult } from '../demo/result.ts'
import { checkFormToken, issueFormToken } from '../form-token.ts'
import { isSameSecret } from '../../tokens/same-secret.ts'
import { frameFor, frameOf } from '../frame.ts'
import { readPageForm } from '../page-form.ts'
import { renderDemoResult } from '../pages/demo-result.ts'
import { renderError } from '../pages/error.ts'
import { renderNotFound } from '../pages/fallback.ts'
import { respondPage, sendOn } from '../respond-page.ts'
import type { Self } from '../self.ts'

const html = { description: 'A page.', contentType: 'text/html' }

/** What the refresh form is bound to, in place of a challenge. */
const refreshChallenge = 'demo-refresh'

function demoEndpoint(
  declaration: Pick<Endpoint, 'method' | 'path' | 'summary' | 'handle'>,
): Endpoint {
  return {
    ...declaration,
    responses: { 200: html },
    async handle(input) {
      // The second lock: the table does not list these endpoints outside development mode either.
      return input.services.settings.dev
        ? declaration.handle(input)
        : respondPage(404, renderNotFound(frameFor(input)))
    },
  }
}

/** The endpoints of the demo client. */
export function demoEndpoints(self: Self): readonly Endpoint[] {
  return [
    demoEndpoint({
      method: 'GET',
      path: '/ui/demo/start',
      summary: 'Starts the demo flow',
      async handle({ services }) {
        const { memory, url } = startRequest(services)
        return sendOn(302, url, [keep(services, 'demo_request', memory)])
      },
    }),
    demoEndpoint({
      method: 'GET',
      path: '/ui/demo/callback',
      summary: 'Redirect URI of the demo client',
      handle: (input) => callback(input, self),
    }),
    demoEndpoint({
      method: 'GET',
      path: '/ui/demo/result',
      summary: 'What came out of the demo flow',
      handle: (input) => showResult(input, self),
    }),
    demoEndpoint({
      method: 'POST',
      path: '/ui/demo/refresh',
      summary: 'Uses the refresh token of the demo',
      handle: (input) => refresh(input, self),
    }),
  ]
}

async function callback(input: EndpointRequest, self: Self): Promise<Response> {
  const { services, request, url } = input
  const memory = recallRequest(services, request)
  const params = url.searchParams
  // RFC 6749 §10.12: an answer to somebody else's request is not looked at.
  if (memory === undefined || !isSameSecret(params.get('state') ?? '', memory.state)) {
    return trouble(services, {
      error: 'state_mismatch',
      description:
        'No request of this browser waits for this answer: it was answered before, or begun elsewhere.',
    })
  }
  const over = forget(services, 'demo_request')
  const code = params.get('code')
  if (code === null) {
    const error = params.get('error') ?? 'no_code'
    const description = params.get('error_description') ?? ''
    return trouble(services, { error, description }, [over])
  }
  const tokens = await redeemCode(services, self, code, memory)
  if (!tokens.ok) return trouble(services, tokens.error, [over])
  return sendOn(302, resultUrl(services), [over, keep(services, 'demo_tokens', tokens.value)])
}

async function showResult({ services, request }: EndpointRequest, self: Self): Promise<Response> {
  const tokens = recallTokens(services, request)
  if (tokens === undefined) return sendOn(302, `${services.settings.publicUrl}/`)
  const frame = frameOf(services.settings)
  const token = issueFormToken(services, request, refreshChallenge)
  const view = await demoResult(services, self, tokens, {
    action: `${frame.base}/ui/demo/refresh`,
    challenge: refreshChallenge,
    csrf: token.csrf,
  })
  return respondPage(200, renderDemoResult(frame, view), 'self', token.headers)
}

async function refresh(input: EndpointRequest, self: Self): Promise<Response> {
  const { services, request } = input
  const form = await readPageForm(input)
  const tokens = recallTokens(services, request)
  const isOurs = form !== undefined && checkFormToken(services, request, form)
  if (!isOurs || tokens?.refreshToken === undefined) return sendOn(303, resultUrl(services))
  const { refreshToken } = tokens
  const fresh = await refreshTokens(services, self, { ...tokens, refreshToken })
  return fresh.ok
    ? sendOn(303, resultUrl(services), [keep(services, 'demo_tokens', fresh.value)])
    : trouble(services, fresh.error)
}

function resultUrl({ settings }: Services): string {
  return `${settings.publicUrl}/ui/demo/result`
}

function trouble(
  { settings }: Services,
  { error, description }: DemoFailure,
  headers: readonly (readonly [string, string])[] = [],
): Response {
  const refused = error === 'access_denied'
  const markup = renderError(frameOf(settings), {
    title: refused ? 'The demo client was refused' : 'The flow did not finish',
    text: refused
      ? 'This is what an application gets when somebody cancels or denies.'
      : 'This is the error that the demo client received.',
    advice: 'Nothing was changed. You can run the flow again.',
    restartUrl: `${settings.publicUrl}/ui/demo/start`,
    details: { error, description, hint: '', debug: '' },
  })
  return respondPage(refused ? 200 : 400, markup, 'nowhere', headers)
}
