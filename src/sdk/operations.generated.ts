// Generated from the endpoints of the server by npm run fix. Do not edit.

import type {
  AcceptDeviceUserCodeRequest,
  AcceptOAuth2ConsentRequest,
  AcceptOAuth2LoginRequest,
  CreateJsonWebKeySet,
  CreateVerifiableCredentialRequestBody,
  DeviceAuthorization,
  HealthStatus,
  IntrospectOAuth2TokenRequest,
  IntrospectedOAuth2Token,
  JsonPatchDocument,
  JsonWebKey,
  JsonWebKeySet,
  ListOAuth2Clients,
  OAuth2Client,
  OAuth2ClientTokenLifespans,
  OAuth2ConsentRequest,
  OAuth2ConsentSession,
  OAuth2ConsentSessions,
  OAuth2DeviceFlowRequest,
  OAuth2LoginRequest,
  OAuth2LogoutRequest,
  OAuth2RedirectTo,
  OAuth2TokenExchange,
  Oauth2TokenExchangeRequest,
  OidcConfiguration,
  OidcUserInfo,
  RejectOAuth2Request,
  RevokeOAuth2TokenRequest,
  TrustOAuth2JwtGrantIssuer,
  TrustedOAuth2JwtGrantIssuer,
  TrustedOAuth2JwtGrantIssuers,
  VerifiableCredentialResponse,
  Version,
} from './models.generated.ts'
import type { CallOptions, FormFields, OperationTable } from './operation.ts'

/** The operations of the API. Each answers with the body, and throws `FirebrandError` for a refusal. */
export interface Api {
  /** Accept OAuth 2.0 consent request: `PUT /admin/oauth2/auth/requests/consent/accept`. */
  acceptOAuth2ConsentRequest(parameters: { /** The challenge from the query of the consent URL. */ readonly consent_challenge: string; readonly body?: AcceptOAuth2ConsentRequest | undefined }, options?: CallOptions): Promise<OAuth2RedirectTo>

  /** Accept OAuth 2.0 login request: `PUT /admin/oauth2/auth/requests/login/accept`. */
  acceptOAuth2LoginRequest(parameters: { /** The challenge from the query of the login URL. */ readonly login_challenge: string; readonly body?: AcceptOAuth2LoginRequest | undefined }, options?: CallOptions): Promise<OAuth2RedirectTo>

  /** Accept OAuth 2.0 session logout request: `PUT /admin/oauth2/auth/requests/logout/accept`. */
  acceptOAuth2LogoutRequest(parameters: { /** The challenge from the query of the logout URL. */ readonly logout_challenge: string }, options?: CallOptions): Promise<OAuth2RedirectTo>

  /** Accepts a device grant user_code request: `PUT /admin/oauth2/auth/requests/device/accept`. */
  acceptUserCodeRequest(parameters: { /** The challenge from the query of the verification page. */ readonly device_challenge: string; readonly body?: AcceptDeviceUserCodeRequest | undefined }, options?: CallOptions): Promise<OAuth2RedirectTo>

  /** Create JSON Web Key: `POST /admin/keys/{set}`. */
  createJsonWebKeySet(parameters: { readonly set: string; readonly body: CreateJsonWebKeySet }, options?: CallOptions): Promise<JsonWebKeySet>

  /** Create OAuth 2.0 client: `POST /admin/clients`. */
  createOAuth2Client(parameters: { readonly body: OAuth2Client }, options?: CallOptions): Promise<OAuth2Client>

  /** Register OAuth2 Client using OpenID Dynamic Client Registration: `POST /oauth2/register`. */
  createOidcDynamicClient(parameters: { readonly body: OAuth2Client }, options?: CallOptions): Promise<OAuth2Client>

  /** Issue a verifiable credential: `POST /credentials`. */
  createVerifiableCredential(parameters?: { readonly body?: CreateVerifiableCredentialRequestBody | undefined }, options?: CallOptions): Promise<VerifiableCredentialResponse>

