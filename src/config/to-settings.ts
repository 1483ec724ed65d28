/** From the configuration as it is written to the settings that a server runs on. */

import { createHash } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { milliseconds, Secret, type Milliseconds } from '../brand.ts'
import { charactersOf, userCodePresets, type UserCodeFormat } from '../protocol/user-code.ts'
import type { CookieSettings, CorsSettings, HookSettings, Settings } from '../settings.ts'
import type { Config } from './schema.ts'

const day = 86_400_000
const longestGrace = milliseconds(180 * day)
const longestUnlimitedGrace = milliseconds(300_000)

/**
 * Resolves a checked configuration. Pure.
 * Longer than 180 days is cut where the contract does so; URLs become absolute; secrets get their fallbacks.
 */
export function toSettings(config: Config): Settings {
  const issuer = issuerOf(config)
  const publicUrl = withoutTrailingSlash(given(config.urls.self.public) ?? issuer)
  const { dev, oauth2, ttl, webfinger } = config
  return {
    dev,
    issuer,
    publicUrl,
    urls: pages(config, publicUrl),
    identityProvider: identityProviderOf(config),
    ttl: {
      loginConsentRequest: ttl.login_consent_request,
      authenticationSession: atMost(ttl.authentication_session, longestGrace),
      accessToken: ttl.access_token,
      refreshToken: ttl.refresh_token,
      idToken: ttl.id_token,
      authCode: ttl.auth_code,
      deviceUserCode: ttl.device_user_code,
    },
    strategies: {
      scope: config.strategies.scope,
      accessToken: config.strategies.access_token,
      scopeClaim: config.strategies.jwt.scope_claim,
    },
    deviceAuthorization: {
      pollingInterval: oauth2.device_authorization.token_polling_interval,
      userCode: userCodeFormat(oauth2.device_authorization.user_code),
    },
    secrets: secretsOf(config),
    cookies: cookies(config, issuer),
    cors: { public: cors(config, 'public'), admin: cors(config, 'admin') },
    oauth2: {
      exposeInternalErrors: oauth2.expose_internal_errors,
      accessTokenAuthenticationClaims: oauth2.access_token_authentication_claims,
      authorizationResponseIss: oauth2.authorization_response_iss_parameter,
      encryptSessionAtRest: oauth2.session.encrypt_at_rest,
      excludeNotBeforeClaim: oauth2.exclude_not_before_claim,
      allowedTopLevelClaims: oauth2.allowed_top_level_claims,
      mirrorTopLevelClaims: oauth2.mirror_top_level_claims,
      preserveExtClaims: oauth2.preserve_ext_claims,
      hasher: {
        algorithm: oauth2.hashers.algorithm,
        bcryptCost: oauth2.hashers.bcrypt.cost,
        pbkdf2Iterations: oauth2.hashers.pbkdf2.iterations,
      },
      pkceEnforced: oauth2.pkce.enforced,
      pkceEnforcedForPublicClients: oauth2.pkce.enforced_for_public_clients,
      clientCredentialsDefaultGrantAllowedScope:
        oauth2.client_credentials.default_grant_allowed_scope,
      rotationGracePeriod: gracePeriod(config),
      rotationGraceReuseCount: oauth2.grant.refresh_token.rotation_grace_reuse_count,
      isAssertionAudienceIssuerOnly: oauth2.assertion_audience === 'issuer',
      jwtBearer: {
        jtiOptional: oauth2.grant.jwt.jti_optional,
        iatOptional: oauth2.grant.jwt.iat_optional,
        maxTtl: oauth2.grant.jwt.max_ttl,
        omitAssertionAudience: oauth2.grant.jwt.omit_assertion_audience,
      },
      tokenHook: hookOf(oauth2.token_hook),
      refreshTokenHook: hookOf(oauth2.refresh_token_hook),
    },
    subjectIdentifiers: subjectIdentifiers(config),
    dynamicClientRegistration: {
      enabled: config.oidc.dynamic_client_registration.enabled,
      defaultScope: config.oidc.dynamic_client_registration.default_scope,
    },
    discovery: discovery(config, publicUrl),
    sessionManagement: config.oidc.session_management.enabled,
    requestObjectEncryption: oauth2.request_object_encryption,
    jwksBroadcastKeys: webfinger.jwks.broadcast_keys,
    signing: {
      idToken: config.signing.id_token.algorithm,
      accessToken: config.signing.access_token.algorithm,
    },
    clientsHttp: {
      disallowPrivateIpRanges: config.clients.http.disallow_private_ip_ranges,
      privateIpExceptionUrls: config.clients.http.private_ip_exception_urls,
    },
    admin: {
      access: config.admin.access ?? defaultAdminAccess(config),
      tokenHashes: config.admin.tokens.map(tokenHash),
    },
    accountPages: config.account.enabled,
    limits: limitsOf(config),
  }
}

