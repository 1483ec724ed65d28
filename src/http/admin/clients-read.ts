/** `GET /admin/clients` and `GET`, `DELETE /admin/clients/{id}`. */

import { z } from 'zod'
import { asClientId } from '../../brand.ts'
import { oAuth2Client } from '../../clients/client-schema.ts'
import { toWireClient } from '../../clients/wire.ts'
import { apiError } from '../../protocol/api-error.ts'
import type { Endpoint } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { linkHeader, pageQuery, readPage } from '../pagination.ts'
import { json, noContent } from '../respond.ts'
import { clientDeclaration, failures } from './client-responses.ts'

const listPath = '/admin/clients'

/** `''` is no filter. */
function filter(url: URL, name: string): string | undefined {
  const value = url.searchParams.get(name)
  return value === null || value === '' ? undefined : value
}

/** `GET /admin/clients`. */
export const listClientsEndpoint: Endpoint = {
  method: 'GET',
  path: listPath,
  operationId: 'listOAuth2Clients',
  tag: 'oAuth2',
  summary: 'List OAuth 2.0 clients',
  query: z.object({
    ...pageQuery,
    client_name: z.string().optional().describe('Lists clients with exactly this name.'),
    owner: z.string().optional().describe('Lists clients with exactly this owner.'),
  }),
  responses: {
    200: {
      description: 'Clients in the order of their ids',
      schema: z.array(oAuth2Client).meta({ id: 'listOAuth2Clients' }),
    },
    400: failures[400],
  },
  async handle(input) {
    const page = readPage(input, listPath)
    if (!page.ok) return oauthErrorResponse(page.error)
    const { size, after } = page.value
    const records = await input.services.storage.clients.list({
      after: after === undefined ? undefined : asClientId(after),
      limit: size + 1,
      clientName: filter(input.url, 'client_name'),
      owner: filter(input.url, 'owner'),
    })
    const clients = records.slice(0, size).map(({ client }) => client)
    const next = records.length > size ? clients.at(-1)?.client_id : undefined
    return json(200, clients.map(toWireClient), { link: linkHeader(input, page.value, next) })
  },
}

/** `GET /admin/clients/{id}`. */
export const getClientEndpoint: Endpoint = {
  method: 'GET',
  path: '/admin/clients/{id}',
  operationId: 'getOAuth2Client',
  tag: 'oAuth2',
  summary: 'Get an OAuth 2.0 client',
  responses: { 200: clientDeclaration, 404: failures[404] },
  async handle({ services, params }) {
    const record = await services.storage.clients.find(asClientId(params['id'] ?? ''))
    return record === undefined
      ? oauthErrorResponse(apiError('unknown_resource'))
      : json(200, toWireClient(record.client))
  },
}

/** `DELETE /admin/clients/{id}`. */
export const deleteClientEndpoint: Endpoint = {
  method: 'DELETE',
  path: '/admin/clients/{id}',
  operationId: 'deleteOAuth2Client',
  tag: 'oAuth2',
  summary: 'Delete OAuth 2.0 client',
  responses: { 204: { description: 'The client is deleted' }, 404: failures[404] },
  async handle({ services, params }) {
    const deleted = await services.storage.clients.delete(asClientId(params['id'] ?? ''))
    return deleted ? noContent() : oauthErrorResponse(apiError('unknown_resource'))
  },
}
