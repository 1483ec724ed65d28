/** What strict official SDKs of other languages choke on, as rules for every JSON response. */

import type { FetchHandler } from '../../src/http/handler.ts'
import { responseAlgorithmNames } from '../../src/protocol/client.ts'
import { officialModels } from './official-api.ts'

/** Members of OpenID Connect that a client has only if it was registered with them, and at the client endpoints alone. */
const openIdMembers: readonly string[] = [
  ...responseAlgorithmNames,
  'default_acr_values',
  'default_max_age',
  'initiate_login_uri',
  'require_auth_time',
]
const clientMembers = new Set((officialModels().get('OAuth2Client') ?? []).map(({ name }) => name))
const jwkMembers = new Set('use kty kid alg crv x y n e d p q dp dq qi k x5c'.split(' '))

/** Values of others: applications and clients put any JSON into them. */
const foreign = new Set(['metadata', 'context', 'session', 'ext', 'id_token_hint_claims', 'errors'])

/** Members whose `null` means something to login apps: a logout without a client, a device flow, no context. */
const nullable = new Set(['client', 'context', 'oidc_context'])

type Json = Readonly<Record<string, unknown>>

/** Complaints about a response, its body already read as text. */
export function sdkHazards(response: Response, text: string): readonly string[] {
  const type = response.headers.get('content-type')
  if (response.status === 204) return type === null && text === '' ? [] : ['S10: 204 with a body']
  if (type?.startsWith('application/json') !== true) return []
  const body = JSON.parse(text) as unknown
  const isError = response.status >= 400 && isObject(body)
  return [...(isError ? errorHazards(body) : []), ...hazardsIn(body, '')]
}

/** S7: the OAuth form and the generic form are never mixed. */
function errorHazards(body: Json): readonly string[] {
  return typeof body['error'] === 'string' && ('message' in body || 'code' in body)
    ? ['S7: members of two forms of errors']
    : []
}

function hazardsIn(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value))
    return value.flatMap((each, index) => hazardsIn(each, `${path}[${index}]`))
  if (!isObject(value)) return []
  return [
    ...clientHazards(value, path),
    ...keyHazards(value, path),
    ...Object.entries(value).flatMap(([name, member]) => [
      ...memberHazards(name, member, `${path}.${name}`),
      ...(foreign.has(name) ? [] : hazardsIn(member, `${path}.${name}`)),
    ]),
  ]
}

function memberHazards(name: string, member: unknown, path: string): readonly string[] {
  if (member === null) return nullable.has(name) ? [] : [`S1, S4: ${path} is null`]
  if (typeof member !== 'string') return []
  if (name.endsWith('_lifespan') && !/^\d+(?:ms|s|m|h)$/u.test(member)) {
    return [`S5: ${path} is ${member}`]
  }
  const isTime =
    name.endsWith('_at') && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/u.test(member)
  return isTime ? [`S8: ${path} is ${member}`] : []
}

/** S4: a client inside another object, which SDKs decode strictly, has no member that they do not know. */
function clientHazards(value: Json, path: string): readonly string[] {
  if (!('token_endpoint_auth_method' in value && 'client_id' in value)) return []
  const isOutermost = /^(?:\[\d+\])?$/u.test(path)
  return Object.keys(value)
    .filter((name) => !clientMembers.has(name) && !(isOutermost && openIdMembers.includes(name)))
    .map((name) => `S4: ${path}.${name} is no member of a client`)
}

/** S2 and S3: a key has the four members that SDKs demand, and none that they refuse. */
function keyHazards(value: Json, path: string): readonly string[] {
  if (typeof value['kty'] !== 'string') return []
  const missing = ['alg', 'kid', 'kty', 'use'].filter((name) => typeof value[name] !== 'string')
  const strange = Object.keys(value).filter((name) => !jwkMembers.has(name))
  return [
    ...missing.map((name) => `S2: ${path}.${name} is missing`),
    ...strange.map((name) => `S3: ${path}.${name} is no member of a key`),
  ]
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The handler, throwing for a response that an SDK would choke on. */
export function withoutHazards(handler: FetchHandler): FetchHandler {
  return async (...call) => {
    const response = await handler(...call)
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    const text = isJson ? await response.clone().text() : ''
    const found = sdkHazards(response, text)
    if (found.length === 0) return response
    throw new Error(`${call[0].method} ${call[0].url}: ${found.join('; ')}`)
  }
}
