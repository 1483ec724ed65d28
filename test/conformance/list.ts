/**
 * The plans and modules of the OpenID Foundation's conformance suite that this server is held to, under the suite's own
 * names: which module belongs to which response type of which plan.
 */

/** Response types in the spelling of the suite. */
export const responseTypes = [
  'code',
  'id_token',
  'id_token token',
  'code id_token',
  'code token',
  'code id_token token',
] as const

/** One of {@link responseTypes}. */
export type ResponseType = (typeof responseTypes)[number]

/** Columns: B Basic (code), I1 and I2 Implicit, H1–H3 Hybrid, D Dynamic. */
const oidcModules = {
  'oidcc-server': 'B I1 I2 H1 H2 H3 D',
  'oidcc-server-client-secret-post': 'B H1 H2 H3',
  'oidcc-response-type-missing': 'B I2 H1',
  'oidcc-idtoken-signature': 'B I1 I2 H1 H2 H3',
  'oidcc-idtoken-rs256': 'D',
  'oidcc-idtoken-unsigned': 'B D',
  'oidcc-userinfo-get': 'B I2 H1 H2 H3',
  'oidcc-userinfo-post-header': 'B I2 H1 H2 H3',
  'oidcc-userinfo-post-body': 'B I2 H1 H2 H3',
  'oidcc-userinfo-rs256': 'D',
  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow': 'B H2',
  'oidcc-ensure-request-without-nonce-fails': 'I1 I2 H1 H3',
  'oidcc-scope-profile': 'B I1 I2 H1 H2 H3',
  'oidcc-scope-email': 'B I1 I2 H1 H2 H3',
  'oidcc-scope-address': 'B I1 I2 H1 H2 H3',
  'oidcc-scope-phone': 'B I1 I2 H1 H2 H3',
  'oidcc-scope-all': 'B I1 I2 H1 H2 H3',
  'oidcc-alternate-happy-flow': 'B I1 I2 H1',
  'oidcc-display-page': 'B I1 I2 H1 H2 H3',
  'oidcc-display-popup': 'B I1 I2 H1 H2 H3',
  'oidcc-prompt-login': 'B I1 I2 H1 H2 H3',
  'oidcc-prompt-none-not-logged-in': 'B I1 I2 H1 H2 H3',
  'oidcc-prompt-none-logged-in': 'B I1 I2 H1 H2 H3',
  'oidcc-max-age-1': 'B I1 I2 H1 H2 H3',
  'oidcc-max-age-10000': 'B I1 I2 H1 H2 H3',
  'oidcc-ensure-request-with-unknown-parameter-succeeds': 'B I1 I2 H1 H2 H3',
  'oidcc-id-token-hint': 'B I1 I2 H1 H2 H3',
  'oidcc-login-hint': 'B I1 I2 H1 H2 H3',
  'oidcc-ui-locales': 'B I1 I2 H1 H2 H3',
  'oidcc-claims-locales': 'B I1 I2 H1 H2 H3',
  'oidcc-ensure-request-with-acr-values-succeeds': 'B I1 I2 H1 H2 H3',
  'oidcc-codereuse': 'B H1 H2 H3',
  'oidcc-codereuse-30seconds': 'B H1 H2 H3',
  'oidcc-ensure-registered-redirect-uri': 'B I1 I2 H1 H2 H3',
  'oidcc-ensure-post-request-succeeds': 'B',
  'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported': 'B I1 I2 H1 H2 H3',
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported':
    'B I1 I2 H1 H2 H3',
  'oidcc-ensure-request-object-with-redirect-uri': 'B I1 I2 H1 H2 H3 D',
  'oidcc-claims-essential': 'B I1 I2 H1 H2 H3',
  'oidcc-refresh-token': 'B H1 H2 H3 D',
  'oidcc-ensure-request-with-valid-pkce-succeeds': 'B H1',
  'oidcc-discovery-endpoint-verification': 'D',
  'oidcc-ensure-redirect-uri-in-authorization-request': 'D',
  'oidcc-redirect-uri-query-OK': 'D',
  'oidcc-redirect-uri-query-mismatch': 'D',
  'oidcc-redirect-uri-query-added': 'D',
  'oidcc-redirect-uri-regfrag': 'D',
  'oidcc-registration-logo-uri': 'D',
  'oidcc-registration-policy-uri': 'D',
  'oidcc-registration-tos-uri': 'D',
  'oidcc-registration-jwks-uri': 'D',
  'oidcc-registration-sector-uri': 'D',
  'oidcc-registration-sector-bad': 'D',
  'oidcc-server-rotate-keys': 'D',
  'oidcc-refresh-token-rp-key-rotation': 'D',
  'oidcc-request-uri-unsigned': 'D',
  'oidcc-request-uri-signed-rs256': 'D',
  'oidcc-ensure-client-assertion-with-iss-aud-succeeds': 'D',
} as const satisfies Readonly<Record<string, string>>

const initLoginModules = [
  'oidcc-3rd_party-init-login',
  'oidcc-3rd_party-init-login-nohttps',
] as const

const rpLogoutModules = [
  'oidcc-rp-initiated-logout-discovery-endpoint-verification',
  'oidcc-rp-initiated-logout',
  'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
  'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri',
  'oidcc-rp-initiated-logout-modified-id-token-hint',
  'oidcc-rp-initiated-logout-bad-id-token-hint',
  'oidcc-rp-initiated-logout-no-id-token-hint',
  'oidcc-rp-initiated-logout-no-params',
  'oidcc-rp-initiated-logout-no-post-logout-redirect-uri',
  'oidcc-rp-initiated-logout-only-state',
  'oidcc-rp-initiated-logout-no-state',
] as const

