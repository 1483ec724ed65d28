/** `/admin/keys/{set}` and `/admin/keys/{set}/{kid}`: JSON Web Keys with their private members. */

import { z } from 'zod'
import { jsonWebKey, jsonWebKeySet } from '../../keys/jwk-schema.ts'
import {
  deleteKeys,
  findKey,
  generateKey,
  listKeys,
  putKey,
  replaceKeys,
  type NewKey,
} from '../../keys/manage-keys.ts'
import { apiError } from '../../protocol/api-error.ts'
import type { OAuthError } from '../../protocol/oauth-error.ts'
import { err, ok, type Result } from '../../result.ts'
import { readJson } from '../body.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { json, noContent } from '../respond.ts'
import { errorOAuth2 } from '../schemas.ts'

const createJsonWebKeySet = z
  .object({
    alg: z.string().describe('`RS256`, `PS256`, `ES256`, `EdDSA` or one of their longer forms.'),
    kid: z.string().describe('Names the key within its set; a UUID if empty.'),
    use: z.string().describe('`sig` or `enc`; `sig` if empty.'),
  })
  .meta({ id: 'createJsonWebKeySet' })

const setPath = '/admin/keys/{set}'
const keyPath = '/admin/keys/{set}/{kid}'
const tag = 'jwk'
const keySet = { description: 'The keys, private members included', schema: jsonWebKeySet }
const refused = { description: 'The request is malformed', schema: errorOAuth2 }
const unknown = { description: 'There is no such key', schema: errorOAuth2 }
const taken = { description: 'The set has a key of that name', schema: errorOAuth2 }
const deleted = { description: 'The keys do not exist any more' }

function namesOf({ params }: EndpointRequest): { readonly set: string; readonly kid: string } {
  return { set: params['set'] ?? '', kid: params['kid'] ?? '' }
}

/** Reads the body and checks that it is an object. */
async function readObject({
  request,
  services,
}: EndpointRequest): Promise<Result<Readonly<Record<string, unknown>>, Response>> {
  const body = await readJson(request, services.settings.limits)
  if (!body.ok) return body
  const { value } = body
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? ok(value as Readonly<Record<string, unknown>>)
    : err(malformed('it is not an object'))
}

function malformed(reason: string): Response {
  return oauthErrorResponse(
    apiError('malformed_request', `Unable to decode the request body: ${reason}.`),
  )
}

function answer(status: number, result: Result<unknown, OAuthError>): Response {
  return result.ok ? json(status, result.value) : oauthErrorResponse(result.error)
}

/** `GET /admin/keys/{set}`. */
export const getKeySetEndpoint: Endpoint = {
  method: 'GET',
  path: setPath,
  operationId: 'getJsonWebKeySet',
  tag,
  summary: 'Retrieve a JSON Web Key Set',
  responses: { 200: keySet, 404: unknown },
  async handle(input) {
    const keys = await listKeys(input.services, namesOf(input).set)
    return keys.length === 0
      ? oauthErrorResponse(apiError('unknown_key_set', 'Unable to locate the requested resource'))
      : json(200, { keys })
  },
}

/** `POST /admin/keys/{set}`. */
export const createKeySetEndpoint: Endpoint = {
  method: 'POST',
  path: setPath,
  operationId: 'createJsonWebKeySet',
  tag,
  summary: 'Create JSON Web Key',
  body: { contentType: 'application/json', schema: createJsonWebKeySet, required: true },
  responses: { 201: keySet, 400: refused, 409: taken },
  async handle(input) {
    const body = await readObject(input)
    if (!body.ok) return body.error
    const wanted = parseNewKey(body.value)
    if (!wanted.ok) return malformed(wanted.error)
    const { set } = namesOf(input)
    const key = await generateKey(input.services, set, wanted.value)
    return key.ok
      ? json(201, { keys: [key.value] }, { location: `/admin/keys/${encodeURIComponent(set)}` })
      : oauthErrorResponse(key.error)
  },
}

function parseNewKey(body: Readonly<Record<string, unknown>>): Result<NewKey, string> {
  const { alg, use, kid } = body
  for (const [name, value] of Object.entries({ alg, use, kid }))
    if (value !== undefined && value !== null && typeof value !== 'string')
      return err(`${name} is not a string`)
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return ok({ alg: text(alg), use: text(use), kid: text(kid) })
}

/** `PUT /admin/keys/{set}`. */
export const setKeySetEndpoint: Endpoint = {
  method: 'PUT',
  path: setPath,
  operationId: 'setJsonWebKeySet',
  tag,
  summary: 'Update a JSON Web Key Set',
  body: { contentType: 'application/json', schema: jsonWebKeySet, required: false },
  responses: { 200: keySet, 400: refused, 409: taken },
  async handle(input) {
    const body = await readObject(input)
    if (!body.ok) return body.error
    const keys = body.value['keys'] ?? []
    if (!Array.isArray(keys)) return malformed('keys is not an array')
    const stored = await replaceKeys(input.services, namesOf(input).set, keys)
    return answer(200, stored.ok ? ok({ keys: stored.value }) : stored)
  },
}

/** `DELETE /admin/keys/{set}`. */
export const deleteKeySetEndpoint: Endpoint = {
  method: 'DELETE',
  path: setPath,
  operationId: 'deleteJsonWebKeySet',
  tag,
  summary: 'Delete JSON Web Key Set',
  responses: { 204: deleted },
  async handle(input) {
    await deleteKeys(input.services, namesOf(input).set)
    return noContent()
  },
}

/** `GET /admin/keys/{set}/{kid}`. */
export const getKeyEndpoint: Endpoint = {
  method: 'GET',
  path: keyPath,
  operationId: 'getJsonWebKey',
  tag,
  summary: 'Get JSON Web Key',
  responses: { 200: keySet, 404: unknown },
  async handle(input) {
    const { set, kid } = namesOf(input)
    const key = await findKey(input.services, set, kid)
    return key === undefined
      ? oauthErrorResponse(apiError('unknown_resource'))
      : json(200, { keys: [key] })
  },
}

/** `PUT /admin/keys/{set}/{kid}`. */
export const setKeyEndpoint: Endpoint = {
  method: 'PUT',
  path: keyPath,
  operationId: 'setJsonWebKey',
  tag,
  summary: 'Set JSON Web Key',
  body: { contentType: 'application/json', schema: jsonWebKey, required: false },
  responses: {
    200: { description: 'The key, private members included', schema: jsonWebKey },
    400: refused,
  },
  async handle(input) {
    const body = await readObject(input)
    if (!body.ok) return body.error
    const { set, kid } = namesOf(input)
    return answer(200, await putKey(input.services, { set, defaultKid: kid, key: body.value }))
  },
}

/** `DELETE /admin/keys/{set}/{kid}`. */
export const deleteKeyEndpoint: Endpoint = {
  method: 'DELETE',
  path: keyPath,
  operationId: 'deleteJsonWebKey',
  tag,
  summary: 'Delete JSON Web Key',
  responses: { 204: deleted },
  async handle(input) {
    const { set, kid } = namesOf(input)
    await deleteKeys(input.services, set, kid)
    return noContent()
  },
}

/** Every endpoint below `/admin/keys`. */
export const keyEndpoints: readonly Endpoint[] = [
  getKeySetEndpoint,
  createKeySetEndpoint,
  setKeySetEndpoint,
  deleteKeySetEndpoint,
  getKeyEndpoint,
  setKeyEndpoint,
  deleteKeyEndpoint,
]
