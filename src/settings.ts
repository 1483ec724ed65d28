/** What a running server was told, resolved: defaults applied, durations in milliseconds, URLs absolute or undefined. */

import type { RatePolicy } from './protocol/rate-limit.ts'
import type { Milliseconds, Secret } from './brand.ts'
import type { AccessTokenStrategy, SubjectType } from './protocol/client.ts'
import type { UserCodeFormat } from './protocol/user-code.ts'

/** Values of the cookie attribute `SameSite` (RFC 6265bis §5.6.7). */
export type SameSite = 'Strict' | 'Lax' | 'None'

/** Algorithms for keys that the server generates for itself. */
export type SigningAlgorithm = 'RS256' | 'ES256' | 'EdDSA'

/** How the cookies of the server are named and scoped. */
export interface CookieSettings {
  /** Effective attribute after the rules of the reference: `None` only on an https issuer, otherwise `Lax`. */
  readonly sameSite: SameSite | undefined
  readonly sameSiteLegacyWorkaround: boolean
  readonly domain: string | undefined
  /** Effective attribute: always true outside dev mode. */
  readonly secure: boolean
  /** Base names, `_dev` already appended in dev mode. */
  readonly names: {
    readonly loginCsrf: string
    readonly consentCsrf: string
    readonly deviceCsrf: string
    readonly session: string
    /** Readable by scripts of the server's own `check_session_iframe`. */
    readonly browserState: string
  }
  readonly sessionPath: string
}

/** Which origins may read answers (Fetch standard §3.2). */
export interface CorsSettings {
  readonly enabled: boolean
  readonly allowedOrigins: readonly string[]
  /** Whether wildcards may admit origins of strangers: `https://*foo.com`, `https://*.com`. */
  readonly allowsUnboundedWildcards: boolean
  readonly allowedMethods: readonly string[]
  readonly allowedHeaders: readonly string[]
  readonly exposedHeaders: readonly string[]
  readonly allowCredentials: boolean
  readonly maxAgeSeconds: number
}

/** A web service that is asked for claims before tokens are issued. */
export interface HookSettings {
  readonly url: string
  /** What the hook knows the server by; `undefined` sends nothing. */
  readonly credential:
    | { readonly in: 'header' | 'cookie'; readonly name: string; readonly value: Secret }
    | undefined
}

/** What the server sends requests for. */
export type OutgoingPurpose =
  | 'jwks'
  | 'requestUri'
  | 'sectorIdentifier'
  | 'hook'
  | 'backChannelLogout'
  | 'identityProvider'

/** How long an outgoing request may take, redirects included, and how long its response may be. */
export interface OutgoingLimits {
  readonly timeout: Milliseconds
  readonly maxBytes: number
}

