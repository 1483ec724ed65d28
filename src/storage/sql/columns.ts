/**
 * The columns of each table, for queries that want whole rows. Never `*`: while a newer version's migration adds a column,
 * the statements that older processes have prepared must go on answering the same columns.
 */

import type { Schema } from './schema.ts'

/** Takes the names of all columns of a table; a forgotten one does not compile. */
function every<Row>() {
  return <const Names extends readonly (keyof Row & string)[]>(
    ...names: Exclude<keyof Row, Names[number]> extends never ? Names : readonly never[]
  ): Names => names as Names
}

/** Of `clients`. */
export const clientColumns = every<Schema['clients']>()(
  'project_id',
  'client_id',
  'client_name',
  'owner',
  'document',
  'secret_hash',
  'rotated_secret_hashes',
  'registration_access_token_hash',
  'tokens_valid_after',
  'version',
)

/** Of `grants`. */
export const grantColumns = every<Schema['grants']>()(
  'project_id',
  'id',
  'flow_id',
  'client_id',
  'subject',
  'login_session_id',
  'requested_at',
  'handled_at',
  'skip',
  'remember',
  'remember_for',
  'remembered_until',
  'requested_scope',
  'granted_scope',
  'requested_audience',
  'granted_audience',
  'session',
  'code_expires_at',
  'code_redeemed_at',
  'tokens_revoked_at',
  'purge_at',
  'redeemed_by',
)

/** Of `grants`, for joins with tables that have columns of the same names. */
export const qualifiedGrantColumns = grantColumns.map((name) => `grants.${name}` as const)

/** Of `login_sessions`. */
export const loginSessionColumns = every<Schema['login_sessions']>()(
  'project_id',
  'id',
  'subject',
  'authenticated_at',
  'remember',
  'identity_provider_session_id',
  'expires_at',
)

/** Of `keys`. */
export const keyColumns = every<Schema['keys']>()(
  'project_id',
  'key_set',
  'kid',
  'sealed_jwk',
  'created_at',
  'sorted_at',
  'position',
)

/** Of `trusted_issuers`. */
export const trustedIssuerColumns = every<Schema['trusted_issuers']>()(
  'project_id',
  'id',
  'issuer',
  'subject',
  'allow_any_subject',
  'scope',
  'kid',
  'public_jwk',
  'key_digest',
  'trust_digest',
  'created_at',
  'expires_at',
)

/** Of `accounts`. */
export const accountColumns = every<Schema['accounts']>()(
  'project_id',
  'id',
  'email',
  'email_key',
  'name',
  'password_hash',
  'sealed_profile',
  'created_at',
  'updated_at',
  'disabled_at',
)

/** Of `logout_notifications`. */
export const logoutNotificationColumns = every<Schema['logout_notifications']>()(
  'project_id',
  'id',
  'client_id',
  'sid',
  'created_at',
  'attempts',
  'next_attempt_at',
  'last_error',
  'purge_at',
)

/** Of `device_requests`. */
export const deviceRequestColumns = every<Schema['device_requests']>()(
  'project_id',
  'id',
  'user_code_hash',
  'client_id',
  'requested_scope',
  'requested_audience',
  'requested_at',
  'expires_at',
  'interval_ms',
  'next_poll_at',
  'polled_too_fast',
  'state',
  'challenge_id',
  'purge_at',
)