function limitsOf({ limits }: Config): Settings['limits'] {
  const { rates } = limits
  const policy = ({ requests, per }: Config['limits']['rates']['per_client']) => ({
    requests,
    perMilliseconds: per,
  })
  const outgoing = ({ timeout, max_bytes }: Config['limits']['outgoing']['jwks']) => ({
    timeout,
    maxBytes: max_bytes,
  })
  return {
    maxBodyBytes: limits.max_body_bytes,
    maxFormParameters: limits.max_form_parameters,
    maxJsonDepth: limits.max_json_depth,
    passwordHashes: limits.password_hashes,
    outgoing: {
      jwks: outgoing(limits.outgoing.jwks),
      requestUri: outgoing(limits.outgoing.request_uri),
      sectorIdentifier: outgoing(limits.outgoing.sector_identifier),
      hook: outgoing(limits.outgoing.hook),
      backChannelLogout: outgoing(limits.outgoing.back_channel_logout),
      identityProvider: outgoing(limits.outgoing.identity_provider),
    },
    rates: {
      perClient: policy(rates.per_client),
      perAddress: policy(rates.per_address),
      registrations: policy(rates.registrations),
      failedAuthentications: policy(rates.failed_authentications),
      privateAddresses: rates.private_addresses,
      remembered: rates.remembered,
    },
  }
}

/** The issuer as configured, or made from the public listener (operations: a fallback for first steps). */
function identityProviderOf({ urls }: Config): Settings['identityProvider'] {
  const { url, headers = {} } = urls.identity_provider ?? {}
  return url === undefined ? undefined : { url: withoutTrailingSlash(url), headers }
}

function issuerOf({ dev, serve, urls }: Config): string {
  if (urls.self.issuer !== undefined) return urls.self.issuer
  const host = serve.public.host.startsWith('unix:') ? 'localhost' : serve.public.host
  const authority = `${host.includes(':') ? `[${host}]` : host}:${serve.public.port}`
  return dev ? `http://${authority}` : `https://${authority}/`
}

function pages({ urls }: Config, publicUrl: string): Settings['urls'] {
  const page = (value: string | undefined) => absolute(value, publicUrl)
  return {
    login: page(urls.login),
    registration: page(urls.registration) ?? page(urls.login),
    consent: page(urls.consent),
    logout: page(urls.logout),
    error: page(urls.error),
    postLogoutRedirect: page(urls.post_logout_redirect),
    deviceVerification: page(urls.device.verification),
    deviceSuccess: page(urls.device.success),
  }
}

function discovery({ webfinger }: Config, publicUrl: string): Settings['discovery'] {
  const url = (value: string | undefined) => absolute(value, publicUrl)
  const { oidc_discovery: advertised } = webfinger
  return {
    jwksUrl: url(advertised.jwks_url),
    tokenUrl: url(advertised.token_url),
    authUrl: url(advertised.auth_url),
    deviceAuthorizationUrl: url(advertised.device_authorization_url),
    clientRegistrationUrl: url(advertised.client_registration_url),
    userinfoUrl: url(advertised.userinfo_url),
    supportedClaims: advertised.supported_claims,
    supportedScope: advertised.supported_scope,
    supportedAcr: advertised.supported_acr_values,
    extensions: advertised.extensions,
  }
}

/** A path means one below the public origin; an absolute URL stays as it is, but an empty path becomes `/`. */
function absolute(value: string | undefined, publicUrl: string): string | undefined {
  if (given(value) === undefined || value === undefined) return undefined
  if (!URL.canParse(value)) return new URL(value, `${publicUrl}/`).href
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#]+)(?=[?#]|$)/i, '$1/')
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, '')
}

