/** `/admin/oauth2/auth/requests/device`: the verification page's side of a device flow. */

import { z } from 'zod'
import { acceptDevice } from '../../interaction/device-request.ts'
import type { Endpoint } from '../endpoint.ts'
import { answerEndpoint, optionalText } from './interactions.ts'

const query = z.object({
  device_challenge: z.string().describe('The challenge from the query of the verification page.'),
})

const acceptDeviceUserCodeRequest = z
  .object({ user_code: optionalText.describe('The code that the end user typed.') })
  .meta({ id: 'acceptDeviceUserCodeRequest' })

/** `PUT /admin/oauth2/auth/requests/device/accept`. */
export const acceptDeviceEndpoint: Endpoint = answerEndpoint({
  path: '/admin/oauth2/auth/requests/device/accept',
  operationId: 'acceptUserCodeRequest',
  summary: 'Accepts a device grant user_code request',
  query,
  challenge: 'device_challenge',
  // Devices came after the legacy name.
  legacyName: 'device_challenge',
  body: acceptDeviceUserCodeRequest,
  answer: acceptDevice,
})
