/**
 * The parameters of a successful authorization response.
 *
 * @see RFC 6749 §4.1.2 and §4.2.2, OpenID Connect Core §3.2.2.5 and §3.3.2.5
 */

import { after, instant, wholeSeconds } from '../brand.ts'
import { encryptForClient } from '../clients/encrypt-for-client.ts'
import type { Services } from '../context.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { hasScope } from '../protocol/scope.ts'
import { err, ok, type Result } from '../result.ts'
import { mintAccessToken } from '../tokens/access-token.ts'
import { mintAuthorizationCode } from '../tokens/code-and-refresh-token.ts'
import { mintIdToken, type NewIdToken } from '../tokens/id-token.ts'
import { lifespanOf } from '../tokens/lifespan.ts'
import type { NewGrant } from './new-grant.ts'
import type { AuthorizationVisit } from './visit.ts'

type Params = Readonly<Record<string, string>>

/**
 * Mints what the response type asks for. Nothing is stored.
 *
 * @returns `unsupported_response_type` when only an ID token was asked for and `openid` was not granted; the failures of
 *   encrypting the ID token for the client.
 */
export async function responseParams(
  services: Services,
  visit: AuthorizationVisit,
  made: NewGrant,
): Promise<Result<Params, OAuthError>> {
  const values = visit.request.responseValues
  const isOpenId = hasScope(made.grant.grantedScope, 'openid')
  if (values.has('id_token') && !values.has('code') && !isOpenId) {
    return err(
      oauthError(
        'unsupported_response_type',
        "An ID token was requested, but the scope 'openid' was not granted.",
      ),
    )
  }
  const code = codeOf(services, made)
  const access = values.has('token') ? await accessToken(services, visit, made) : {}
  const idToken =
    values.has('id_token') && isOpenId
      ? await idTokenOf(services, visit, made, { accessToken: access['access_token'], code })
      : ok(undefined)
  if (!idToken.ok) return idToken
  return ok({
    ...access,
    ...(code === undefined ? {} : { code }),
    ...(idToken.value === undefined ? {} : { id_token: idToken.value }),
    ...(values.has('id_token') && !values.has('token')
      ? {}
      : { scope: made.grant.grantedScope.join(' ') }),
    state: visit.request.state,
  })
}

/** The ID token, encrypted if the client wants that. */
async function idTokenOf(
  services: Services,
  { client }: AuthorizationVisit,
  { grant, session }: NewGrant,
  hashed: Pick<NewIdToken, 'accessToken' | 'code'>,
): Promise<Result<string, OAuthError>> {
  const text = await mintIdToken(services, {
    client,
    session,
    requestedAt: grant.requestedAt,
    issuedAt: services.clock(),
    lifespan: lifespanOf(services.settings, client, 'implicit', 'id_token'),
    ...hashed,
  })
  return encryptForClient(services, client, { what: 'id_token', text, isNested: true })
}

function codeOf(services: Services, { grant }: NewGrant): string | undefined {
  return grant.codeExpiresAt === undefined
    ? undefined
    : mintAuthorizationCode(services, { grantId: grant.id, expiresAt: grant.codeExpiresAt })
}

/** An access token without a chain: it lives until its end, or until the grant is revoked. */
async function accessToken(
  services: Services,
  { client }: AuthorizationVisit,
  { grant, session }: NewGrant,
): Promise<Params> {
  const now = services.clock()
  const lifespan = lifespanOf(services.settings, client, 'implicit', 'access_token')
  const token = await mintAccessToken(services, {
    client,
    subject: grant.subject,
    grantId: grant.id,
    chainId: undefined,
    generation: 1,
    scope: grant.grantedScope,
    audience: grant.grantedAudience,
    issuedAt: instant(now),
    expiresAt: after(wholeSeconds(now), lifespan),
    extra: session.accessToken,
    authentication: session,
  })
  return {
    access_token: token,
    expires_in: String(Math.floor(lifespan / 1000)),
    token_type: 'bearer',
  }
}
