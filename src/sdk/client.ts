/**
 * `firebrand/client`: the client of the API, without dependencies. It works with every server that speaks the Ory OAuth2 API.
 */
// Generated from the endpoints of the server by npm run fix. Do not edit.

export { createFirebrandClient } from './create-client.ts'
export type {
  ClientLocation,
  ClientOptions,
  ClientSettings,
  FirebrandClient,
  RawApi,
} from './create-client.ts'
export { FirebrandConnectionError, FirebrandError } from './errors.ts'
export type {
  ApiResponse,
  CallOptions,
  ClientCredentials,
  FormFields,
  Provided,
} from './operation.ts'
export type { Api, Items } from './operations.generated.ts'
export type {
  CreateVerifiableCredentialRequestBody,
  VerifiableCredentialProof,
  AcceptDeviceUserCodeRequest,
  AcceptOAuth2ConsentRequest,
  AcceptOAuth2ConsentRequestSession,
  AcceptOAuth2LoginRequest,
  CreateJsonWebKeySet,
  CredentialSupportedDraft00,
  DeviceAuthorization,
  ErrorOAuth2,
  HealthNotReadyStatus,
  HealthStatus,
  IntrospectOAuth2TokenRequest,
  IntrospectedOAuth2Token,
  JsonPatch,
  JsonPatchDocument,
  JsonWebKey,
  JsonWebKeySet,
  ListOAuth2Clients,
  OAuth2Client,
  OAuth2ClientTokenLifespans,
  OAuth2ConsentRequest,
  OAuth2ConsentRequestOpenIDConnectContext,
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
  TrustedOAuth2JwtGrantJsonWebKey,
  VerifiableCredentialPrimingResponse,
  VerifiableCredentialResponse,
  Version,
} from './models.generated.ts'
