// Generated from the endpoints of the server by npm run fix. Do not edit.

/** `CreateVerifiableCredentialRequestBody` of the API document. */
export interface CreateVerifiableCredentialRequestBody {
  /** `jwt_vc_json`. */
  readonly format?: string | undefined
  readonly types?: readonly string[] | undefined
  readonly proof?: VerifiableCredentialProof | undefined
}

/** `VerifiableCredentialProof` of the API document. */
export interface VerifiableCredentialProof {
  readonly proof_type?: string | undefined
  readonly jwt?: string | undefined
}

/** `acceptDeviceUserCodeRequest` of the API document. */
export interface AcceptDeviceUserCodeRequest {
  /** The code that the end user typed. */
  readonly user_code?: string | null | undefined
}

/** `acceptOAuth2ConsentRequest` of the API document. */
export interface AcceptOAuth2ConsentRequest {
  readonly grant_scope?: readonly string[] | null | undefined
  readonly grant_access_token_audience?: readonly string[] | null | undefined
  readonly session?: AcceptOAuth2ConsentRequestSession | null | undefined
  readonly remember?: boolean | null | undefined
  /** Seconds; 0 is for ever. */
  readonly remember_for?: number | null | undefined
  readonly handled_at?: string | undefined
  readonly context?: unknown
}

/** `acceptOAuth2ConsentRequestSession` of the API document. */
export interface AcceptOAuth2ConsentRequestSession {
  readonly access_token?: unknown
  readonly id_token?: unknown
}

/** `acceptOAuth2LoginRequest` of the API document. */
export interface AcceptOAuth2LoginRequest {
  /** Identifier of the end user who signed in. */
  readonly subject: string
  readonly remember?: boolean | null | undefined
  /** Seconds; 0 stands for ttl.authentication_session. */
  readonly remember_for?: number | null | undefined
  readonly extend_session_lifespan?: boolean | null | undefined
  readonly acr?: string | null | undefined
  readonly amr?: readonly string[] | null | undefined
  readonly identity_provider_session_id?: string | null | undefined
  readonly force_subject_identifier?: string | null | undefined
  readonly context?: unknown
}

/** `createJsonWebKeySet` of the API document. */
export interface CreateJsonWebKeySet {
  /** `RS256`, `PS256`, `ES256`, `EdDSA` or one of their longer forms. */
  readonly alg: string
  /** Names the key within its set; a UUID if empty. */
  readonly kid: string
  /** `sig` or `enc`; `sig` if empty. */
  readonly use: string
}

/** `credentialSupportedDraft00` of the API document. */
export interface CredentialSupportedDraft00 {
  readonly format?: string | undefined
  readonly types?: readonly string[] | undefined
  readonly cryptographic_binding_methods_supported?: readonly string[] | undefined
  readonly cryptographic_suites_supported?: readonly string[] | undefined
}

/** `deviceAuthorization` of the API document. */
export interface DeviceAuthorization {
  readonly device_code?: string | undefined
  readonly user_code?: string | undefined
  readonly verification_uri?: string | undefined
  readonly verification_uri_complete?: string | undefined
  /** Lifetime of both codes in seconds. */
  readonly expires_in?: number | undefined
  /** Seconds to wait between two polls. */
  readonly interval?: number | undefined
}

/** `errorOAuth2` of the API document. */
export interface ErrorOAuth2 {
  /** Code of the error. */
  readonly error?: string | undefined
  /** What went wrong and what to do about it. */
  readonly error_description?: string | undefined
  readonly error_debug?: string | undefined
  readonly error_hint?: string | undefined
  readonly status_code?: number | undefined
}

/** `healthNotReadyStatus` of the API document. */
export interface HealthNotReadyStatus {
  /** What is wrong, by the name of the check. */
  readonly errors?: Readonly<Record<string, string>> | undefined
}

/** `healthStatus` of the API document. */
export interface HealthStatus {
  /** Always "ok". */
  readonly status?: string | undefined
}