  /** Delete JSON Web Key: `DELETE /admin/keys/{set}/{kid}`. */
  deleteJsonWebKey(parameters: { readonly set: string; readonly kid: string }, options?: CallOptions): Promise<undefined>

  /** Delete JSON Web Key Set: `DELETE /admin/keys/{set}`. */
  deleteJsonWebKeySet(parameters: { readonly set: string }, options?: CallOptions): Promise<undefined>

  /** Delete OAuth 2.0 client: `DELETE /admin/clients/{id}`. */
  deleteOAuth2Client(parameters: { readonly id: string }, options?: CallOptions): Promise<undefined>

  /** Delete OAuth 2.0 access tokens from specific OAuth 2.0 client: `DELETE /admin/oauth2/tokens`. */
  deleteOAuth2Token(parameters: { /** Whose access tokens end. */ readonly client_id: string }, options?: CallOptions): Promise<undefined>

  /** Delete OAuth2 Client using OpenID Dynamic Client Registration: `DELETE /oauth2/register/{id}`. */
  deleteOidcDynamicClient(parameters: { readonly id: string }, options?: CallOptions): Promise<undefined>

  /** Delete rotated OAuth2 client secrets: `DELETE /admin/clients/{id}/secrets/rotate`. */
  deleteRotatedOAuth2ClientSecrets(parameters: { readonly id: string }, options?: CallOptions): Promise<OAuth2Client>

  /** Delete Trusted OAuth2 JWT Bearer Grant Type Issuer: `DELETE /admin/trust/grants/jwt-bearer/issuers/{id}`. */
  deleteTrustedOAuth2JwtGrantIssuer(parameters: { readonly id: string }, options?: CallOptions): Promise<undefined>

  /** Discover well-known JSON Web Keys: `GET /.well-known/jwks.json`. */
  discoverJsonWebKeys(options?: CallOptions): Promise<JsonWebKeySet>

  /** OpenID Connect Discovery: `GET /.well-known/openid-configuration`. */
  discoverOidcConfiguration(options?: CallOptions): Promise<OidcConfiguration>

  /** Get JSON Web Key: `GET /admin/keys/{set}/{kid}`. */
  getJsonWebKey(parameters: { readonly set: string; readonly kid: string }, options?: CallOptions): Promise<JsonWebKeySet>

  /** Retrieve a JSON Web Key Set: `GET /admin/keys/{set}`. */
  getJsonWebKeySet(parameters: { readonly set: string }, options?: CallOptions): Promise<JsonWebKeySet>

  /** Get an OAuth 2.0 client: `GET /admin/clients/{id}`. */
  getOAuth2Client(parameters: { readonly id: string }, options?: CallOptions): Promise<OAuth2Client>

  /** Get OAuth 2.0 consent request: `GET /admin/oauth2/auth/requests/consent`. */
  getOAuth2ConsentRequest(parameters: { /** The challenge from the query of the consent URL. */ readonly consent_challenge: string }, options?: CallOptions): Promise<OAuth2ConsentRequest>

  /** Get OAuth 2.0 login request: `GET /admin/oauth2/auth/requests/login`. */
  getOAuth2LoginRequest(parameters: { /** The challenge from the query of the login URL. */ readonly login_challenge: string }, options?: CallOptions): Promise<OAuth2LoginRequest>

  /** Get OAuth 2.0 session logout request: `GET /admin/oauth2/auth/requests/logout`. */
  getOAuth2LogoutRequest(parameters: { /** The challenge from the query of the logout URL. */ readonly logout_challenge: string }, options?: CallOptions): Promise<OAuth2LogoutRequest>

  /** Get OAuth2 Client using OpenID Dynamic Client Registration: `GET /oauth2/register/{id}`. */
  getOidcDynamicClient(parameters: { readonly id: string }, options?: CallOptions): Promise<OAuth2Client>

  /** OpenID Connect Userinfo: `GET /userinfo`. */
  getOidcUserInfo(options?: CallOptions): Promise<OidcUserInfo>

