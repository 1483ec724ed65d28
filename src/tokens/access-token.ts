/**
 * Access tokens: sealed strings, or JWTs for resource servers that check them on their own.
 *
 * A token of a user names its grant and the generation of its chain; its scope and claims are read from the grant. A token that
 * a client got for itself carries everything, so that issuing it costs no write.
 *
 * @see RFC 6749 §1.4, RFC 9068
 */

import {
  asChainId,
  asClientId,
  asGrantId,
  asTokenId,
  epochSeconds,
  instant,
  type ChainId,
  type ClientId,
  type GrantId,
  type Instant,
  type TokenId,
} from '../brand.ts'
import type { Services } from '../context.ts'
import { accessTokenKeySet } from '../keys/key-ring.ts'
import type { Client } from '../protocol/client.ts'
import { parseJson, type JsonObject } from '../protocol/json.ts'
import { parseScope } from '../protocol/scope.ts'
import { accessTokenClaims, extraOf, type AuthenticationFacts } from './access-token-claims.ts'
import type { GrantSession } from './grant-session.ts'
import { freeJti, jtiOfChain, jtiOfGrant, parseJti, type JtiBinding } from './bound-jti.ts'

/** What an access token is made of. */
export interface NewAccessToken {
  readonly client: Client
  readonly subject: string
  /** `undefined` for a token that the client got for itself. */
  readonly grantId: GrantId | undefined
  /** `undefined` without refresh token. */
  readonly chainId: ChainId | undefined
  /** Of the chain; without one it tells the tokens of a grant apart: 0 from the code, 1 from the authorization response. */
  readonly generation: number
  readonly scope: readonly string[]
  readonly audience: readonly string[]
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  /** `session.access_token`. */
  readonly extra: JsonObject
  /** Of the end user; a JWT tells of it where the server is told to. */
  readonly authentication: Pick<GrantSession, 'acr' | 'amr' | 'authTime'> | undefined
}

interface OpenedTimes {
  readonly issuedAt: Instant
  readonly expiresAt: Instant
}

/** A token of a user: live while the generation is current. */
export interface GrantToken extends OpenedTimes {
  readonly kind: 'grant'
  /** The grant and chain by id, or by the beginning of one of the two. */
  readonly binding:
    | {
        readonly kind: 'ids'
        readonly grantId: GrantId
        readonly chainId: ChainId | undefined
        readonly generation: number
      }
    | JtiBinding
}

/** A token that a client got for itself. */
export interface ClientToken extends OpenedTimes {
  readonly kind: 'client'
  readonly tokenId: TokenId
  readonly clientId: ClientId
  readonly subject: string
  readonly scope: readonly string[]
  readonly audience: readonly string[]
  readonly extra: JsonObject
}

/** What an access token of ours says; whether it is live is for the storage to tell. */
export type OpenedAccessToken = GrantToken | ClientToken

type MintServices = Pick<Services, 'sealer' | 'keys' | 'settings' | 'random'>

/** Whether the access tokens of a client are JWTs. */
export function usesJwtAccessTokens(
  { strategies }: Pick<Services['settings'], 'strategies'>,
  { access_token_strategy: own }: Pick<Client, 'access_token_strategy'>,
): boolean {
  return (own === '' ? strategies.accessToken : own) === 'jwt'
}

/** Makes an access token in the form that the client, or else the server, chose. */
export function mintAccessToken(
  services: MintServices,
  token: NewAccessToken,
): Promise<string> | string {
  return usesJwtAccessTokens(services.settings, token.client)
    ? signJwt(services, token)
    : services.sealer.seal('access_token', JSON.stringify(payloadOf(services, token)))
}

/** `[1, grant, chain, generation, iat, exp]` or `[2, token, client, subject, scope, audience, iat, exp, extra]`. */
function payloadOf({ random }: MintServices, token: NewAccessToken): readonly unknown[] {
  const { client, grantId, issuedAt, expiresAt } = token
  if (grantId !== undefined)
    return [1, grantId, token.chainId ?? '', token.generation, issuedAt, expiresAt]
  const subject = token.subject === client.client_id ? '' : token.subject
  return [
    2,
    random.hex(16),
    client.client_id,
    subject,
    token.scope,
    token.audience,
    issuedAt,
    expiresAt,
    token.extra,
  ]
}

async function signJwt(services: MintServices, token: NewAccessToken): Promise<string> {
  const { settings, keys } = services
  const claims = accessTokenClaims(
    {
      iss: settings.issuer,
      sub: token.subject,
      aud: token.audience,
      client_id: token.client.client_id,
      scope: token.scope,
      iat: epochSeconds(token.issuedAt),
      exp: epochSeconds(token.expiresAt),
      jti: jtiOf(services, token),
      authentication: authenticationOf(services, token),
      extra: token.extra,
    },
    { ...settings.oauth2, scopeClaim: settings.strategies.scopeClaim },
  )
  const key = await keys.signingKey(accessTokenKeySet)
  return key.sign(claims, 'JWT')
}

