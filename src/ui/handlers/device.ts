/** `/ui/device`: takes the code of a device and accepts the device request that it names. */

import type { Endpoint, EndpointRequest } from '../../http/endpoint.ts'
import { acceptDevice, checkDeviceChallenge } from '../../interaction/device-request.ts'
import { verificationUrl } from '../../interaction/request-url.ts'
import type { OAuthError } from '../../protocol/oauth-error.ts'
import { flowTrouble, unreadableForm } from '../flow-trouble.ts'
import { formActionSources } from '../form-action.ts'
import { formsLost } from '../form-lost.ts'
import { checkFormToken, issueFormToken } from '../form-token.ts'
import { frameOf } from '../frame.ts'
import { readPageForm } from '../page-form.ts'
import { renderDevice } from '../pages/device.ts'
import { renderDeviceDone } from '../pages/fallback.ts'
import type { Problem } from '../pages/form-parts.ts'
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
      const query =
        userCode === '' ? '' : `?${new URLSearchParams({ user_code: userCode }).toString()}`
      return sendOn(302, verificationUrl(services.settings) + query)
    }
    const usable = checkDeviceChallenge(services, challenge)
    if (!usable.ok) return flowTrouble(services, { kind, challenge, error: usable.error })
    return showForm(input, { status: 200, challenge, userCode, problem: undefined })
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
    if (form === undefined) return unreadableForm(services.settings)
    const { challenge, userCode } = form
    const usable = checkDeviceChallenge(services, challenge)
    if (!usable.ok) return flowTrouble(services, { kind, challenge, error: usable.error })
    if (!checkFormToken(services, input.request, form))
      return showForm(input, { status: 403, challenge, userCode, problem: formsLost })
    const accepted = await acceptDevice(services, challenge, { user_code: userCode })
    if (accepted.ok) return sendOn(303, accepted.value.redirect_to)
    if (accepted.error.kind !== 'refused')
      return flowTrouble(services, { kind, challenge, error: accepted.error })
    return showForm(input, { challenge, userCode, ...refusal(accepted.error.error) })
  },
}

/** Where a device flow ends when no other page is named. */
export const showDeviceDone: Endpoint = {
  method: 'GET',
  path: '/ui/device/done',
  summary: 'Device connected',
  responses: { 200: html },
  async handle({ services }) {
    return respondPage(200, renderDeviceDone(frameOf(services.settings)))
  },
}

function refusal(error: OAuthError): Pick<FormState, 'status' | 'problem'> {
  if (error.status === 429) {
    return {
      status: 429,
      problem: {
        title: 'Too many wrong codes',
        text: 'Wait a while, then ask your device for a new code.',
        field: undefined,
      },
    }
  }
  return {
    status: 422,
    problem: {
      title: 'This code does not work',
      text: 'Check it against the code on your device. Codes work once and for a few minutes; your device can show a new one.',
      field: 'user_code',
    },
  }
}

interface FormState {
  readonly status: number
  readonly challenge: string
  readonly userCode: string
  readonly problem: Problem | undefined
}

function showForm({ services, request }: EndpointRequest, state: FormState): Response {
  const { settings } = services
  const { challenge, userCode, problem } = state
  const frame = frameOf(settings)
  const token = issueFormToken(services, request, challenge)
  const markup = renderDevice(frame, {
    form: { action: `${frame.base}/ui/device`, challenge, csrf: token.csrf },
    userCode: userCode.slice(0, 100),
    problem,
  })
  return respondPage(state.status, markup, formActionSources(settings, []), token.headers)
}
