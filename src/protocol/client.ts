/**
 * The OAuth 2.0 client and its metadata, under the names of the wire.
 *
 * @see RFC 7591 §2, OpenID Connect Dynamic Client Registration §2, OpenID Connect Front-/Back-Channel Logout
 */

import type { ClientId, Instant, Milliseconds } from '../brand.ts'
import type { Json, JsonObject } from './json.ts'

/** Grant × token kinds whose lifespan a client may set for itself. The `_lifespan` suffix is the wire's. */
export const lifespanNames = [
  'authorization_code_grant_access_token_lifespan',
  'authorization_code_grant_id_token_lifespan',
  'authorization_code_grant_refresh_token_lifespan',
  'client_credentials_grant_access_token_lifespan',
  'implicit_grant_access_token_lifespan',
  'implicit_grant_id_token_lifespan',
  'jwt_bearer_grant_access_token_lifespan',
  'refresh_token_grant_access_token_lifespan',
  'refresh_token_grant_id_token_lifespan',
  'refresh_token_grant_refresh_token_lifespan',
  'device_authorization_grant_access_token_lifespan',
  'device_authorization_grant_id_token_lifespan',
  'device_authorization_grant_refresh_token_lifespan',
] as const

/** One of {@link lifespanNames}. */
export type LifespanName = (typeof lifespanNames)[number]

/** Methods of client authentication that a client may register (RFC 7591 §2). */
export const tokenEndpointAuthMethods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const

/** One of {@link tokenEndpointAuthMethods}. */
export type TokenEndpointAuthMethod = (typeof tokenEndpointAuthMethods)[number]

/** Choices of algorithms that the Ory API does not know; stored and shown only when set (OpenID Connect Dynamic Client Registration §2). */
export const responseAlgorithmNames = [
  'id_token_signed_response_alg',
  'id_token_encrypted_response_alg',
  'id_token_encrypted_response_enc',
  'userinfo_encrypted_response_alg',
  'userinfo_encrypted_response_enc',
  'request_object_encryption_alg',
  'request_object_encryption_enc',
] as const

/** One of {@link responseAlgorithmNames}. */
export type ResponseAlgorithmName = (typeof responseAlgorithmNames)[number]

/** `public`: every client sees the same `sub`; `pairwise`: each sector sees its own (OpenID Connect Core §8). */
export type SubjectType = 'public' | 'pairwise'

/** Form of the access tokens: a sealed string, or a JWT signed with a published key (RFC 9068). */
export type AccessTokenStrategy = 'opaque' | 'jwt'

/** A registered client without its credentials. Absent strings are `''`, absent lists `[]`, as the wire shows them. */
export interface Client {
  readonly client_id: ClientId
  readonly client_name: string
  readonly redirect_uris: readonly string[]
  /** Empty behaves as `['authorization_code']`. */
  readonly grant_types: readonly string[]
  /** Empty behaves as `['code']`. */
  readonly response_types: readonly string[]
  /** Space-separated. */
  readonly scope: string
  readonly audience: readonly string[]
  readonly owner: string
  readonly policy_uri: string
  readonly tos_uri: string
  readonly client_uri: string
  readonly logo_uri: string
  readonly allowed_cors_origins: readonly string[]
  readonly contacts: readonly string[]
  readonly subject_type: SubjectType
  readonly sector_identifier_uri: string
  /** `undefined` when unset; `{keys: []}` counts as set. */
  readonly jwks: { readonly keys: readonly JsonObject[] } | undefined
  readonly jwks_uri: string
  readonly token_endpoint_auth_method: TokenEndpointAuthMethod
  readonly token_endpoint_auth_signing_alg: string
  readonly request_uris: readonly string[]
  readonly request_object_signing_alg: string
  readonly userinfo_signed_response_alg: string
  readonly frontchannel_logout_uri: string
  readonly frontchannel_logout_session_required: boolean
  readonly backchannel_logout_uri: string
  readonly backchannel_logout_session_required: boolean
  readonly post_logout_redirect_uris: readonly string[]
  /** Any JSON; integers beyond 2^53 survive as `JSON.rawJSON` members. */
  readonly metadata: Json
  /** `''` follows the server's default. */
  readonly access_token_strategy: AccessTokenStrategy | ''
  readonly skip_consent: boolean
  readonly skip_logout_consent: boolean | undefined
  /** Seconds; stands for an absent `max_age`. Like the next three, `undefined` unless it was set. */
  readonly default_max_age: number | undefined
  /** Every ID token has `auth_time`, so this changes nothing. */
  readonly require_auth_time: boolean | undefined
  /** Stands for an absent `acr_values`. */
  readonly default_acr_values: readonly string[] | undefined
  /** https; where others may begin a login at the client (OpenID Connect Core §4). */
  readonly initiate_login_uri: string | undefined
  readonly lifespans: Readonly<Partial<Record<LifespanName, Milliseconds>>>
  /** Only those that are set; `undefined` for a client that was stored before there were any. */
  readonly responseAlgorithms?: Readonly<Partial<Record<ResponseAlgorithmName, string>>> | undefined
  readonly created_at: Instant
  readonly updated_at: Instant
}

/** RFC 6749 §2.1: a public client cannot keep a secret and registers with the method `none`. */
export function isPublic(client: Client): boolean {
  return client.token_endpoint_auth_method === 'none'
}

/** Whether the client may use a grant type; an empty list stands for `authorization_code` (RFC 7591 §2). */
export function allowsGrantType(client: Client, grantType: string): boolean {
  const allowed = client.grant_types.length === 0 ? ['authorization_code'] : client.grant_types
  return allowed.some((candidate) => candidate.toLowerCase() === grantType.toLowerCase())
}