const sessionModules = [
  'oidcc-session-management-discovery-endpoint-verification',
  'oidcc-session-management-rp-initiated-logout',
] as const

const frontChannelModules = [
  'oidcc-frontchannel-logout-discovery-endpoint-verification',
  'oidcc-frontchannel-rp-initiated-logout',
] as const

const backChannelModules = [
  'oidcc-backchannel-logout-discovery-endpoint-verification',
  'oidcc-backchannel-rp-initiated-logout',
] as const

/** Every module of the plans below. */
export type ModuleName =
  | keyof typeof oidcModules
  | (typeof initLoginModules)[number]
  | (typeof rpLogoutModules)[number]
  | (typeof sessionModules)[number]
  | (typeof frontChannelModules)[number]
  | (typeof backChannelModules)[number]

/** How the clients of a run come to be: made by an administrator, or registered by themselves. */
export type Registration = 'static_client' | 'dynamic_client'

/** How authorization responses arrive: as is usual for the response type, or posted. */
export type ResponseMode = 'default' | 'form_post'

/** One row of a plan. */
export interface PlanPart {
  readonly responseType: ResponseType
  readonly modules: readonly ModuleName[]
}

/** A plan of the suite. */
export interface Plan {
  readonly name: string
  readonly responseMode: ResponseMode
  readonly registrations: readonly Registration[]
  /** How confidential clients prove who they are, unless a module says otherwise. */
  readonly authentication: 'client_secret_basic' | 'private_key_jwt'
  readonly parts: readonly PlanPart[]
}

function column(letter: string): readonly ModuleName[] {
  return Object.entries(oidcModules)
    .filter(([, columns]) => columns.split(' ').includes(letter))
    .map(([name]) => name as ModuleName)
}

const both = ['static_client', 'dynamic_client'] as const

function certification(
  name: string,
  responseMode: ResponseMode,
  columns: Partial<Record<ResponseType, string>>,
): Plan {
  const parts = Object.entries(columns).map(([responseType, letter]) => ({
    responseType: responseType as ResponseType,
    modules: column(letter),
  }))
  return {
    name: `oidcc-${name}-certification-test-plan`,
    responseMode,
    registrations: both,
    authentication: 'client_secret_basic',
    parts,
  }
}

/** A plan whose modules are the same for every response type. */
function forEveryType(
  name: string,
  registrations: readonly Registration[],
  modulesOf: (responseType: ResponseType) => readonly ModuleName[],
): Plan {
  return {
    name: `oidcc-${name}-certification-test-plan`,
    responseMode: 'default',
    registrations,
    authentication: 'client_secret_basic',
    parts: responseTypes.map((responseType) => ({
      responseType,
      modules: modulesOf(responseType),
    })),
  }
}

const basic = { code: 'B' } as const
const implicit = { id_token: 'I1', 'id_token token': 'I2' } as const
const hybrid = { 'code id_token': 'H1', 'code token': 'H2', 'code id_token token': 'H3' } as const

/** Modules that need the token endpoint: the suite leaves them out where no code is issued. */
const needCode: readonly ModuleName[] = [
  'oidcc-refresh-token',
  'oidcc-refresh-token-rp-key-rotation',
  'oidcc-registration-jwks-uri',
  'oidcc-ensure-client-assertion-with-iss-aud-succeeds',
]

/** Whether the suite runs a module of the Dynamic plan with a response type. */
function runsInDynamic(responseType: ResponseType): (module: ModuleName) => boolean {
  const parts = responseType.split(' ')
  return (module) => {
    if (needCode.includes(module)) return parts.includes('code')
    if (module === 'oidcc-userinfo-rs256') return responseType !== 'id_token'
    if (module === 'oidcc-idtoken-unsigned')
      return parts.includes('code') && !parts.includes('id_token')
    return true
  }
}

/** Every plan, in the order of the report. */
export const plans = {
  basic: certification('basic', 'default', basic),
  implicit: certification('implicit', 'default', implicit),
  hybrid: certification('hybrid', 'default', hybrid),
  config: {
    name: 'oidcc-config-certification-test-plan',
    responseMode: 'default',
    registrations: ['static_client'],
    authentication: 'client_secret_basic',
    parts: [{ responseType: 'code', modules: ['oidcc-discovery-endpoint-verification'] }],
  },
  dynamic: {
    ...forEveryType('dynamic', ['dynamic_client'], (responseType) =>
      column('D').filter(runsInDynamic(responseType)),
    ),
    authentication: 'private_key_jwt',
  },
  formPostBasic: certification('formpost-basic', 'form_post', basic),
  formPostImplicit: certification('formpost-implicit', 'form_post', implicit),
  formPostHybrid: certification('formpost-hybrid', 'form_post', hybrid),
  initLogin: forEveryType('3rdparty-init-login', ['dynamic_client'], () => initLoginModules),
  rpLogout: forEveryType('rp-initiated-logout', both, () => rpLogoutModules),
  sessionManagement: forEveryType('session-management', both, () => sessionModules),
  frontChannel: forEveryType('frontchannel-rp-initiated-logout', both, () => frontChannelModules),
  backChannel: forEveryType('backchannel-rp-initiated-logout', both, () => backChannelModules),
} as const satisfies Readonly<Record<string, Plan>>

/** Modules that a rule of the suite passes over, with the rule. Their tests hold the server to what the rule rests on. */
export const skippedByRule: Readonly<Partial<Record<ModuleName, string>>> = {
  'oidcc-idtoken-unsigned':
    '`none` is not among `id_token_signing_alg_values_supported`; the test holds that it is not, and that a client cannot choose it',
}
