/** `/admin/oauth2/auth/requests/device`: the verification page's side of a device flow. */

import { z } from 'zod'
import { acceptDevice } from '../../interaction/device-request.ts'
import type { Endpoint } from '../endpoint.ts'
import {
  interactionResponses,
  oAuth2RedirectTo,
  optionalText,
  readAnswer,
  readChallenge,
  redirectToResponse,
} from './interactions.ts'

const query = z.object({
  device_challenge: z.string().describe('The challenge from the query of the verification page.'),
})

const acceptDeviceUserCodeRequest = z
  .object({ user_code: optionalText.describe('The code that the end user typed.') })
  .meta({ id: 'acceptDeviceUserCodeRequest' })

/** `PUT /admin/oauth2/auth/requests/device/accept`. */
export const acceptDeviceEndpoint: Endpoint = {
  method: 'PUT',
  path: '/admin/oauth2/auth/requests/device/accept',
  operationId: 'acceptUserCodeRequest',
  tag: 'oAuth2',
  summary: 'Accepts a device grant user_code request',
  query,
  body: { contentType: 'application/json', schema: acceptDeviceUserCodeRequest, required: false },
  responses: {
    200: { description: 'Where to go next', schema: oAuth2RedirectTo },
    ...interactionResponses,
  },
  async handle(input) {
    // Devices came after the legacy name.
    const challenge = readChallenge(input, 'device_challenge', 'device_challenge')
    if (!challenge.ok) return challenge.error
    const body = await readAnswer(input, acceptDeviceUserCodeRequest)
    if (!body.ok) return body.error
    return redirectToResponse(await acceptDevice(input.services, challenge.value, body.value))
  },
}
