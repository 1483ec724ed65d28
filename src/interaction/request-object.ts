/**
 * Authorization requests inside a JWT, by value or by reference.
 *
 * @see OpenID Connect Core §6, RFC 9101
 */

import { epochSeconds } from '../brand.ts'
import { verifyClientJws, type ClientJwsFailure } from '../clients/client-keys.ts'
import type { Services } from '../context.ts'
import { algorithms } from '../keys/algorithms.ts'
import { mayBeOfKind, readJwsHeader } from '../keys/compact-jws.ts'
import { peekClaims } from '../keys/foreign-jws.ts'
import type { Client } from '../protocol/client.ts'
import type { Json, JsonObject } from '../protocol/json.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { hasScope, parseScope } from '../protocol/scope.ts'
import { err, ok, type Result } from '../result.ts'

/** Values of `alg` that signed objects may have. */
export const requestObjectAlgorithms: readonly string[] = Object.keys(algorithms)

/** `typ` of objects that name their kind (RFC 9101 §10.8). */
const kind = 'oauth-authz-req+jwt'

/** Claims about the object itself, which are no parameters (RFC 9101 §4). */
const ofTheObject = new Set([
  'iss',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'request',
  'request_uri',
  'client_id',
])

/** Whether a request carries an object that counts: only requests with `openid` may. */
export function carriesRequestObject(params: URLSearchParams): boolean {
  const carries = (params.get('request') ?? '') !== '' || (params.get('request_uri') ?? '') !== ''
  return carries && hasScope(parseScope(params.get('scope') ?? ''), 'openid')
}

/**
 * The parameters that count: every claim of the object replaces the parameter of its name; scopes are joined.
 *
 * @returns `invalid_request`, `invalid_request_uri` or `invalid_request_object`, to be shown to the end user.
 */
export async function resolveRequestObject(
  services: Services,
  client: Client,
  params: URLSearchParams,
): Promise<Result<URLSearchParams, OAuthError>> {
  if (!carriesRequestObject(params)) return ok(params)
  const object = await loadObject(services, client, params)
  if (!object.ok) return object
  const opened = await decryptObject(services, object.value)
  if (!opened.ok) return opened
  const claims = await verifyObject(services, client, opened.value)
  return claims.ok ? mergeClaims(params, claims.value) : claims
}

async function loadObject(
  { outgoing, settings }: Services,
  client: Client,
  params: URLSearchParams,
): Promise<Result<string, OAuthError>> {
  const [value, uri] = [params.get('request') ?? '', params.get('request_uri') ?? '']
  if (value !== '' && uri !== '') {
    return err(
      oauthError('invalid_request', 'The parameters request and request_uri exclude each other.'),
    )
  }
  if (client.jwks === undefined && client.jwks_uri === '') {
    return err(
      oauthError(
        'invalid_request',
        'Request objects need a client with registered jwks or jwks_uri.',
      ),
    )
  }
  if (value !== '') return ok(value)
  if (!client.request_uris.includes(uri)) {
    return err(
      oauthError(
        'invalid_request_uri',
        'The request_uri is not one of those registered for this client.',
      ),
    )
  }
  const response = await outgoing.fetch({
    url: uri,
    method: 'GET',
    headers: {},
    body: undefined,
    ...settings.limits.outgoing.requestUri,
  })
  return response.ok && response.value.status === 200
    ? ok(response.value.text.trim())
    : err(
        oauthError(
          'invalid_request_uri',
          'No request object could be fetched from the request_uri.',
        ),
      )
}

const hints: Readonly<Record<ClientJwsFailure, string>> = {
  malformed: 'The request object is not a signed JWT with a JSON object as its payload.',
  algorithm: 'The request object is signed with an algorithm that is not accepted for this client.',
  no_keys: 'The client has no registered keys.',
  unknown_key: 'None of the registered keys of the client fits the request object.',
  bad_signature: 'The signature of the request object does not match the key of the client.',
  unreachable: 'The keys of the client could not be fetched from its jwks_uri.',
}

function refuse(hint: string): Result<never, OAuthError> {
  return err(oauthError('invalid_request_object', hint))
}

/** What is inside an encrypted object, which is five parts rather than three (RFC 7516 §9); any other as it is. */
async function decryptObject(
  { keys }: Pick<Services, 'keys'>,
  object: string,
): Promise<Result<string, OAuthError>> {
  if (object.split('.', 6).length !== 5) return ok(object)
  const text = await keys.decrypt(object)
  return text === undefined
    ? refuse('The request object is not encrypted to a key of this server.')
    : ok(text)
}

async function verifyObject(
  services: Services,
  client: Client,
  object: string,
): Promise<Result<JsonObject, OAuthError>> {
  const registered = client.request_object_signing_alg
  const unsigned = registered === '' || registered === 'none' ? parseUnsigned(object) : undefined
  const algorithms = registered === '' ? requestObjectAlgorithms : [registered]
  const claims =
    unsigned === undefined
      ? await verifyClientJws(services, client, object, { algorithms, kind })
      : ok(unsigned)
  if (!claims.ok) return refuse(hints[claims.error])
  return checkClaims(services, client, claims.value)
}

/** The claims of an object with `alg` `none` and an empty signature (RFC 7515 Appendix A.5); `undefined` for any other. */
function parseUnsigned(object: string): JsonObject | undefined {
  const header = object.endsWith('.') ? readJwsHeader(object) : undefined
  return header?.alg === 'none' && mayBeOfKind(header, kind) ? peekClaims(object) : undefined
}

/** Times are judged if present; `client_id` must be the one outside (RFC 9101 §6.3). */
function checkClaims(
  { clock }: Services,
  client: Client,
  claims: JsonObject,
): Result<JsonObject, OAuthError> {
  const now = epochSeconds(clock())
  const { exp, nbf, iat, client_id: clientId } = claims
  if ([exp, nbf, iat].some((time) => time !== undefined && typeof time !== 'number')) {
    return refuse('The claims exp, nbf and iat must be numbers of seconds.')
  }
  if (typeof exp === 'number' && exp < now) return refuse('The request object has expired.')
  if (typeof nbf === 'number' && nbf > now) return refuse('The request object is not valid yet.')
  if (typeof iat === 'number' && iat > now)
    return refuse('The request object was issued in the future.')
  return clientId === undefined || clientId === client.client_id
    ? ok(claims)
    : refuse('The request object belongs to another client.')
}

function mergeClaims(
  params: URLSearchParams,
  claims: JsonObject,
): Result<URLSearchParams, OAuthError> {
  const merged = new URLSearchParams(params)
  merged.delete('request')
  merged.delete('request_uri')
  for (const [name, claim] of Object.entries(claims)) {
    if (ofTheObject.has(name) || claim === undefined || claim === null) continue
    merged.delete(name)
    for (const text of textsOf(name, claim)) merged.append(name, text)
  }
  const scopes = [
    ...parseScope(merged.get('scope') ?? ''),
    ...parseScope(params.get('scope') ?? ''),
  ]
  merged.set('scope', [...new Set(scopes)].join(' '))
  return ok(merged)
}

/** A claim as a parameter: scalars as they read, an audience one by one, anything else as JSON. */
function textsOf(name: string, claim: Json): readonly string[] {
  if (name === 'audience' && Array.isArray(claim)) return claim.map(String)
  if (Array.isArray(claim) && claim.every((item) => typeof item === 'string'))
    return [claim.join(' ')]
  return [typeof claim === 'object' ? JSON.stringify(claim) : String(claim)]
}
