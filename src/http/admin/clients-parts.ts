/** `/admin/clients/{id}/lifespans` and `/admin/clients/{id}/secrets/rotate`. */

import { asClientId } from '../../brand.ts'
import { oAuth2ClientTokenLifespans } from '../../clients/client-schema.ts'
import { deleteRotatedSecrets, rotateSecret, setLifespans } from '../../clients/manage-client.ts'
import { parseLifespans } from '../../clients/parse-client.ts'
import { apiError } from '../../protocol/api-error.ts'
import { readJson } from '../body.ts'
import type { Endpoint } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { clientDeclaration, clientResponse, failures } from './client-responses.ts'

const responses = { 200: clientDeclaration, 400: failures[400], 404: failures[404] } as const

/** `PUT /admin/clients/{id}/lifespans`. */
export const setLifespansEndpoint: Endpoint = {
  method: 'PUT',
  path: '/admin/clients/{id}/lifespans',
  operationId: 'setOAuth2ClientLifespans',
  tag: 'oAuth2',
  summary: 'Set OAuth2 client token lifespans',
  body: { contentType: 'application/json', schema: oAuth2ClientTokenLifespans, required: false },
  responses,
  async handle(input) {
    const { request, services, params } = input
    const id = asClientId(params['id'] ?? '')
    if ((await services.storage.clients.find(id)) === undefined)
      return oauthErrorResponse(apiError('unknown_resource'))
    const body = await readJson(request, services.settings.limits)
    if (!body.ok) return body.error
    const lifespans = parseLifespans(body.value)
    if (!lifespans.ok) return oauthErrorResponse(lifespans.error)
    return clientResponse(await setLifespans(services, id, lifespans.value), input)
  },
}

/** `POST /admin/clients/{id}/secret/rotate`. */
export const rotateSecretEndpoint: Endpoint = {
  method: 'POST',
  path: '/admin/clients/{id}/secrets/rotate',
  operationId: 'rotateOAuth2ClientSecret',
  tag: 'oAuth2',
  summary: 'Rotate OAuth2 client secret',
  responses,
  async handle(input) {
    const id = asClientId(input.params['id'] ?? '')
    return clientResponse(await rotateSecret(input.services, id), input)
  },
}

/** `DELETE /admin/clients/{id}/secret/rotate`. */
export const deleteRotatedSecretsEndpoint: Endpoint = {
  method: 'DELETE',
  path: '/admin/clients/{id}/secrets/rotate',
  operationId: 'deleteRotatedOAuth2ClientSecrets',
  tag: 'oAuth2',
  summary: 'Delete rotated OAuth2 client secrets',
  responses,
  async handle(input) {
    const id = asClientId(input.params['id'] ?? '')
    return clientResponse(await deleteRotatedSecrets(input.services, id), input)
  },
}