  /** Get Trusted OAuth2 JWT Bearer Grant Type Issuer: `GET /admin/trust/grants/jwt-bearer/issuers/{id}`. */
  getTrustedOAuth2JwtGrantIssuer(parameters: { readonly id: string }, options?: CallOptions): Promise<TrustedOAuth2JwtGrantIssuer>

  /** Return Running Software Version: `GET /version`. */
  getVersion(options?: CallOptions): Promise<Version>

  /** Introspect OAuth2 access and refresh tokens: `POST /admin/oauth2/introspect`. */
  introspectOAuth2Token(parameters: { readonly body: IntrospectOAuth2TokenRequest & FormFields }, options?: CallOptions): Promise<IntrospectedOAuth2Token>

  /** Check HTTP Server Status: `GET /health/alive`. */
  isAlive(options?: CallOptions): Promise<HealthStatus>

  /** Check HTTP Server and Database Status: `GET /health/ready`. */
  isReady(options?: CallOptions): Promise<HealthStatus>

  /** List OAuth 2.0 clients: `GET /admin/clients`. */
  listOAuth2Clients(parameters?: { /** How many items a page has at most. Larger values are cut. */ readonly page_size?: number | undefined; /** From the `Link` header of the page before. */ readonly page_token?: string | undefined; /** Lists clients with exactly this name. */ readonly client_name?: string | undefined; /** Lists clients with exactly this owner. */ readonly owner?: string | undefined }, options?: CallOptions): Promise<ListOAuth2Clients>

  /** List OAuth 2.0 consent sessions of a subject: `GET /admin/oauth2/auth/sessions/consent`. */
  listOAuth2ConsentSessions(parameters: { /** How many items a page has at most. Larger values are cut. */ readonly page_size?: number | undefined; /** From the `Link` header of the page before. */ readonly page_token?: string | undefined; /** The subject whose consents are listed. */ readonly subject: string; /** Lists consents of this login session only. */ readonly login_session_id?: string | undefined }, options?: CallOptions): Promise<OAuth2ConsentSessions>

  /** List Trusted OAuth2 JWT Bearer Grant Type Issuers: `GET /admin/trust/grants/jwt-bearer/issuers`. */
  listTrustedOAuth2JwtGrantIssuers(parameters?: { /** How many items a page has at most. Larger values are cut. */ readonly page_size?: number | undefined; /** From the `Link` header of the page before. */ readonly page_token?: string | undefined; /** Lists trust in exactly this issuer. */ readonly issuer?: string | undefined }, options?: CallOptions): Promise<TrustedOAuth2JwtGrantIssuers>

  /** OAuth 2.0 authorize endpoint: `GET /oauth2/auth`. */
  oAuth2Authorize(options?: CallOptions): Promise<undefined>

  /** The OAuth 2.0 device authorize endpoint: `POST /oauth2/device/auth`. */
  oAuth2DeviceFlow(parameters: { readonly body: OAuth2DeviceFlowRequest & FormFields }, options?: CallOptions): Promise<DeviceAuthorization>

  /** The OAuth 2.0 token endpoint: `POST /oauth2/token`. */
  oauth2TokenExchange(parameters: { readonly body: Oauth2TokenExchangeRequest & FormFields }, options?: CallOptions): Promise<OAuth2TokenExchange>

  /** Patch OAuth 2.0 client: `PATCH /admin/clients/{id}`. */
  patchOAuth2Client(parameters: { readonly id: string; readonly body: JsonPatchDocument }, options?: CallOptions): Promise<OAuth2Client>

  /** OAuth 2.0 device verification endpoint: `GET /oauth2/device/verify`. */
  performOAuth2DeviceVerificationFlow(options?: CallOptions): Promise<undefined>

  /** Reject OAuth 2.0 consent request: `PUT /admin/oauth2/auth/requests/consent/reject`. */
  rejectOAuth2ConsentRequest(parameters: { /** The challenge from the query of the consent URL. */ readonly consent_challenge: string; readonly body?: RejectOAuth2Request | undefined }, options?: CallOptions): Promise<OAuth2RedirectTo>