function atMost(value: Milliseconds, limit: Milliseconds): Milliseconds {
  return value > limit ? limit : value
}

/** Without a reuse count a used token may come back for five minutes at most, else for 180 days. */
function gracePeriod({ oauth2 }: Config): Milliseconds {
  const { rotation_grace_period: period, rotation_grace_reuse_count: count } =
    oauth2.grant.refresh_token
  return atMost(period, count > 0 ? longestGrace : longestUnlimitedGrace)
}

function hookOf(hook: Config['oauth2']['token_hook']): HookSettings | undefined {
  if (hook === undefined) return undefined
  const { url, auth } = hook
  const credential =
    auth === undefined ? undefined : { ...auth.config, value: new Secret(auth.config.value) }
  return { url, credential }
}

/** The preset, or the operator's own form; the schema lets nobody name both. */
function userCodeFormat(
  form: Config['oauth2']['device_authorization']['user_code'],
): UserCodeFormat {
  return form.length === undefined || form.character_set === undefined
    ? userCodePresets[form.entropy_preset ?? 'high']
    : { length: form.length, characters: charactersOf(form.character_set) }
}

function secretsOf({ secrets }: Config): Settings['secrets'] {
  const wrap = (values: readonly string[]) => values.map((value) => new Secret(value))
  const system = secrets.system ?? []
  return {
    system: wrap(system),
    // All of them open cookies: rotating the system secret must not sign everybody out.
    cookie: wrap(secrets.cookie ?? system.map((secret) => sha256(secret))),
    pagination: wrap(secrets.pagination ?? system),
  }
}

function cookies({ dev, serve }: Config, issuer: string): CookieSettings {
  const { cookies } = serve
  const named = (name: string) => (dev ? `${name}_dev` : name)
  const overHttps = issuer.startsWith('https:')
  return {
    sameSite: cookies.same_site_mode === 'None' && !overHttps ? 'Lax' : cookies.same_site_mode,
    sameSiteLegacyWorkaround: cookies.same_site_legacy_workaround,
    domain: given(cookies.domain),
    secure: dev ? cookies.secure : true,
    names: {
      loginCsrf: named(cookies.names.login_csrf),
      consentCsrf: named(cookies.names.consent_csrf),
      deviceCsrf: named(cookies.names.device_csrf),
      session: named(cookies.names.session),
      browserState: named('firebrand_browser_state'),
    },
    sessionPath: cookies.paths.session,
  }
}

function cors(config: Config, listener: 'public' | 'admin'): CorsSettings {
  const keys = config.serve[listener].cors
  return {
    enabled: keys.enabled,
    allowedOrigins: keys.allowed_origins,
    allowsUnboundedWildcards: config.feature_flags.legacy_allow_insecure_origins,
    allowedMethods: keys.allowed_methods,
    allowedHeaders: keys.allowed_headers,
    exposedHeaders: keys.exposed_headers,
    allowCredentials: keys.allow_credentials,
    maxAgeSeconds: keys.max_age,
  }
}

/** JWT access tokens would show the real subject, so pairwise is not offered beside them. */
function subjectIdentifiers({ oidc, strategies }: Config): Settings['subjectIdentifiers'] {
  const { supported_types: types, pairwise } = oidc.subject_identifiers
  const offered = strategies.access_token === 'jwt' ? types.filter((t) => t !== 'pairwise') : types
  return {
    supportedTypes: offered.length === 0 ? ['public'] : offered,
    pairwiseSalt: pairwise?.salt ?? '',
  }
}

/** Open where only this machine can connect, or where the operator asked for dev mode. */
function defaultAdminAccess({ dev, serve }: Config): 'open' | 'token' {
  const { host } = serve.one_origin ? serve.public : serve.admin
  const isLoopback = isIPv4(host) ? host.startsWith('127.') : ['localhost', '::1'].includes(host)
  return dev || isLoopback || host.startsWith('unix:') ? 'open' : 'token'
}

/** A configured hash as it is, or the hash of a configured token. */
function tokenHash(token: string): string {
  return /^[0-9a-f]{64}$/i.test(token) ? token.toLowerCase() : sha256(token)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