/** Everything an operator decides, in the units the code computes with: times are milliseconds. */
export interface Settings {
  readonly dev: boolean
  /** `iss`, byte for byte as configured. */
  readonly issuer: string
  /** Base of the public endpoints, without a trailing slash. */
  readonly publicUrl: string
  /** Pages of the login and consent app; `undefined` means the built-in page. */
  readonly urls: {
    readonly login: string | undefined
    readonly registration: string | undefined
    readonly consent: string | undefined
    readonly logout: string | undefined
    readonly error: string | undefined
    readonly postLogoutRedirect: string | undefined
    readonly deviceVerification: string | undefined
    readonly deviceSuccess: string | undefined
  }
  /** Ory Kratos admin API whose sessions end together with ours; `undefined` when there is none. */
  readonly identityProvider:
    | { readonly url: string; readonly headers: Readonly<Record<string, string>> }
    | undefined
  readonly ttl: {
    readonly loginConsentRequest: Milliseconds
    readonly authenticationSession: Milliseconds
    readonly accessToken: Milliseconds
    /** Negative: refresh tokens never expire. */
    readonly refreshToken: Milliseconds
    readonly idToken: Milliseconds
    readonly authCode: Milliseconds
    readonly deviceUserCode: Milliseconds
  }
  readonly strategies: {
    readonly scope: 'exact' | 'wildcard'
    readonly accessToken: AccessTokenStrategy
    readonly scopeClaim: 'list' | 'string' | 'both'
  }
  readonly deviceAuthorization: {
    /** 0: devices may ask as often as they like. */
    readonly pollingInterval: Milliseconds
    readonly userCode: UserCodeFormat
  }
  /** First seals or signs, all open or verify. */
  readonly secrets: {
    readonly system: readonly Secret[]
    readonly cookie: readonly Secret[]
    readonly pagination: readonly Secret[]
  }
  readonly cookies: CookieSettings
  readonly cors: { readonly public: CorsSettings; readonly admin: CorsSettings }
  readonly oauth2: {
    readonly exposeInternalErrors: boolean
    /** Whether access tokens and introspection tell of the authentication (RFC 9470 §6). */
    readonly accessTokenAuthenticationClaims: boolean
    /** Whether authorization responses carry `iss` (RFC 9207). */
    readonly authorizationResponseIss: boolean
    readonly encryptSessionAtRest: boolean
    readonly excludeNotBeforeClaim: boolean
    readonly allowedTopLevelClaims: readonly string[]
    readonly mirrorTopLevelClaims: boolean
    readonly preserveExtClaims: boolean
    readonly hasher: {
      readonly algorithm: 'pbkdf2' | 'bcrypt'
      readonly bcryptCost: number
      readonly pbkdf2Iterations: number
    }
    readonly pkceEnforced: boolean
    readonly pkceEnforcedForPublicClients: boolean
    readonly clientCredentialsDefaultGrantAllowedScope: boolean
    /** After clamping (5 minutes, or 180 days with a reuse count); 0 is strict rotation. */
    readonly rotationGracePeriod: Milliseconds
    /** 0 is unlimited inside the period. */
    readonly rotationGraceReuseCount: number
    /** What assertions must have to be exchanged for tokens (RFC 7523). */
    /** Whether `aud` of an assertion must be the issuer and nothing else. */
    readonly isAssertionAudienceIssuerOnly: boolean
    readonly jwtBearer: {
      readonly jtiOptional: boolean
      readonly iatOptional: boolean
      /** From `iat`, or else from now, to `exp`. */
      readonly maxTtl: Milliseconds
      /** Otherwise the token is for the audience of the assertion too. */
      readonly omitAssertionAudience: boolean
    }
    /** Asked by every grant type of the token endpoint. */
    readonly tokenHook: HookSettings | undefined
    /** Asked by refreshes, ahead of the other. */
    readonly refreshTokenHook: HookSettings | undefined
  }
  readonly subjectIdentifiers: {
    readonly supportedTypes: readonly SubjectType[]
    readonly pairwiseSalt: string
  }
  readonly dynamicClientRegistration: {
    readonly enabled: boolean
    readonly defaultScope: readonly string[]
  }
  readonly discovery: {
    readonly jwksUrl: string | undefined
    readonly tokenUrl: string | undefined
    readonly authUrl: string | undefined
    readonly deviceAuthorizationUrl: string | undefined
    readonly clientRegistrationUrl: string | undefined
    readonly userinfoUrl: string | undefined
    readonly supportedClaims: readonly string[]
    readonly supportedScope: readonly string[]
    readonly supportedAcr: readonly string[]
    /** Whether the document lists members beyond those of the Ory API. */
    readonly extensions: boolean
  }
  /** Whether clients may watch the session of the end user's browser (OpenID Connect Session Management 1.0). */
  readonly sessionManagement: boolean
  /** Whether there are keys that clients may encrypt request objects to. */
  readonly requestObjectEncryption: boolean
  readonly jwksBroadcastKeys: readonly string[]
  /** Algorithms of keys generated on first use. */
  readonly signing: { readonly idToken: SigningAlgorithm; readonly accessToken: SigningAlgorithm }
  readonly clientsHttp: {
    readonly disallowPrivateIpRanges: boolean
    readonly privateIpExceptionUrls: readonly string[]
  }
  /** Who may call the admin API. `open`: anyone who reaches it. `token`: bearers of one of the tokens. */
  readonly admin: {
    readonly access: 'open' | 'token'
    /** Lower-case hex SHA-256 of each accepted bearer token. */
    readonly tokenHashes: readonly string[]
  }
  /** Whether the built-in login and consent pages answer for unset `urls.*`. */
  readonly accountPages: boolean
  readonly limits: {
    readonly maxBodyBytes: number
    readonly maxFormParameters: number
    readonly maxJsonDepth: number
    /** Slow hashes that run at once, and that wait for them. */
    readonly passwordHashes: { readonly concurrent: number; readonly waiting: number }
    /** Of requests that the server sends. */
    readonly outgoing: Readonly<Record<OutgoingPurpose, OutgoingLimits>>
    /** Requests over time; 0 requests: no limit. */
    readonly rates: {
      readonly perClient: RatePolicy
      readonly perAddress: RatePolicy
      readonly registrations: RatePolicy
      readonly failedAuthentications: RatePolicy
      /** Whether addresses of private networks are counted too. */
      readonly privateAddresses: boolean
      /** Callers that each limit remembers. */
      readonly remembered: number
    }
  }
}
