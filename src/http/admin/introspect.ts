/** `POST /admin/oauth2/introspect`: what a token is good for. @see RFC 7662 */

import { z } from 'zod'
import { epochSeconds } from '../../brand.ts'
import type { Services } from '../../context.ts'
import { oauthError } from '../../protocol/oauth-error.ts'
import { findForbiddenScope, parseScope, scopeStrategies } from '../../protocol/scope.ts'
import { inspectAccessToken, inspectRefreshToken, type LiveToken } from '../../tokens/inspect.ts'
import type { Endpoint } from '../endpoint.ts'
import { oauthErrorResponse, tokenHeaders } from '../errors.ts'
import { text } from '../respond.ts'
import { readForm } from '../form.ts'
import { errorOAuth2 } from '../schemas.ts'

const introspectRequest = z
  .object({
    token: z.string().describe('An access token or refresh token.'),
    scope: z
      .string()
      .optional()
      .describe('Space-separated. The token counts as inactive unless it covers all of them.'),
  })
  .meta({ id: 'introspectOAuth2TokenRequest' })

/** SDKs refuse members that are not listed here. */
const introspectedToken = z
  .object({
    active: z.boolean().describe('Whether the token works. Without it no other member is sent.'),
    scope: z.string().optional().describe('Granted scopes, space-separated.'),
    client_id: z.string().optional(),
    sub: z.string().optional().describe('Subject as the login app gave it.'),
    obfuscated_subject: z
      .string()
      .optional()
      .describe('Subject as the client sees it, if pairwise.'),
    exp: z
      .int()
      .optional()
      .describe('Seconds since the epoch; absent when the token never expires.'),
    iat: z.int().optional(),
    nbf: z.int().optional(),
    username: z.string().optional(),
    aud: z.array(z.string()).optional(),
    iss: z.string().optional(),
    token_type: z.string().optional().describe('`Bearer`.'),
    token_use: z.string().optional().describe('`access_token` or `refresh_token`.'),
    acr: z
      .string()
      .optional()
      .describe('How the end user authenticated (RFC 9470 §6.2), if the server is told to.'),
    auth_time: z.int().optional().describe('When the end user authenticated, likewise.'),
    ext: z.record(z.string(), z.unknown()).optional().describe('Session data of the consent.'),
  })
  .meta({ id: 'introspectedOAuth2Token' })

/** `POST /admin/oauth2/introspect` (RFC 7662 §2). */
export const introspectEndpoint: Endpoint = {
  method: 'POST',
  path: '/admin/oauth2/introspect',
  operationId: 'introspectOAuth2Token',
  tag: 'oAuth2',
  summary: 'Introspect OAuth2 access and refresh tokens',
  body: {
    contentType: 'application/x-www-form-urlencoded',
    schema: introspectRequest,
    required: true,
  },
  responses: {
    200: { description: 'What the token is good for', schema: introspectedToken },
    400: { description: 'The body is empty or cannot be parsed', schema: errorOAuth2 },
  },
  async handle({ request, services }) {
    const form = await readForm(request, services.settings.limits)
    if (!form.ok) return oauthErrorResponse(form.error, services.settings)
    if (form.value.names().length === 0) {
      const error = oauthError('invalid_request', 'The POST body can not be empty.')
      return oauthErrorResponse(error, services.settings)
    }
    const found = await inspect(services, form.value.get('token') ?? '')
    if (found === undefined || !covers(services, found.token, form.value.get('scope') ?? ''))
      return text(200, '{"active":false}\n', tokenHeaders)
    const body = introspection(services, found)
    return text(200, `${JSON.stringify(body)}\n`, activeHeaders)
  },
}

const activeHeaders = { 'content-type': tokenHeaders['content-type'] } as const

interface Found {
  readonly token: LiveToken
  readonly use: 'access_token' | 'refresh_token'
}

/** The seal tells the kinds apart, so the `token_type_hint` is of no use. */
async function inspect(services: Services, value: string): Promise<Found | undefined> {
  const accessToken = await inspectAccessToken(services, value)
  if (accessToken.isLive) return { token: accessToken, use: 'access_token' }
  if (accessToken.reason !== 'unknown') return undefined
  const refreshToken = await inspectRefreshToken(services, value)
  return refreshToken.isLive ? { token: refreshToken, use: 'refresh_token' } : undefined
}

function covers({ settings }: Services, token: LiveToken, scope: string): boolean {
  const strategy = scopeStrategies[settings.strategies.scope]
  return findForbiddenScope(strategy, token.scope, parseScope(scope)) === undefined
}

/** The members in the order of the reference. */
function introspection({ settings }: Services, { token, use }: Found) {
  const { subject, expiresAt, user, extra } = token
  const obfuscated = user?.session.idTokenSubject ?? ''
  const issuedAt = epochSeconds(token.issuedAt)
  return {
    active: true,
    scope: token.scope.length === 0 ? undefined : token.scope.join(' '),
    client_id: token.record.client.client_id,
    sub: subject,
    obfuscated_subject: obfuscated === '' || obfuscated === subject ? undefined : obfuscated,
    exp: expiresAt === undefined ? undefined : epochSeconds(expiresAt),
    iat: issuedAt,
    nbf: issuedAt,
    aud: token.audience,
    iss: settings.issuer,
    token_type: 'Bearer',
    token_use: use,
    ...(settings.oauth2.accessTokenAuthenticationClaims ? authenticationOf(token) : {}),
    ext: Object.keys(extra).length === 0 ? undefined : extra,
  }
}

/** RFC 9470 §6.2. Only where the operator wants it: SDKs refuse members that the Ory API does not have. */
function authenticationOf({ user }: LiveToken) {
  if (user === undefined) return {}
  const { acr, authTime } = user.session
  return { acr: acr === '' ? undefined : acr, auth_time: epochSeconds(authTime) }
}
