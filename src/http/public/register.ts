/** `/oauth2/register` and `/oauth2/register/{id}`: clients that register and manage themselves (RFC 7591, RFC 7592). */

import { asClientId } from '../../brand.ts'
import {
  authorizeRegistrant,
  registerClient,
  updateRegistration,
} from '../../clients/dynamic-registration.ts'
import type { WrittenClient } from '../../clients/manage-client.ts'
import { parseClient } from '../../clients/parse-client.ts'
import { registrationClientUri } from '../../clients/registration-token.ts'
import { toWireClient } from '../../clients/wire.ts'
import { apiError } from '../../protocol/api-error.ts'
import { err, ok, type Result } from '../../result.ts'
import type { ClientRecord } from '../../storage/storage.ts'
import {
  clientBody,
  clientDeclaration,
  clientResponse,
  createdResponse,
  failures,
} from '../admin/client-responses.ts'
import { readJson } from '../body.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { json, noContent } from '../respond.ts'
import { bearerToken } from './bearer-token.ts'

const path = '/oauth2/register/{id}'

/** The answer while registration is turned off, before anything else is looked at. */
function disabledResponse({ services }: EndpointRequest): Response | undefined {
  return services.settings.dynamicClientRegistration.enabled
    ? undefined
    : oauthErrorResponse(apiError('not_found', 'Dynamic client registration is not enabled.'))
}

/** Metadata is the administrator's; it is not for the client to read. */
function withoutMetadata(written: WrittenClient): WrittenClient {
  return { ...written, client: { ...written.client, metadata: {} } }
}

interface Registrant {
  readonly record: ClientRecord
  readonly token: string
}

/** Who calls; the failure is the response. */
async function registrant(input: EndpointRequest): Promise<Result<Registrant, Response>> {
  const disabled = disabledResponse(input)
  if (disabled !== undefined) return err(disabled)
  const token = await bearerToken(input)
  if (!token.ok) return err(oauthErrorResponse(token.error))
  const id = asClientId(input.params['id'] ?? '')
  const record = await authorizeRegistrant(input.services, id, token.value)
  return record.ok
    ? ok({ record: record.value, token: token.value })
    : err(oauthErrorResponse(record.error))
}

const createEndpoint: Endpoint = {
  method: 'POST',
  path: '/oauth2/register',
  rateLimit: 'registrations',
  operationId: 'createOidcDynamicClient',
  tag: 'oidc',
  summary: 'Register OAuth2 Client using OpenID Dynamic Client Registration',
  body: clientBody,
  responses: { 201: clientDeclaration, 400: failures[400], 404: failures[404] },
  async handle(input) {
    const { request, services } = input
    const disabled = disabledResponse(input)
    if (disabled !== undefined) return disabled
    const body = await readJson(request, services.settings.limits)
    if (!body.ok) return body.error
    const sent = parseClient(body.value)
    if (!sent.ok) return oauthErrorResponse(sent.error)
    const { publicUrl } = services.settings
    return createdResponse(await registerClient(services, sent.value), input, ({ client }) =>
      registrationClientUri(publicUrl, client.client_id),
    )
  },
}

const getEndpoint: Endpoint = {
  method: 'GET',
  path,
  operationId: 'getOidcDynamicClient',
  tag: 'oidc',
  summary: 'Get OAuth2 Client using OpenID Dynamic Client Registration',
  responses: { 200: clientDeclaration, 401: failures[401], 404: failures[404] },
  async handle(input) {
    const caller = await registrant(input)
    if (!caller.ok) return caller.error
    const { client } = caller.value.record
    const { metadata: _, ...shown } = toWireClient(client)
    const uri = registrationClientUri(input.services.settings.publicUrl, client.client_id)
    return json(200, { ...shown, registration_client_uri: uri })
  },
}

const setEndpoint: Endpoint = {
  method: 'PUT',
  path,
  operationId: 'setOidcDynamicClient',
  tag: 'oidc',
  summary: 'Set OAuth2 Client using OpenID Dynamic Client Registration',
  body: clientBody,
  responses: {
    200: clientDeclaration,
    400: failures[400],
    401: failures[401],
    403: failures[403],
    404: failures[404],
  },
  async handle(input) {
    const { request, services } = input
    const caller = await registrant(input)
    if (!caller.ok) return caller.error
    const body = await readJson(request, services.settings.limits)
    if (!body.ok) return body.error
    const sent = parseClient(body.value)
    if (!sent.ok) return oauthErrorResponse(sent.error)
    const { record, token } = caller.value
    const identity = { id: record.client.client_id, token }
    const result = await updateRegistration(services, identity, sent.value)
    return clientResponse(result.ok ? ok(withoutMetadata(result.value)) : result, input)
  },
}

const deleteEndpoint: Endpoint = {
  method: 'DELETE',
  path,
  operationId: 'deleteOidcDynamicClient',
  tag: 'oidc',
  summary: 'Delete OAuth2 Client using OpenID Dynamic Client Registration',
  responses: {
    204: { description: 'The client is deleted' },
    401: failures[401],
    404: failures[404],
  },
  async handle(input) {
    const caller = await registrant(input)
    if (!caller.ok) return caller.error
    await input.services.storage.clients.delete(caller.value.record.client.client_id)
    return noContent()
  },
}

/** Dynamic client registration and management (RFC 7591 §3, RFC 7592 §2). */
export const registrationEndpoints: readonly Endpoint[] = [
  createEndpoint,
  getEndpoint,
  setEndpoint,
  deleteEndpoint,
]