  /** Reject OAuth 2.0 login request: `PUT /admin/oauth2/auth/requests/login/reject`. */
  rejectOAuth2LoginRequest(parameters: { /** The challenge from the query of the login URL. */ readonly login_challenge: string; readonly body?: RejectOAuth2Request | undefined }, options?: CallOptions): Promise<OAuth2RedirectTo>

  /** Reject OAuth 2.0 session logout request: `PUT /admin/oauth2/auth/requests/logout/reject`. */
  rejectOAuth2LogoutRequest(parameters: { /** The challenge from the query of the logout URL. */ readonly logout_challenge: string }, options?: CallOptions): Promise<undefined>

  /** Revoke OAuth 2.0 consent sessions of a subject: `DELETE /admin/oauth2/auth/sessions/consent`. */
  revokeOAuth2ConsentSessions(parameters?: { readonly subject?: string | undefined; /** Revokes the consents of the subject for this client. */ readonly client?: string | undefined; /** Revokes this consent with its tokens. */ readonly consent_request_id?: string | undefined; /** Revokes the consents of the subject for all clients. */ readonly all?: boolean | undefined }, options?: CallOptions): Promise<undefined>

  /** Revoke OAuth 2.0 login sessions by subject or session id: `DELETE /admin/oauth2/auth/sessions/login`. */
  revokeOAuth2LoginSessions(parameters?: { /** Ends every session of the subject. */ readonly subject?: string | undefined; /** Ends this session and tells its clients by back-channel logout. */ readonly sid?: string | undefined }, options?: CallOptions): Promise<undefined>

  /** Revoke OAuth 2.0 access or refresh token: `POST /oauth2/revoke`. */
  revokeOAuth2Token(parameters: { readonly body: RevokeOAuth2TokenRequest & FormFields }, options?: CallOptions): Promise<undefined>

  /** OpenID Connect front- and back-channel enabled logout: `GET /oauth2/sessions/logout`. */
  revokeOidcSession(options?: CallOptions): Promise<undefined>

  /** Rotate OAuth2 client secret: `POST /admin/clients/{id}/secrets/rotate`. */
  rotateOAuth2ClientSecret(parameters: { readonly id: string }, options?: CallOptions): Promise<OAuth2Client>

  /** Set JSON Web Key: `PUT /admin/keys/{set}/{kid}`. */
  setJsonWebKey(parameters: { readonly set: string; readonly kid: string; readonly body?: JsonWebKey | undefined }, options?: CallOptions): Promise<JsonWebKey>

  /** Update a JSON Web Key Set: `PUT /admin/keys/{set}`. */
  setJsonWebKeySet(parameters: { readonly set: string; readonly body?: JsonWebKeySet | undefined }, options?: CallOptions): Promise<JsonWebKeySet>

  /** Set OAuth 2.0 client: `PUT /admin/clients/{id}`. */
  setOAuth2Client(parameters: { readonly id: string; readonly body: OAuth2Client }, options?: CallOptions): Promise<OAuth2Client>

  /** Set OAuth2 client token lifespans: `PUT /admin/clients/{id}/lifespans`. */
  setOAuth2ClientLifespans(parameters: { readonly id: string; readonly body?: OAuth2ClientTokenLifespans | undefined }, options?: CallOptions): Promise<OAuth2Client>

  /** Set OAuth2 Client using OpenID Dynamic Client Registration: `PUT /oauth2/register/{id}`. */
  setOidcDynamicClient(parameters: { readonly id: string; readonly body: OAuth2Client }, options?: CallOptions): Promise<OAuth2Client>

  /** Trust OAuth2 JWT Bearer Grant Type Issuer: `POST /admin/trust/grants/jwt-bearer/issuers`. */
  trustOAuth2JwtGrantIssuer(parameters?: { readonly body?: TrustOAuth2JwtGrantIssuer | undefined }, options?: CallOptions): Promise<TrustedOAuth2JwtGrantIssuer>
}

