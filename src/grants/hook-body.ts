/** What hooks are told about a token request. Member names are those of the Ory OAuth2 API. */

import type { Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { accessTokenKeySet, idTokenKeySet } from '../keys/key-ring.ts'
import type { Client } from '../protocol/client.ts'
import type { JsonObject } from '../protocol/json.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { usesJwtAccessTokens } from '../tokens/access-token.ts'
import type { Approval, CustomClaims } from './grant.ts'

/** A token request that waits for its hooks. */
export interface HookCall {
  readonly form: Parameters
  readonly client: Client
  readonly grantType: string
  readonly approval: Approval
}

/** Parameters that hooks may see: never a secret, code, verifier or refresh token. */
const shownParameters = ['assertion', 'client_id', 'grant_type', 'response_type', 'scope'] as const

/** How the API writes a time that nobody knows. */
const noTime = '0001-01-01T00:00:00Z'

function timestamp(at: Instant): string {
  return new Date(at).toISOString().replace(/\.?0*Z$/u, 'Z')
}

/** Body for `oauth2.token_hook`. */
export async function tokenHookBody(
  services: Services,
  call: HookCall,
  claims: CustomClaims,
): Promise<JsonObject> {
  const { approval, client, form, grantType } = call
  const payload = shownParameters.flatMap((name) => {
    const values = form.all(name)
    return values.length === 0 ? [] : [[name, values] as const]
  })
  return {
    session: await sessionBody(services, call, claims),
    request: {
      client_id: client.client_id,
      requested_scopes: approval.requestedScope,
      granted_scopes: approval.grantedScope,
      granted_audience: approval.grantedAudience,
      grant_types: [grantType],
      payload: Object.fromEntries(payload),
    },
  }
}

/** Body for `oauth2.refresh_token_hook`. */
export async function refreshTokenHookBody(
  services: Services,
  call: HookCall,
  claims: CustomClaims,
): Promise<JsonObject> {
  const { approval, client, grantType } = call
  const granted = {
    client_id: client.client_id,
    granted_scopes: approval.grantedScope,
    granted_audience: approval.grantedAudience,
  }
  return {
    subject: approval.subject,
    session: await sessionBody(services, call, claims),
    requester: { ...granted, grant_types: [grantType] },
    ...granted,
  }
}

async function sessionBody(
  services: Services,
  { approval, client }: HookCall,
  claims: CustomClaims,
): Promise<JsonObject> {
  const { oauth2 } = services.settings
  return {
    id_token: await idTokenBody(services, approval, { client, claims }),
    extra: claims.accessToken,
    kid: usesJwtAccessTokens(services.settings, client)
      ? (await services.keys.signingKey(accessTokenKeySet)).kid
      : '',
    client_id: client.client_id,
    consent_challenge: approval.user?.grant.id ?? '',
    exclude_not_before_claim: oauth2.excludeNotBeforeClaim,
    allowed_top_level_claims: oauth2.allowedTopLevelClaims,
    mirror_top_level_claims: oauth2.mirrorTopLevelClaims,
    preserve_ext_claims: oauth2.preserveExtClaims,
  }
}

async function idTokenBody(
  services: Services,
  approval: Approval,
  { client, claims }: { readonly client: Client; readonly claims: CustomClaims },
): Promise<JsonObject> {
  const { user, subject } = approval
  return {
    id_token_claims: {
      jti: '',
      iss: services.settings.issuer,
      sub: subject,
      nonce: '',
      exp: noTime,
      iat: timestamp(services.clock()),
      at_hash: '',
      c_hash: '',
      ...(user === undefined
        ? { ...noUser, ext: claims.idToken }
        : userClaims(user, client, claims)),
    },
    headers: {
      extra: user === undefined ? {} : { kid: (await services.keys.signingKey(idTokenKeySet)).kid },
    },
    expires_at: expiresAt(approval),
    subject,
  }
}

/** Claims about an authentication, where there was none. */
const noUser: JsonObject = { aud: [], rat: noTime, auth_time: noTime, acr: '', amr: [] }

function userClaims(
  { grant, session }: NonNullable<Approval['user']>,
  client: Client,
  claims: CustomClaims,
): JsonObject {
  return {
    sub: session.idTokenSubject,
    aud: [client.client_id],
    nonce: session.nonce,
    rat: timestamp(grant.requestedAt),
    auth_time: timestamp(session.authTime),
    acr: session.acr,
    amr: session.amr,
    ext: { ...claims.idToken, sid: session.sid },
  }
}

function expiresAt({ accessTokenEnd, refreshTokenEnd, user }: Approval): JsonObject {
  const codeEnd = user?.grant.codeExpiresAt
  return {
    access_token: timestamp(accessTokenEnd),
    ...(refreshTokenEnd === undefined ? {} : { refresh_token: timestamp(refreshTokenEnd) }),
    ...(codeEnd === undefined ? {} : { authorize_code: timestamp(codeEnd) }),
  }
}
