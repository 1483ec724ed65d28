/** `/ui/device`: takes the code of a device and accepts the device request that it names. */

import type { Endpoint, EndpointRequest } from '../../http/endpoint.ts'
import { acceptDevice, getDeviceVisit } from '../../interaction/device-request.ts'
import { verificationUrl } from '../../interaction/request-url.ts'
import type { OAuthError } from '../../protocol/oauth-error.ts'
import { flowTrouble, unreadableForm } from '../flow-trouble.ts'
import { formActionSources } from '../form-action.ts'
import { formLost } from '../form-lost.ts'
import { checkFormToken, issueFormToken } from '../form-token.ts'
import { frameFor } from '../frame.ts'
import type { Messages } from '../messages/en.ts'
import { readPageForm } from '../page-form.ts'
import { renderDevice } from '../pages/device.ts'
import { renderDeviceDone } from '../pages/fallback.ts'
import type { Problem } from '../pages/form-parts.ts'
import { hintsOfQuery } from '../presentation.ts'
import { respondPage, sendOn } from '../respond-page.ts'

const kind = 'device_challenge'

const html = { description: 'A page.', contentType: 'text/html' }

/** Shows the form. Who comes without a challenge is given one, so that the address can be typed by hand. */
export const showDevice: Endpoint = {
  method: 'GET',
  path: '/ui/device',
  summary: 'Connect a device',
  responses: { 200: html, 302: { description: 'To the verification URL, for a challenge.' } },
  async handle(input) {
    const { services, url } = input
    const challenge = url.searchParams.get(kind) ?? ''
    const userCode = url.searchParams.get('user_code') ?? ''
    if (challenge === '') {
      const kept = ['user_code', 'ui_locales'].flatMap((name) => {
        const value = url.searchParams.get(name) ?? ''
        return value === '' ? [] : [[name, value]]
      })
      const query = kept.length === 0 ? '' : `?${new URLSearchParams(kept).toString()}`
      return sendOn(302, verificationUrl(services.settings) + query)
    }
    const visit = getDeviceVisit(services, challenge)
    if (!visit.ok) return flowTrouble(input, { kind, challenge, error: visit.error })
    const { query } = visit.value
    return showForm(input, { status: 200, challenge, userCode, query, problemOf: () => undefined })
  },
}

/** Takes the form. */
export const submitDevice: Endpoint = {
  method: 'POST',
  rateLimit: 'per_address',
  path: '/ui/device',
  summary: 'Connect a device',
  responses: {
    303: { description: 'On to the verification URL.' },
    403: html,
    422: html,
    429: html,
  },
  async handle(input) {
    const { services } = input
    const form = await readPageForm(input)
    if (form === undefined) return unreadableForm(input)
    const { challenge, userCode } = form
    const visit = getDeviceVisit(services, challenge)
    if (!visit.ok) return flowTrouble(input, { kind, challenge, error: visit.error })
    const state = { challenge, userCode, query: visit.value.query }
    if (!checkFormToken(services, input.request, form))
      return showForm(input, { status: 403, ...state, problemOf: formLost })
    const accepted = await acceptDevice(services, challenge, { user_code: userCode })
    if (accepted.ok) return sendOn(303, accepted.value.redirect_to)
    if (accepted.error.kind !== 'refused')
      return flowTrouble(input, { kind, challenge, error: accepted.error })
    return showForm(input, { ...state, ...refusal(accepted.error.error) })
  },
}

/** Where a device flow ends when no other page is named. */
export const showDeviceDone: Endpoint = {
  method: 'GET',
  path: '/ui/device/done',
  summary: 'Device connected',
  responses: { 200: html },
  async handle(input) {
    return respondPage(200, renderDeviceDone(frameFor(input)))
  },
}

function refusal(error: OAuthError): Pick<FormState, 'status' | 'problemOf'> {
  return error.status === 429
    ? {
        status: 429,
        problemOf: ({ device: words }) => ({
          title: words.throttled,
          text: words.throttledText,
          field: undefined,
        }),
      }
    : {
        status: 422,
        problemOf: ({ device: words }) => ({
          title: words.wrong,
          text: words.wrongText,
          field: 'user_code',
        }),
      }
}

interface FormState {
  readonly status: number
  readonly challenge: string
  readonly userCode: string
  /** Query of the verification URL, which has the hints. */
  readonly query: string
  readonly problemOf: (words: Messages) => Problem | undefined
}

function showForm(input: EndpointRequest, state: FormState): Response {
  const { services, request } = input
  const { challenge, userCode, query, problemOf } = state
  const frame = frameFor(input, hintsOfQuery(new URLSearchParams(query)))
  const token = issueFormToken(services, request, challenge)
  const markup = renderDevice(frame, {
    form: { action: `${frame.base}/ui/device`, challenge, csrf: token.csrf },
    userCode: userCode.slice(0, 100),
    problem: problemOf(frame.words),
  })
  const sources = formActionSources(services.settings, [])
  return respondPage(state.status, markup, sources, token.headers)
}