/** The lists of the API, item by item over all pages. */
export interface Items {
  /** List OAuth 2.0 clients, page after page. */
  listOAuth2Clients(parameters?: { /** How many items a page has at most. Larger values are cut. */ readonly page_size?: number | undefined; /** From the `Link` header of the page before. */ readonly page_token?: string | undefined; /** Lists clients with exactly this name. */ readonly client_name?: string | undefined; /** Lists clients with exactly this owner. */ readonly owner?: string | undefined }, options?: CallOptions): AsyncIterable<OAuth2Client>

  /** List OAuth 2.0 consent sessions of a subject, page after page. */
  listOAuth2ConsentSessions(parameters: { /** How many items a page has at most. Larger values are cut. */ readonly page_size?: number | undefined; /** From the `Link` header of the page before. */ readonly page_token?: string | undefined; /** The subject whose consents are listed. */ readonly subject: string; /** Lists consents of this login session only. */ readonly login_session_id?: string | undefined }, options?: CallOptions): AsyncIterable<OAuth2ConsentSession>

  /** List Trusted OAuth2 JWT Bearer Grant Type Issuers, page after page. */
  listTrustedOAuth2JwtGrantIssuers(parameters?: { /** How many items a page has at most. Larger values are cut. */ readonly page_size?: number | undefined; /** From the `Link` header of the page before. */ readonly page_token?: string | undefined; /** Lists trust in exactly this issuer. */ readonly issuer?: string | undefined }, options?: CallOptions): AsyncIterable<TrustedOAuth2JwtGrantIssuer>
}

