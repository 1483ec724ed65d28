/** The client as the API shows it. */

import { lifespanNames, type Client } from '../protocol/client.ts'
import { formatDuration } from '../protocol/duration.ts'
import type { JsonObject } from '../protocol/json.ts'
import { showJwks } from './client-jwks.ts'

/** RFC 3339 in UTC, without trailing zeros in the fraction. */
function timestamp(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace(/\.?0*Z$/u, 'Z')
}

/** Members that are left out when they are empty, in the order of the official API document. */
function unlessEmpty(members: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) =>
        value !== '' && value !== false && !(Array.isArray(value) && value.length === 0),
    ),
  )
}

function wireLifespans({ lifespans }: Client): JsonObject {
  return Object.fromEntries(
    lifespanNames.flatMap((name) => {
      const span = lifespans[name]
      return span === undefined ? [] : [[name, formatDuration(span)] as const]
    }),
  )
}

/** Members that the Ory API does not know: only those that were set. */
function openIdDefaults(client: Client): JsonObject {
  const { default_max_age, require_auth_time, default_acr_values, initiate_login_uri } = client
  return {
    ...(default_max_age === undefined ? {} : { default_max_age }),
    ...(require_auth_time === undefined ? {} : { require_auth_time }),
    ...unlessEmpty({
      default_acr_values: default_acr_values ?? [],
      initiate_login_uri: initiate_login_uri ?? '',
    }),
  }
}

/**
 * Writes a client for the objects of login, consent and logout. SDKs decode these strictly, and fail on members that the Ory API
 * does not know; at the client endpoints they take any.
 */
export function toWireClientOfRequest(client: Client): JsonObject {
  return toWireClient({
    ...client,
    default_max_age: undefined,
    require_auth_time: undefined,
    default_acr_values: undefined,
    initiate_login_uri: undefined,
    responseAlgorithms: undefined,
  })
}

/**
 * Writes a client for a response: no secret, no hash, no registration members. Lists are never `null`; what is not set
 * (lifespans, `skip_logout_consent`) is left out, because generated SDKs of several languages fail on `null`.
 */
export function toWireClient(client: Client): JsonObject {
  return {
    client_id: client.client_id,
    client_name: client.client_name,
    redirect_uris: client.redirect_uris,
    grant_types: client.grant_types,
    response_types: client.response_types,
    scope: client.scope,
    audience: client.audience,
    owner: client.owner,
    policy_uri: client.policy_uri,
    allowed_cors_origins: client.allowed_cors_origins,
    tos_uri: client.tos_uri,
    client_uri: client.client_uri,
    logo_uri: client.logo_uri,
    contacts: client.contacts,
    client_secret_expires_at: 0,
    subject_type: client.subject_type,
    ...unlessEmpty({ sector_identifier_uri: client.sector_identifier_uri }),
    jwks: showJwks(client.jwks),
    ...unlessEmpty({ jwks_uri: client.jwks_uri }),
    token_endpoint_auth_method: client.token_endpoint_auth_method,
    ...unlessEmpty({
      token_endpoint_auth_signing_alg: client.token_endpoint_auth_signing_alg,
      request_uris: client.request_uris,
      request_object_signing_alg: client.request_object_signing_alg,
    }),
    userinfo_signed_response_alg: client.userinfo_signed_response_alg,
    created_at: timestamp(client.created_at),
    updated_at: timestamp(client.updated_at),
    ...unlessEmpty({
      frontchannel_logout_uri: client.frontchannel_logout_uri,
      frontchannel_logout_session_required: client.frontchannel_logout_session_required,
      post_logout_redirect_uris: client.post_logout_redirect_uris,
      backchannel_logout_uri: client.backchannel_logout_uri,
      backchannel_logout_session_required: client.backchannel_logout_session_required,
    }),
    metadata: client.metadata,
    ...unlessEmpty({ access_token_strategy: client.access_token_strategy }),
    skip_consent: client.skip_consent,
    ...(client.skip_logout_consent === undefined
      ? {}
      : { skip_logout_consent: client.skip_logout_consent }),
    ...openIdDefaults(client),
    ...wireLifespans(client),
    ...client.responseAlgorithms,
  }
}