/** `introspectOAuth2TokenRequest` of the API document. */
export interface IntrospectOAuth2TokenRequest {
  /** An access token or refresh token. */
  readonly token: string
  /** Space-separated. The token counts as inactive unless it covers all of them. */
  readonly scope?: string | undefined
}

/** `introspectedOAuth2Token` of the API document. */
export interface IntrospectedOAuth2Token {
  /** Whether the token works. Without it no other member is sent. */
  readonly active: boolean
  /** Granted scopes, space-separated. */
  readonly scope?: string | undefined
  readonly client_id?: string | undefined
  /** Subject as the login app gave it. */
  readonly sub?: string | undefined
  /** Subject as the client sees it, if pairwise. */
  readonly obfuscated_subject?: string | undefined
  /** Seconds since the epoch; absent when the token never expires. */
  readonly exp?: number | undefined
  readonly iat?: number | undefined
  readonly nbf?: number | undefined
  readonly username?: string | undefined
  readonly aud?: readonly string[] | undefined
  readonly iss?: string | undefined
  /** `Bearer`. */
  readonly token_type?: string | undefined
  /** `access_token` or `refresh_token`. */
  readonly token_use?: string | undefined
  /** How the end user authenticated (RFC 9470 §6.2), if the server is told to. */
  readonly acr?: string | undefined
  /** When the end user authenticated, likewise. */
  readonly auth_time?: number | undefined
  /** Session data of the consent. */
  readonly ext?: Readonly<Record<string, unknown>> | undefined
}

/** A JSONPatch operation as defined by RFC 6902 */
export interface JsonPatch {
  /** `add`, `remove` or `replace`. */
  readonly op: string
  /** A JSON pointer (RFC 6901). */
  readonly path: string
  /** Needed by `add` and `replace`. */
  readonly value?: unknown
  /** Not used by the supported operations. */
  readonly from?: string | undefined
}

/** A JSONPatchDocument request */
export type JsonPatchDocument = readonly JsonPatch[]

/** JSON Web Key */
export interface JsonWebKey {
  /** Algorithm the key is meant for. */
  readonly alg: string
  /** Names the key within its set. */
  readonly kid: string
  /** `RSA`, `EC`, `OKP` or `oct`. */
  readonly kty: string
  /** `sig` or `enc`. */
  readonly use: string
  readonly crv?: string | undefined
  readonly d?: string | undefined
  readonly dp?: string | undefined
  readonly dq?: string | undefined
  readonly e?: string | undefined
  readonly k?: string | undefined
  readonly n?: string | undefined
  readonly p?: string | undefined
  readonly q?: string | undefined
  readonly qi?: string | undefined
  readonly x?: string | undefined
  readonly x5c?: readonly string[] | undefined
  readonly y?: string | undefined
}

/** JSON Web Key Set */
export interface JsonWebKeySet {
  readonly keys?: readonly JsonWebKey[] | undefined
}

/** `listOAuth2Clients` of the API document. */
export type ListOAuth2Clients = readonly OAuth2Client[]

