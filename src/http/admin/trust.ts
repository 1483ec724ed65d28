/** `/admin/trust/grants/jwt-bearer/issuers`: issuers whose assertions are exchanged for tokens (RFC 7523 §2.1). */

import { z } from 'zod'
import { apiError } from '../../protocol/api-error.ts'
import { parseTrustId, toWireTrust, trustIssuer } from '../../trust/manage-trust.ts'
import { trustedOAuth2JwtGrantIssuer, trustOAuth2JwtGrantIssuer } from '../../trust/trust-schema.ts'
import { readJson } from '../body.ts'
import type { Endpoint } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { linkHeader, pageQuery, readPage } from '../pagination.ts'
import { json, noContent } from '../respond.ts'
import { errorOAuth2 } from '../schemas.ts'

const listPath = '/admin/trust/grants/jwt-bearer/issuers'
const itemPath = '/admin/trust/grants/jwt-bearer/issuers/{id}'
const tag = 'oAuth2'
const trusted = { description: 'The trust', schema: trustedOAuth2JwtGrantIssuer }
const refused = { description: 'The request was refused', schema: errorOAuth2 }
const unknown = { description: 'There is no such trust', schema: errorOAuth2 }
const taken = {
  description: 'The issuer is trusted so already, or its key of that name is another one',
  schema: errorOAuth2,
}

/** `POST /admin/trust/grants/jwt-bearer/issuers`. */
export const trustIssuerEndpoint: Endpoint = {
  method: 'POST',
  path: listPath,
  operationId: 'trustOAuth2JwtGrantIssuer',
  tag,
  summary: 'Trust OAuth2 JWT Bearer Grant Type Issuer',
  body: { contentType: 'application/json', schema: trustOAuth2JwtGrantIssuer, required: false },
  responses: { 201: trusted, 400: refused, 409: taken },
  async handle({ request, services }) {
    const body = await readJson(request, services.settings.limits, 'undecodable')
    if (!body.ok) return body.error
    const created = await trustIssuer(services, body.value)
    return created.ok
      ? json(201, toWireTrust(created.value), { location: `${listPath}/${created.value.id}` })
      : oauthErrorResponse(created.error)
  },
}

/** `GET /admin/trust/grants/jwt-bearer/issuers`. */
export const listTrustedIssuersEndpoint: Endpoint = {
  method: 'GET',
  path: listPath,
  operationId: 'listTrustedOAuth2JwtGrantIssuers',
  tag,
  summary: 'List Trusted OAuth2 JWT Bearer Grant Type Issuers',
  query: z.object({
    ...pageQuery,
    issuer: z.string().optional().describe('Lists trust in exactly this issuer.'),
  }),
  responses: {
    200: {
      description: 'Trust in the order of its ids',
      schema: z.array(trustedOAuth2JwtGrantIssuer).meta({ id: 'trustedOAuth2JwtGrantIssuers' }),
    },
    400: refused,
  },
  async handle(input) {
    const page = readPage(input, listPath)
    if (!page.ok) return oauthErrorResponse(page.error)
    const { size, after } = page.value
    const issuer = input.url.searchParams.get('issuer') ?? ''
    const found = await input.services.storage.trustedIssuers.list({
      after,
      limit: size + 1,
      issuer: issuer === '' ? undefined : issuer,
    })
    const shown = found.slice(0, size)
    const next = found.length > size ? shown.at(-1)?.id : undefined
    return json(200, shown.map(toWireTrust), { link: linkHeader(input, page.value, next) })
  },
}

/** `GET /admin/trust/grants/jwt-bearer/issuers/{id}`. */
export const getTrustedIssuerEndpoint: Endpoint = {
  method: 'GET',
  path: itemPath,
  operationId: 'getTrustedOAuth2JwtGrantIssuer',
  tag,
  summary: 'Get Trusted OAuth2 JWT Bearer Grant Type Issuer',
  responses: { 200: trusted, 400: refused, 404: unknown },
  async handle({ services, params }) {
    const id = parseTrustId(params['id'] ?? '')
    if (!id.ok) return oauthErrorResponse(id.error)
    const found = await services.storage.trustedIssuers.find(id.value)
    return found === undefined
      ? oauthErrorResponse(apiError('unknown_resource'))
      : json(200, toWireTrust(found))
  },
}

/** `DELETE /admin/trust/grants/jwt-bearer/issuers/{id}`. */
export const deleteTrustedIssuerEndpoint: Endpoint = {
  method: 'DELETE',
  path: itemPath,
  operationId: 'deleteTrustedOAuth2JwtGrantIssuer',
  tag,
  summary: 'Delete Trusted OAuth2 JWT Bearer Grant Type Issuer',
  responses: {
    204: { description: 'The issuer is not trusted so any more' },
    400: refused,
    404: unknown,
  },
  async handle({ services, params }) {
    const id = parseTrustId(params['id'] ?? '')
    if (!id.ok) return oauthErrorResponse(id.error)
    const deleted = await services.storage.trustedIssuers.delete(id.value)
    return deleted ? noContent() : oauthErrorResponse(apiError('unknown_resource'))
  },
}

/** Every endpoint below `/admin/trust/grants/jwt-bearer/issuers`. */
export const trustEndpoints: readonly Endpoint[] = [
  trustIssuerEndpoint,
  listTrustedIssuersEndpoint,
  getTrustedIssuerEndpoint,
  deleteTrustedIssuerEndpoint,
]