/** How each operation travels. */
export const operations: OperationTable<keyof Api> = {
  acceptOAuth2ConsentRequest: {"method":"PUT","path":"/admin/oauth2/auth/requests/consent/accept","listener":"admin","credentials":"bearer","takesParameters":true,"query":["consent_challenge"],"contentType":"application/json","answers":[200],"repeatable":true},
  acceptOAuth2LoginRequest: {"method":"PUT","path":"/admin/oauth2/auth/requests/login/accept","listener":"admin","credentials":"bearer","takesParameters":true,"query":["login_challenge"],"contentType":"application/json","answers":[200],"repeatable":true},
  acceptOAuth2LogoutRequest: {"method":"PUT","path":"/admin/oauth2/auth/requests/logout/accept","listener":"admin","credentials":"bearer","takesParameters":true,"query":["logout_challenge"],"answers":[200],"repeatable":true},
  acceptUserCodeRequest: {"method":"PUT","path":"/admin/oauth2/auth/requests/device/accept","listener":"admin","credentials":"bearer","takesParameters":true,"query":["device_challenge"],"contentType":"application/json","answers":[200],"repeatable":true},
  createJsonWebKeySet: {"method":"POST","path":"/admin/keys/{set}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"contentType":"application/json","answers":[201],"repeatable":false},
  createOAuth2Client: {"method":"POST","path":"/admin/clients","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"contentType":"application/json","answers":[201],"repeatable":false},
  createOidcDynamicClient: {"method":"POST","path":"/oauth2/register","listener":"public","credentials":"none","takesParameters":true,"query":[],"contentType":"application/json","answers":[201],"repeatable":false},
  createVerifiableCredential: {"method":"POST","path":"/credentials","listener":"public","credentials":"bearer","takesParameters":true,"query":[],"contentType":"application/json","answers":[200],"repeatable":false},
  deleteJsonWebKey: {"method":"DELETE","path":"/admin/keys/{set}/{kid}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"answers":[204],"repeatable":true},
  deleteJsonWebKeySet: {"method":"DELETE","path":"/admin/keys/{set}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"answers":[204],"repeatable":true},
  deleteOAuth2Client: {"method":"DELETE","path":"/admin/clients/{id}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"answers":[204],"repeatable":true},
  deleteOAuth2Token: {"method":"DELETE","path":"/admin/oauth2/tokens","listener":"admin","credentials":"bearer","takesParameters":true,"query":["client_id"],"answers":[204],"repeatable":true},
  deleteOidcDynamicClient: {"method":"DELETE","path":"/oauth2/register/{id}","listener":"public","credentials":"bearer","takesParameters":true,"query":[],"answers":[204],"repeatable":true},
  deleteRotatedOAuth2ClientSecrets: {"method":"DELETE","path":"/admin/clients/{id}/secrets/rotate","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"answers":[200],"repeatable":true},
  deleteTrustedOAuth2JwtGrantIssuer: {"method":"DELETE","path":"/admin/trust/grants/jwt-bearer/issuers/{id}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"answers":[204],"repeatable":true},
  discoverJsonWebKeys: {"method":"GET","path":"/.well-known/jwks.json","listener":"public","credentials":"none","takesParameters":false,"query":[],"answers":[200],"repeatable":true},
  discoverOidcConfiguration: {"method":"GET","path":"/.well-known/openid-configuration","listener":"public","credentials":"none","takesParameters":false,"query":[],"answers":[200],"repeatable":true},
  getJsonWebKey: {"method":"GET","path":"/admin/keys/{set}/{kid}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"answers":[200],"repeatable":true},
  getJsonWebKeySet: {"method":"GET","path":"/admin/keys/{set}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"answers":[200],"repeatable":true},
  getOAuth2Client: {"method":"GET","path":"/admin/clients/{id}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"answers":[200],"repeatable":true},
  getOAuth2ConsentRequest: {"method":"GET","path":"/admin/oauth2/auth/requests/consent","listener":"admin","credentials":"bearer","takesParameters":true,"query":["consent_challenge"],"answers":[200],"repeatable":true},
  getOAuth2LoginRequest: {"method":"GET","path":"/admin/oauth2/auth/requests/login","listener":"admin","credentials":"bearer","takesParameters":true,"query":["login_challenge"],"answers":[200],"repeatable":true},
  getOAuth2LogoutRequest: {"method":"GET","path":"/admin/oauth2/auth/requests/logout","listener":"admin","credentials":"bearer","takesParameters":true,"query":["logout_challenge"],"answers":[200],"repeatable":true},
  getOidcDynamicClient: {"method":"GET","path":"/oauth2/register/{id}","listener":"public","credentials":"bearer","takesParameters":true,"query":[],"answers":[200],"repeatable":true},
  getOidcUserInfo: {"method":"GET","path":"/userinfo","listener":"public","credentials":"bearer","takesParameters":false,"query":[],"answers":[200],"repeatable":true},
  getTrustedOAuth2JwtGrantIssuer: {"method":"GET","path":"/admin/trust/grants/jwt-bearer/issuers/{id}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"answers":[200],"repeatable":true},
  getVersion: {"method":"GET","path":"/version","listener":"admin","credentials":"bearer","takesParameters":false,"query":[],"answers":[200],"repeatable":true},
  introspectOAuth2Token: {"method":"POST","path":"/admin/oauth2/introspect","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"contentType":"application/x-www-form-urlencoded","answers":[200],"repeatable":true},
  isAlive: {"method":"GET","path":"/health/alive","listener":"public","credentials":"none","takesParameters":false,"query":[],"answers":[200],"repeatable":false},
  isReady: {"method":"GET","path":"/health/ready","listener":"public","credentials":"none","takesParameters":false,"query":[],"answers":[200],"repeatable":false},
  listOAuth2Clients: {"method":"GET","path":"/admin/clients","listener":"admin","credentials":"bearer","takesParameters":true,"query":["page_size","page_token","client_name","owner"],"answers":[200],"repeatable":true},
  listOAuth2ConsentSessions: {"method":"GET","path":"/admin/oauth2/auth/sessions/consent","listener":"admin","credentials":"bearer","takesParameters":true,"query":["page_size","page_token","subject","login_session_id"],"answers":[200],"repeatable":true},
  listTrustedOAuth2JwtGrantIssuers: {"method":"GET","path":"/admin/trust/grants/jwt-bearer/issuers","listener":"admin","credentials":"bearer","takesParameters":true,"query":["page_size","page_token","issuer"],"answers":[200],"repeatable":true},
  oAuth2Authorize: {"method":"GET","path":"/oauth2/auth","listener":"public","credentials":"none","takesParameters":false,"query":[],"answers":[302,303],"repeatable":true},
  oAuth2DeviceFlow: {"method":"POST","path":"/oauth2/device/auth","listener":"public","credentials":"basic","takesParameters":true,"query":[],"contentType":"application/x-www-form-urlencoded","answers":[200],"repeatable":false},
  oauth2TokenExchange: {"method":"POST","path":"/oauth2/token","listener":"public","credentials":"basic","takesParameters":true,"query":[],"contentType":"application/x-www-form-urlencoded","answers":[200],"repeatable":false},
  patchOAuth2Client: {"method":"PATCH","path":"/admin/clients/{id}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"contentType":"application/json","answers":[200],"repeatable":false},
  performOAuth2DeviceVerificationFlow: {"method":"GET","path":"/oauth2/device/verify","listener":"public","credentials":"none","takesParameters":false,"query":[],"answers":[302],"repeatable":true},
  rejectOAuth2ConsentRequest: {"method":"PUT","path":"/admin/oauth2/auth/requests/consent/reject","listener":"admin","credentials":"bearer","takesParameters":true,"query":["consent_challenge"],"contentType":"application/json","answers":[200],"repeatable":true},
  rejectOAuth2LoginRequest: {"method":"PUT","path":"/admin/oauth2/auth/requests/login/reject","listener":"admin","credentials":"bearer","takesParameters":true,"query":["login_challenge"],"contentType":"application/json","answers":[200],"repeatable":true},
  rejectOAuth2LogoutRequest: {"method":"PUT","path":"/admin/oauth2/auth/requests/logout/reject","listener":"admin","credentials":"bearer","takesParameters":true,"query":["logout_challenge"],"answers":[204],"repeatable":true},
  revokeOAuth2ConsentSessions: {"method":"DELETE","path":"/admin/oauth2/auth/sessions/consent","listener":"admin","credentials":"bearer","takesParameters":true,"query":["subject","client","consent_request_id","all"],"answers":[204],"repeatable":true},
  revokeOAuth2LoginSessions: {"method":"DELETE","path":"/admin/oauth2/auth/sessions/login","listener":"admin","credentials":"bearer","takesParameters":true,"query":["subject","sid"],"answers":[204],"repeatable":true},
  revokeOAuth2Token: {"method":"POST","path":"/oauth2/revoke","listener":"public","credentials":"basic","takesParameters":true,"query":[],"contentType":"application/x-www-form-urlencoded","answers":[200],"repeatable":true},
  revokeOidcSession: {"method":"GET","path":"/oauth2/sessions/logout","listener":"public","credentials":"none","takesParameters":false,"query":[],"answers":[200,302],"repeatable":true},
  rotateOAuth2ClientSecret: {"method":"POST","path":"/admin/clients/{id}/secrets/rotate","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"answers":[200],"repeatable":false},
  setJsonWebKey: {"method":"PUT","path":"/admin/keys/{set}/{kid}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"contentType":"application/json","answers":[200],"repeatable":true},
  setJsonWebKeySet: {"method":"PUT","path":"/admin/keys/{set}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"contentType":"application/json","answers":[200],"repeatable":true},
  setOAuth2Client: {"method":"PUT","path":"/admin/clients/{id}","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"contentType":"application/json","answers":[200],"repeatable":true},
  setOAuth2ClientLifespans: {"method":"PUT","path":"/admin/clients/{id}/lifespans","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"contentType":"application/json","answers":[200],"repeatable":true},
  setOidcDynamicClient: {"method":"PUT","path":"/oauth2/register/{id}","listener":"public","credentials":"bearer","takesParameters":true,"query":[],"contentType":"application/json","answers":[200],"repeatable":false},
  trustOAuth2JwtGrantIssuer: {"method":"POST","path":"/admin/trust/grants/jwt-bearer/issuers","listener":"admin","credentials":"bearer","takesParameters":true,"query":[],"contentType":"application/json","answers":[201],"repeatable":false},
}