/** OAuth 2.0 Client */
export interface OAuth2Client {
  /** Identifies the client. A UUID is generated when it is absent. */
  readonly client_id?: string | undefined
  /** Shown to the end user. */
  readonly client_name?: string | undefined
  /** Sent back only when it was just set; only a hash is stored. */
  readonly client_secret?: string | undefined
  /** Always 0: secrets do not expire. */
  readonly client_secret_expires_at?: number | undefined
  /** Where authorization responses may go; matched exactly. */
  readonly redirect_uris?: readonly string[] | undefined
  /** Empty behaves as `authorization_code` alone. */
  readonly grant_types?: readonly string[] | undefined
  /** Empty behaves as `code` alone. */
  readonly response_types?: readonly string[] | undefined
  /** What the client may ask for, space-separated. */
  readonly scope?: string | undefined
  /** Audiences that the client may ask for. */
  readonly audience?: readonly string[] | undefined
  /** Free text; clients can be listed by it. */
  readonly owner?: string | undefined
  /** Privacy policy, http or https. */
  readonly policy_uri?: string | undefined
  /** Origins that may call the OAuth 2.0 endpoints. */
  readonly allowed_cors_origins?: readonly string[] | undefined
  /** Terms of service, http or https. */
  readonly tos_uri?: string | undefined
  /** Home page, http or https. */
  readonly client_uri?: string | undefined
  /** Logo, http or https. */
  readonly logo_uri?: string | undefined
  /** People responsible for the client. */
  readonly contacts?: readonly string[] | undefined
  /** `public` or `pairwise`. */
  readonly subject_type?: string | undefined
  /** An https URL of a JSON array that lists all redirect URIs. It groups clients that see the same pairwise subjects. */
  readonly sector_identifier_uri?: string | undefined
  readonly jwks?: JsonWebKeySet | undefined
  /** Where the public keys of the client are found; excludes `jwks`. */
  readonly jwks_uri?: string | undefined
  /** `client_secret_basic`, `client_secret_post`, `private_key_jwt` or `none`. */
  readonly token_endpoint_auth_method?: string | undefined
  /** Algorithm of `private_key_jwt`. */
  readonly token_endpoint_auth_signing_alg?: string | undefined
  /** Allowed values of `request_uri`. */
  readonly request_uris?: readonly string[] | undefined
  /** Algorithm that request objects must have. */
  readonly request_object_signing_alg?: string | undefined
  /** `none`, or an algorithm to sign with. */
  readonly userinfo_signed_response_alg?: string | undefined
  /** Read-only. */
  readonly created_at?: string | undefined
  /** Read-only. */
  readonly updated_at?: string | undefined
  /** Loaded in an iframe when the end user logs out. */
  readonly frontchannel_logout_uri?: string | undefined
  /** Asks for `iss` and `sid`. */
  readonly frontchannel_logout_session_required?: boolean | undefined
  /** Where the end user may go after logout. */
  readonly post_logout_redirect_uris?: readonly string[] | undefined
  /** Gets a logout token when the end user logs out. */
  readonly backchannel_logout_uri?: string | undefined
  /** Asks for `sid`. */
  readonly backchannel_logout_session_required?: boolean | undefined
  /** Any JSON. */
  readonly metadata?: unknown
  /** Lets the client manage itself (RFC 7592). Sent back only when it was just issued. */
  readonly registration_access_token?: string | undefined
  /** Where the client manages itself (RFC 7592). */
  readonly registration_client_uri?: string | undefined
  /** `opaque` or `jwt`; empty follows the server. */
  readonly access_token_strategy?: string | undefined
  /** A hint for the consent app. */
  readonly skip_consent?: boolean | undefined
  /** A hint for the logout app. */
  readonly skip_logout_consent?: boolean | undefined
  /** Seconds; used when `max_age` is not sent. */
  readonly default_max_age?: number | undefined
  /** Every ID token has `auth_time` anyway. */
  readonly require_auth_time?: boolean | undefined
  /** Used when `acr_values` is not sent. */
  readonly default_acr_values?: readonly string[] | undefined
  /** Where others may begin a login at the client; https. */
  readonly initiate_login_uri?: string | undefined
  /** Algorithm that ID tokens are signed with. */
  readonly id_token_signed_response_alg?: string | undefined
  /** Encrypts ID tokens: `RSA-OAEP`, `RSA-OAEP-256`, `ECDH-ES`, `ECDH-ES+A128KW` or `ECDH-ES+A256KW`. */
  readonly id_token_encrypted_response_alg?: string | undefined
  /** How ID tokens are encrypted: `A128GCM`, `A256GCM`, `A128CBC-HS256` (default) or `A256CBC-HS512`. */
  readonly id_token_encrypted_response_enc?: string | undefined
  /** Encrypts userinfo: `RSA-OAEP`, `RSA-OAEP-256`, `ECDH-ES`, `ECDH-ES+A128KW` or `ECDH-ES+A256KW`. */
  readonly userinfo_encrypted_response_alg?: string | undefined
  /** How userinfo is encrypted: `A128GCM`, `A256GCM`, `A128CBC-HS256` (default) or `A256CBC-HS512`. */
  readonly userinfo_encrypted_response_enc?: string | undefined
  /** Request objects may be encrypted by: `RSA-OAEP`, `RSA-OAEP-256`, `ECDH-ES`, `ECDH-ES+A128KW` or `ECDH-ES+A256KW`. */
  readonly request_object_encryption_alg?: string | undefined
  /** How request objects are encrypted: `A128GCM`, `A256GCM`, `A128CBC-HS256` (default) or `A256CBC-HS512`. */
  readonly request_object_encryption_enc?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly authorization_code_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly authorization_code_grant_id_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly authorization_code_grant_refresh_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly client_credentials_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly implicit_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly implicit_grant_id_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly jwt_bearer_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly refresh_token_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly refresh_token_grant_id_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly refresh_token_grant_refresh_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly device_authorization_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly device_authorization_grant_id_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly device_authorization_grant_refresh_token_lifespan?: string | undefined
}

