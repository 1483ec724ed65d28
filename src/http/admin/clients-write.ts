/** `POST /admin/clients` and `PUT`, `PATCH /admin/clients/{id}`. */

import { asClientId } from '../../brand.ts'
import { jsonPatchDocument } from '../../clients/client-schema.ts'
import { createClient, setClient } from '../../clients/manage-client.ts'
import { parseClient } from '../../clients/parse-client.ts'
import { parsePatch, patchClient } from '../../clients/patch-client.ts'
import { apiError } from '../../protocol/api-error.ts'
import { readJson } from '../body.ts'
import type { Endpoint } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import {
  clientBody,
  clientDeclaration,
  clientResponse,
  createdResponse,
  failures,
} from './client-responses.ts'

/** `POST /admin/clients`. */
export const createClientEndpoint: Endpoint = {
  method: 'POST',
  path: '/admin/clients',
  operationId: 'createOAuth2Client',
  tag: 'oAuth2',
  summary: 'Create OAuth 2.0 client',
  body: clientBody,
  responses: { 201: clientDeclaration, 400: failures[400], 409: failures[409] },
  async handle(input) {
    const { request, services } = input
    const body = await readJson(request, services.settings.limits)
    if (!body.ok) return body.error
    const sent = parseClient(body.value)
    if (!sent.ok) return oauthErrorResponse(sent.error)
    const result = await createClient(services, sent.value)
    return createdResponse(
      result,
      input,
      ({ client }) => `/admin/clients/${encodeURIComponent(client.client_id)}`,
    )
  },
}

/** `PUT /admin/clients/{id}`. */
export const setClientEndpoint: Endpoint = {
  method: 'PUT',
  path: '/admin/clients/{id}',
  operationId: 'setOAuth2Client',
  tag: 'oAuth2',
  summary: 'Set OAuth 2.0 client',
  body: clientBody,
  responses: { 200: clientDeclaration, 400: failures[400], 404: failures[404] },
  async handle(input) {
    const { request, services, params } = input
    const body = await readJson(request, services.settings.limits)
    if (!body.ok) return body.error
    const sent = parseClient(body.value)
    if (!sent.ok) return oauthErrorResponse(sent.error)
    const id = asClientId(params['id'] ?? '')
    return clientResponse(await setClient(services, id, sent.value), input)
  },
}

/** `PATCH /admin/clients/{id}` (RFC 6902). */
export const patchClientEndpoint: Endpoint = {
  method: 'PATCH',
  path: '/admin/clients/{id}',
  operationId: 'patchOAuth2Client',
  tag: 'oAuth2',
  summary: 'Patch OAuth 2.0 client',
  body: { contentType: 'application/json', schema: jsonPatchDocument, required: true },
  responses: { 200: clientDeclaration, 400: failures[400], 404: failures[404] },
  async handle(input) {
    const { request, services, params } = input
    const id = asClientId(params['id'] ?? '')
    if ((await services.storage.clients.find(id)) === undefined)
      return oauthErrorResponse(apiError('unknown_resource'))
    const body = await readJson(request, services.settings.limits)
    if (!body.ok) return body.error
    const patch = parsePatch(body.value)
    if (!patch.ok) return oauthErrorResponse(patch.error)
    return clientResponse(await patchClient(services, id, patch.value), input)
  },
}
