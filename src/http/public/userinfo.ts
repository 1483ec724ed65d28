/** `GET|POST /userinfo`: the claims about the end user. @see OpenID Connect Core §5.3 */

import { z } from 'zod'
import { epochSeconds } from '../../brand.ts'
import { encryptForClient } from '../../clients/encrypt-for-client.ts'
import { encryptionOf } from '../../clients/response-algorithms.ts'
import type { Services } from '../../context.ts'
import { algorithms } from '../../keys/algorithms.ts'
import { idTokenKeySet } from '../../keys/key-ring.ts'
import type { JsonObject } from '../../protocol/json.ts'
import { oauthError } from '../../protocol/oauth-error.ts'
import { userinfoClaims } from '../../tokens/id-token-claims.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { json } from '../respond.ts'
import { errorOAuth2 } from '../schemas.ts'
import { bearerErrorResponse, bearerToken } from './bearer-token.ts'
import { userToken, type UserToken } from './user-token.ts'
import { plainResponse } from '../plain-response.ts'

const text = z.string().optional()
const truth = z.boolean().optional()

/** Further claims of the consent are sent as they are. */
const oidcUserInfo = z
  .object({
    sub: z.string().optional().describe('Subject as the client sees it.'),
    birthdate: text,
    email: text,
    email_verified: truth,
    family_name: text,
    gender: text,
    given_name: text,
    locale: text,
    middle_name: text,
    name: text,
    nickname: text,
    phone_number: text,
    phone_number_verified: truth,
    picture: text,
    preferred_username: text,
    profile: text,
    updated_at: z.int().optional(),
    website: text,
    zoneinfo: text,
  })
  .meta({ id: 'oidcUserInfo' })

const shared = {
  path: '/userinfo',
  crossOrigin: true,
  responses: {
    200: { description: 'The claims, as JSON or as a signed JWT', schema: oidcUserInfo },
    401: { description: 'The access token does not work', schema: errorOAuth2 },
    403: { description: 'The access token stands for no end user', schema: errorOAuth2 },
  },
  handle,
} as const

/** `GET /userinfo` (OpenID Connect Core §5.3). */
export const userinfoEndpoint: Endpoint = {
  ...shared,
  method: 'GET',
  operationId: 'getOidcUserInfo',
  tag: 'oidc',
  summary: 'OpenID Connect Userinfo',
}

/** `POST /userinfo` (OpenID Connect Core §5.3). */
export const userinfoPostEndpoint: Endpoint = {
  ...shared,
  method: 'POST',
  summary: 'OpenID Connect Userinfo, access token in the body',
}

async function handle(input: EndpointRequest): Promise<Response> {
  const value = await bearerToken(input)
  if (!value.ok) return oauthErrorResponse(value.error)
  const token = await userToken(input.services, value.value)
  if (!token.ok) return bearerErrorResponse(token.error)
  return answer(input.services, token.value)
}

/** JSON, or what the client chose: a signed JWT, an encrypted one, or a signed one inside an encrypted one (§5.3.2). */
async function answer(services: Services, token: UserToken): Promise<Response> {
  const claims = claimsOf(services, token)
  const { client } = token.record
  const alg = client.userinfo_signed_response_alg
  const isSigned = alg !== '' && alg !== 'none'
  if (isSigned && !Object.hasOwn(algorithms, alg))
    return oauthErrorResponse(
      oauthError('server_error', 'The client has an unsupported userinfo_signed_response_alg.'),
    )
  if (!isSigned && encryptionOf(client, 'userinfo') === undefined) return json(200, claims)
  const now = epochSeconds(services.clock())
  const issued = { ...claims, iat: now, jti: services.random.uuid() }
  const text = isSigned
    ? await (await services.keys.signingKey(idTokenKeySet, alg)).sign(issued, 'JWT')
    : JSON.stringify(issued)
  const jwt = await encryptForClient(services, client, {
    what: 'userinfo',
    text,
    isNested: isSigned,
  })
  if (!jwt.ok) return oauthErrorResponse(jwt.error)
  return plainResponse(200, jwt.value, { 'content-type': 'application/jwt' })
}

function claimsOf({ settings }: Services, { record, issuedAt, user }: UserToken): JsonObject {
  const { session, grant } = user
  return userinfoClaims({
    iss: settings.issuer,
    sub: session.idTokenSubject,
    aud: [record.client.client_id],
    iat: epochSeconds(issuedAt),
    auth_time: epochSeconds(session.authTime),
    rat: epochSeconds(grant.requestedAt),
    acr: session.acr,
    amr: session.amr,
    extra: { ...session.userinfo, ...session.idToken },
  })
}