/** Lifespans of different token types */
export interface OAuth2ClientTokenLifespans {
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly authorization_code_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly authorization_code_grant_id_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly authorization_code_grant_refresh_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly client_credentials_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly implicit_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly implicit_grant_id_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly jwt_bearer_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly refresh_token_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly refresh_token_grant_id_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly refresh_token_grant_refresh_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly device_authorization_grant_access_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly device_authorization_grant_id_token_lifespan?: string | undefined
  /** A duration in milliseconds, seconds, minutes or hours. */
  readonly device_authorization_grant_refresh_token_lifespan?: string | undefined
}

/** `oAuth2ConsentRequest` of the API document. */
export interface OAuth2ConsentRequest {
  readonly challenge: string
  readonly consent_request_id: string
  readonly requested_scope: readonly string[]
  readonly requested_access_token_audience: readonly string[]
  readonly skip: boolean
  readonly subject: string
  readonly oidc_context: OAuth2ConsentRequestOpenIDConnectContext | null
  readonly client: OAuth2Client
  readonly request_url: string
  readonly login_challenge: string
  readonly login_session_id: string
  readonly acr: string
  readonly amr: readonly string[]
  readonly context: unknown
}

/** `oAuth2ConsentRequestOpenIDConnectContext` of the API document. */
export interface OAuth2ConsentRequestOpenIDConnectContext {
  readonly acr_values?: readonly string[] | undefined
  readonly display?: string | undefined
  readonly id_token_hint_claims?: Readonly<Record<string, unknown>> | undefined
  readonly login_hint?: string | undefined
  readonly ui_locales?: readonly string[] | undefined
}

/** `oAuth2ConsentSession` of the API document. */
export interface OAuth2ConsentSession {
  readonly consent_request_id: string
  readonly consent_request: OAuth2ConsentRequest
  readonly grant_scope: readonly string[]
  readonly grant_access_token_audience: readonly string[]
  readonly session: {
  readonly access_token: Readonly<Record<string, unknown>>
  readonly id_token: Readonly<Record<string, unknown>>
}
  readonly remember: boolean
  /** Seconds; 0 is for ever. */
  readonly remember_for: number
  readonly handled_at: string
  readonly context: unknown
}

/** `oAuth2ConsentSessions` of the API document. */
export type OAuth2ConsentSessions = readonly OAuth2ConsentSession[]

/** `oAuth2DeviceFlowRequest` of the API document. */
export interface OAuth2DeviceFlowRequest {
  readonly client_id: string
  readonly scope?: string | undefined
  readonly audience?: string | undefined
}

/** `oAuth2LoginRequest` of the API document. */
export interface OAuth2LoginRequest {
  readonly challenge: string
  readonly requested_scope: readonly string[]
  readonly requested_access_token_audience: readonly string[]
  readonly skip: boolean
  readonly subject: string
  readonly oidc_context: OAuth2ConsentRequestOpenIDConnectContext | null
  readonly client: OAuth2Client
  readonly request_url: string
  readonly session_id: string
}

