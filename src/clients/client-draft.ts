/** A client in the making: every default applied, not yet checked. */

import type { ClientId, Instant } from '../brand.ts'
import { responseAlgorithmNames, type Client, type SubjectType } from '../protocol/client.ts'
import type { Settings } from '../settings.ts'
import { lifespansOf, type SentClient } from './parse-client.ts'

/** Like a client, but members with a fixed set of values still hold what was sent. */
export interface ClientDraft extends Omit<
  Client,
  'token_endpoint_auth_method' | 'subject_type' | 'access_token_strategy'
> {
  readonly token_endpoint_auth_method: string
  readonly subject_type: string
  readonly access_token_strategy: string
}

/** What a client does not decide about itself. */
export interface DraftContext {
  readonly clientId: ClientId
  readonly createdAt: Instant
  readonly now: Instant
  readonly settings: Settings
}

/**
 * Subject types that a client may have. Pairwise is off for clients that get JWT access tokens, since those carry the
 * unconcealed subject. There is always one: public stands in when nothing else is left.
 */
export function enabledSubjectTypes(strategy: string, settings: Settings): readonly SubjectType[] {
  const effective = strategy === '' ? settings.strategies.accessToken : strategy
  const enabled = settings.subjectIdentifiers.supportedTypes.filter(
    (type) => type === 'public' || effective !== 'jwt',
  )
  return enabled.length === 0 ? ['public'] : enabled
}

function defaultSubjectType(strategy: string, settings: Settings): SubjectType {
  const enabled = enabledSubjectTypes(strategy, settings)
  return enabled.includes('public') ? 'public' : (enabled[0] ?? 'public')
}

/** Members that are texts and empty by default. */
const textMembers = [
  'client_name',
  'owner',
  'policy_uri',
  'tos_uri',
  'client_uri',
  'logo_uri',
  'sector_identifier_uri',
  'jwks_uri',
  'token_endpoint_auth_signing_alg',
  'request_object_signing_alg',
  'frontchannel_logout_uri',
  'backchannel_logout_uri',
] as const

/** Members that are lists and empty by default. */
const listMembers = [
  'redirect_uris',
  'grant_types',
  'response_types',
  'audience',
  'allowed_cors_origins',
  'contacts',
  'request_uris',
  'post_logout_redirect_uris',
] as const

/** Members that are flags and off by default. */
const flagMembers = [
  'frontchannel_logout_session_required',
  'backchannel_logout_session_required',
  'skip_consent',
] as const

function pick<Name extends string, T>(
  names: readonly Name[],
  sent: Readonly<Partial<Record<Name, T | undefined>>>,
  absent: T,
): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, sent[name] ?? absent])) as Record<Name, T>
}

/** `''` chooses the default, as leaving the member out does. */
function orDefault(sent: string | undefined, standard: string): string {
  return sent === undefined || sent === '' ? standard : sent
}

/** Those that are set; `''` stands for unset. */
function responseAlgorithmsOf(sent: SentClient): Client['responseAlgorithms'] {
  return Object.fromEntries(
    responseAlgorithmNames.flatMap((name) => {
      const value = sent[name] ?? ''
      return value === '' ? [] : [[name, value] as const]
    }),
  )
}

/** Applies the defaults to what was sent. */
export function draftClient(sent: SentClient, context: DraftContext): ClientDraft {
  const { settings } = context
  const strategy = (sent.access_token_strategy ?? '').toLowerCase()
  const { defaultScope } = settings.dynamicClientRegistration
  return {
    client_id: context.clientId,
    ...pick<(typeof textMembers)[number], string>(textMembers, sent, ''),
    ...pick<(typeof listMembers)[number], readonly string[]>(listMembers, sent, []),
    ...pick<(typeof flagMembers)[number], boolean>(flagMembers, sent, false),
    scope: orDefault(sent.scope, defaultScope.join(' ')),
    subject_type: orDefault(sent.subject_type, defaultSubjectType(strategy, settings)),
    jwks: sent.jwks,
    token_endpoint_auth_method: orDefault(sent.token_endpoint_auth_method, 'client_secret_basic'),
    userinfo_signed_response_alg: orDefault(sent.userinfo_signed_response_alg, 'none'),
    // Generated SDKs fail on `null`.
    metadata: sent.metadata ?? {},
    access_token_strategy: strategy,
    skip_logout_consent: sent.skip_logout_consent,
    default_max_age: sent.default_max_age,
    require_auth_time: sent.require_auth_time,
    default_acr_values: sent.default_acr_values,
    initiate_login_uri: sent.initiate_login_uri,
    lifespans: lifespansOf(sent),
    responseAlgorithms: responseAlgorithmsOf(sent),
    created_at: context.createdAt,
    updated_at: context.now,
  }
}