function authenticationOf(
  { settings }: MintServices,
  { authentication }: NewAccessToken,
): AuthenticationFacts | undefined {
  if (authentication === undefined || !settings.oauth2.accessTokenAuthenticationClaims)
    return undefined
  const { acr, amr, authTime } = authentication
  return { acr, amr, auth_time: epochSeconds(authTime) }
}

function jtiOf(
  { random }: MintServices,
  { grantId, chainId, generation, issuedAt }: NewAccessToken,
): string {
  if (chainId !== undefined) return jtiOfChain(chainId, issuedAt, generation)
  return grantId === undefined
    ? freeJti(issuedAt, random.hex(16))
    : jtiOfGrant(grantId, issuedAt, generation)
}

type OpenServices = Pick<Services, 'sealer' | 'keys' | 'settings'>

/**
 * Opens an access token of either form, told by its shape, whatever form the client has chosen today.
 * `undefined` when this server did not make it. Whether it is expired or revoked is not judged.
 */
export function openAccessToken(
  services: OpenServices,
  value: string,
): Promise<OpenedAccessToken | undefined> | OpenedAccessToken | undefined {
  if (value.split('.', 4).length === 3) return openJwt(services, value)
  const text = services.sealer.open('access_token', value)
  return text === undefined ? undefined : parsePayload(parseJson(text) as Payload)
}

type Payload =
  | readonly [kind: 1, grant: string, chain: string, generation: number, iat: number, exp: number]
  | readonly [
      kind: 2,
      token: string,
      client: string,
      subject: string,
      scope: readonly string[],
      audience: readonly string[],
      iat: number,
      exp: number,
      extra: JsonObject,
    ]

function parsePayload(payload: Payload): OpenedAccessToken {
  if (payload[0] === 1) {
    const [, grant, chain, generation, iat, exp] = payload
    const chainId = chain === '' ? undefined : asChainId(chain)
    return {
      kind: 'grant',
      binding: { kind: 'ids', grantId: asGrantId(grant), chainId, generation },
      issuedAt: instant(iat),
      expiresAt: instant(exp),
    }
  }
  const [, token, client, subject, scope, audience, iat, exp, extra] = payload
  return {
    kind: 'client',
    tokenId: asTokenId(token),
    clientId: asClientId(client),
    subject: subject === '' ? client : subject,
    scope,
    audience,
    issuedAt: instant(iat),
    expiresAt: instant(exp),
    extra,
  }
}

/** Claims that {@link signJwt} always sets. */
interface OwnClaims {
  readonly sub: string
  readonly aud: readonly string[]
  readonly client_id: string
  readonly iat: number
  readonly exp: number
  readonly jti: string
}

/** Whoever may read the private keys can sign anything with them, so a good signature says nothing about the claims. */
function hasOwnClaims(claims: JsonObject, issuer: string): claims is JsonObject & OwnClaims {
  return (
    claims['iss'] === issuer &&
    ['sub', 'client_id', 'jti'].every((name) => typeof claims[name] === 'string') &&
    ['iat', 'exp'].every((name) => Number.isSafeInteger(claims[name])) &&
    Array.isArray(claims['aud']) &&
    claims['aud'].every((audience) => typeof audience === 'string')
  )
}

async function openJwt(
  { keys, settings }: OpenServices,
  value: string,
): Promise<OpenedAccessToken | undefined> {
  const claims = await keys.verify(accessTokenKeySet, value)
  if (claims === undefined || !hasOwnClaims(claims, settings.issuer)) return undefined
  const jti = parseJti(claims.jti)
  if (jti === undefined) return undefined
  const times = {
    issuedAt: instant(claims.iat * 1000 + jti.milliseconds),
    expiresAt: instant(claims.exp * 1000),
  }
  if (jti.kind !== 'free') return { kind: 'grant', binding: jti, ...times }
  return {
    kind: 'client',
    tokenId: asTokenId(claims.jti),
    clientId: asClientId(claims.client_id),
    subject: claims.sub,
    scope: scopeOf(claims),
    audience: claims.aud,
    ...times,
    extra: extraOf(claims),
  }
}

function scopeOf({ scp, scope }: JsonObject): readonly string[] {
  if (Array.isArray(scp)) return scp.map(String)
  return parseScope(typeof scope === 'string' ? scope : '')
}