/** `oAuth2LogoutRequest` of the API document. */
export interface OAuth2LogoutRequest {
  readonly challenge: string
  readonly client: OAuth2Client | null
  readonly expires_at: string
  readonly request_url: string
  readonly requested_at: string
  readonly rp_initiated: boolean
  readonly sid?: string | undefined
  readonly subject: string
}

/** `oAuth2RedirectTo` of the API document. */
export interface OAuth2RedirectTo {
  /** Where the browser must go next. */
  readonly redirect_to: string
}

/** `oAuth2TokenExchange` of the API document. */
export interface OAuth2TokenExchange {
  readonly access_token?: string | undefined
  /** Lifetime of the access token in seconds. */
  readonly expires_in?: number | undefined
  readonly id_token?: string | undefined
  readonly refresh_token?: string | undefined
  readonly scope?: string | undefined
  readonly token_type?: string | undefined
}

/** `oauth2TokenExchangeRequest` of the API document. */
export interface Oauth2TokenExchangeRequest {
  readonly grant_type: string
  readonly code?: string | undefined
  readonly refresh_token?: string | undefined
  readonly redirect_uri?: string | undefined
  readonly client_id?: string | undefined
}

/** `oidcConfiguration` of the API document. */
export interface OidcConfiguration {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly device_authorization_endpoint: string
  readonly userinfo_endpoint?: string | undefined
  readonly jwks_uri: string
  readonly revocation_endpoint?: string | undefined
  readonly end_session_endpoint?: string | undefined
  readonly registration_endpoint?: string | undefined
  readonly subject_types_supported: readonly string[]
  readonly response_types_supported: readonly string[]
  readonly response_modes_supported?: readonly string[] | undefined
  readonly grant_types_supported?: readonly string[] | undefined
  readonly claims_supported?: readonly string[] | undefined
  readonly scopes_supported?: readonly string[] | undefined
  readonly token_endpoint_auth_methods_supported?: readonly string[] | undefined
  readonly id_token_signing_alg_values_supported: readonly string[]
  readonly id_token_signed_response_alg: readonly string[]
  readonly userinfo_signed_response_alg: readonly string[]
  readonly userinfo_signing_alg_values_supported?: readonly string[] | undefined
  readonly request_object_signing_alg_values_supported?: readonly string[] | undefined
  readonly request_parameter_supported?: boolean | undefined
  readonly request_uri_parameter_supported?: boolean | undefined
  readonly require_request_uri_registration?: boolean | undefined
  readonly claims_parameter_supported?: boolean | undefined
  readonly backchannel_logout_supported?: boolean | undefined
  readonly backchannel_logout_session_supported?: boolean | undefined
  readonly frontchannel_logout_supported?: boolean | undefined
  readonly frontchannel_logout_session_supported?: boolean | undefined
  readonly code_challenge_methods_supported?: readonly string[] | undefined
  readonly credentials_endpoint_draft_00?: string | undefined
  readonly credentials_supported_draft_00?: readonly CredentialSupportedDraft00[] | undefined
  readonly acr_values_supported?: readonly string[] | undefined
  readonly claim_types_supported?: readonly string[] | undefined
  readonly display_values_supported?: readonly string[] | undefined
  readonly ui_locales_supported?: readonly string[] | undefined
  readonly authorization_response_iss_parameter_supported?: boolean | undefined
  readonly check_session_iframe?: string | undefined
  readonly id_token_encryption_alg_values_supported?: readonly string[] | undefined
  readonly id_token_encryption_enc_values_supported?: readonly string[] | undefined
  readonly userinfo_encryption_alg_values_supported?: readonly string[] | undefined
  readonly userinfo_encryption_enc_values_supported?: readonly string[] | undefined
  readonly request_object_encryption_alg_values_supported?: readonly string[] | undefined
  readonly request_object_encryption_enc_values_supported?: readonly string[] | undefined
}

