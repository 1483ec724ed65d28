/**
 * `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer`: the assertion of a trusted issuer becomes an access token, once.
 *
 * @see RFC 7523 §2.1 and §3.1, RFC 7521 §4.1
 */

import { assertionAudience } from '../client-auth/token-audiences.ts'
import type { Services } from '../context.ts'
import { endOf, type AssertionClaims } from '../protocol/assertion.ts'
import { findForbiddenAudience, parseAudience } from '../protocol/audience.ts'
import type { Client } from '../protocol/client.ts'
import { oauthError, printable, type OAuthError } from '../protocol/oauth-error.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { findForbiddenScope, parseScope, scopeStrategies } from '../protocol/scope.ts'
import { err, ok, type Result } from '../result.ts'
import { verifyAssertion, type VerifiedAssertion } from '../trust/verify-assertion.ts'
import { approveClientToken } from './client-token.ts'
import type { GrantType } from './grant.ts'

/** Exchanges an assertion for an access token (RFC 7523 §2.1). */
export const jwtBearer: GrantType = async (services, { form, record, now }) => {
  const { settings, storage } = services
  const { client } = record
  const assertion = form.get('assertion') ?? ''
  if (assertion === '')
    return err(oauthError('invalid_request', 'The parameter assertion is missing.'))
  const verified = await verifyAssertion(services, assertion, {
    ...assertionAudience(settings),
    now,
  })
  if (!verified.ok) return verified
  const { claims } = verified.value
  const { iss, jti } = claims
  // Before a hook hears of the claims; what decides between concurrent callers is the commit below.
  if (jti !== undefined && (await storage.tokens.isJtiConsumed(scopeOf(iss), jti, now)))
    return err(usedBefore)
  const requestedScope = parseScope(form.get('scope') ?? '')
  const grantedScope = grantScope(services, { client, requestedScope, ...verified.value })
  if (!grantedScope.ok) return grantedScope
  return ok(
    approveClientToken(services, {
      client,
      subject: claims.sub,
      kind: 'jwt_bearer',
      requestedScope,
      grantedScope: grantedScope.value,
      grantedAudience: grantAudience(services, { client, form, claims }),
      now,
      async commit() {
        if (jti === undefined) return ok(undefined)
        const isFirst = await storage.tokens.consumeJti(scopeOf(iss), jti, endOf(claims), now)
        return isFirst ? ok(undefined) : err(usedBefore)
      },
    }),
  )
}

const usedBefore = oauthError(
  'jti_known',
  'The assertion was used before. Get a new one for every request.',
)

/** Where the `jti` of an issuer's assertions must be unique. */
function scopeOf(issuer: string): string {
  return `issuer ${issuer}`
}

interface ScopeRequest extends VerifiedAssertion {
  readonly client: Client
  readonly requestedScope: readonly string[]
}

/** A scope must be within what the issuer is trusted with, and within what the client may have. */
function grantScope(
  { settings }: Services,
  { client, requestedScope, trusted }: ScopeRequest,
): Result<readonly string[], OAuthError> {
  const strategy = scopeStrategies[settings.strategies.scope]
  const ofClient = parseScope(client.scope)
  const takesDefault =
    requestedScope.length === 0 && settings.oauth2.clientCredentialsDefaultGrantAllowedScope
  if (takesDefault) return ok(ofClient.filter((scope) => strategy(trusted.scope, scope)))
  const beyondTrust = findForbiddenScope(strategy, trusted.scope, requestedScope)
  if (beyondTrust !== undefined) {
    const hint = `The issuer of the assertion is not trusted with the scope '${printable(beyondTrust)}'.`
    return err(oauthError('invalid_scope', hint))
  }
  const beyondClient = findForbiddenScope(strategy, ofClient, requestedScope)
  if (beyondClient !== undefined) {
    const hint = `The client may not request the scope '${printable(beyondClient)}'.`
    return err(oauthError('invalid_scope', hint))
  }
  return ok(requestedScope)
}

interface AudienceRequest {
  readonly client: Client
  readonly form: Parameters
  readonly claims: AssertionClaims
}

/** The Ory API drops an audience that the client may not ask for without a word. */
function grantAudience(
  { settings }: Services,
  { client, form, claims }: AudienceRequest,
): readonly string[] {
  const allowed = parseAudience(form.all('audience')).filter(
    (audience) => findForbiddenAudience(client.audience, [audience]) === undefined,
  )
  return settings.oauth2.jwtBearer.omitAssertionAudience
    ? allowed
    : [...new Set([...allowed, ...claims.aud])]
}