/** `oidcUserInfo` of the API document. */
export interface OidcUserInfo {
  /** Subject as the client sees it. */
  readonly sub?: string | undefined
  readonly birthdate?: string | undefined
  readonly email?: string | undefined
  readonly email_verified?: boolean | undefined
  readonly family_name?: string | undefined
  readonly gender?: string | undefined
  readonly given_name?: string | undefined
  readonly locale?: string | undefined
  readonly middle_name?: string | undefined
  readonly name?: string | undefined
  readonly nickname?: string | undefined
  readonly phone_number?: string | undefined
  readonly phone_number_verified?: boolean | undefined
  readonly picture?: string | undefined
  readonly preferred_username?: string | undefined
  readonly profile?: string | undefined
  readonly updated_at?: number | undefined
  readonly website?: string | undefined
  readonly zoneinfo?: string | undefined
}

/** `rejectOAuth2Request` of the API document. */
export interface RejectOAuth2Request {
  readonly error?: string | null | undefined
  readonly error_description?: string | null | undefined
  readonly error_hint?: string | null | undefined
  readonly error_debug?: string | null | undefined
  readonly status_code?: number | null | undefined
}

/** `revokeOAuth2TokenRequest` of the API document. */
export interface RevokeOAuth2TokenRequest {
  readonly token: string
  readonly client_id?: string | undefined
  readonly client_secret?: string | undefined
}

/** `trustOAuth2JwtGrantIssuer` of the API document. */
export interface TrustOAuth2JwtGrantIssuer {
  /** The `iss` of its assertions. */
  readonly issuer: string
  /** The one `sub` that is trusted. */
  readonly subject?: string | undefined
  /** Trusts every `sub`; excludes `subject`. */
  readonly allow_any_subject?: boolean | undefined
  /** Scopes that an assertion may be exchanged for at most. */
  readonly scope: readonly string[]
  /** Assertions are refused from then on. */
  readonly expires_at: string
  readonly jwk: JsonWebKey
}

/** `trustedOAuth2JwtGrantIssuer` of the API document. */
export interface TrustedOAuth2JwtGrantIssuer {
  readonly id?: string | undefined
  /** The `iss` of its assertions. */
  readonly issuer?: string | undefined
  /** The one `sub` that is trusted. */
  readonly subject?: string | undefined
  /** Trusts every `sub`; excludes `subject`. */
  readonly allow_any_subject?: boolean | undefined
  /** Scopes that an assertion may be exchanged for at most. */
  readonly scope?: readonly string[] | undefined
  readonly public_key?: TrustedOAuth2JwtGrantJsonWebKey | undefined
  readonly created_at?: string | undefined
  readonly expires_at?: string | undefined
}

/** `trustedOAuth2JwtGrantIssuers` of the API document. */
export type TrustedOAuth2JwtGrantIssuers = readonly TrustedOAuth2JwtGrantIssuer[]

/** `trustedOAuth2JwtGrantJsonWebKey` of the API document. */
export interface TrustedOAuth2JwtGrantJsonWebKey {
  /** The issuer; `/admin/keys/{set}/{kid}` shows the key. */
  readonly set?: string | undefined
  readonly kid?: string | undefined
}

/** `verifiableCredentialPrimingResponse` of the API document. */
export interface VerifiableCredentialPrimingResponse {
  /** Code of the error. */
  readonly error?: string | undefined
  /** What went wrong and what to do about it. */
  readonly error_description?: string | undefined
  readonly error_debug?: string | undefined
  readonly error_hint?: string | undefined
  readonly status_code?: number | undefined
  readonly format?: string | undefined
  /** To be signed by the proof. */
  readonly c_nonce?: string | undefined
  /** Seconds. */
  readonly c_nonce_expires_in?: number | undefined
}

/** `verifiableCredentialResponse` of the API document. */
export interface VerifiableCredentialResponse {
  readonly format?: string | undefined
  readonly credential_draft_00?: string | undefined
}

/** `version` of the API document. */
export interface Version {
  /** Version of the server. */
  readonly version?: string | undefined
}
