/**
 * The tables as queries see them. Every instant is a `bigint` of epoch milliseconds, every flag an integer 0 or 1, every
 * list a JSON text. How a dialect spells the types is in its folder; how the tables come to be is in migrations/.
 */

import type {
  ChainId,
  ClientId,
  FlowId,
  GrantId,
  Instant,
  Milliseconds,
  ProjectId,
  SessionId,
  Subject,
  TokenId,
} from '../../brand.ts'
import type { DeviceRequestState } from '../storage.ts'

/** 0 or 1: the engines share no boolean. */
export type Flag = 0 | 1

interface OfProject {
  readonly project_id: ProjectId
}

/** A client: the document that the wire shows, and what is queried or must not be in the document. */
export interface ClientRow extends OfProject {
  readonly client_id: ClientId
  readonly client_name: string
  readonly owner: string
  /** JSON of {@link import('../../protocol/client.ts').Client}. */
  readonly document: string
  readonly secret_hash: string
  readonly rotated_secret_hashes: string
  readonly registration_access_token_hash: string
  readonly tokens_valid_after: Instant
  readonly version: number
}

/** Table `grants`. */
export interface GrantRow extends OfProject {
  readonly id: GrantId
  readonly flow_id: FlowId
  readonly client_id: ClientId
  readonly subject: Subject
  readonly login_session_id: SessionId | null
  readonly requested_at: Instant
  readonly handled_at: Instant
  readonly skip: Flag
  readonly remember: Flag
  readonly remember_for: number
  readonly remembered_until: Instant | null
  readonly requested_scope: string
  readonly granted_scope: string
  readonly requested_audience: string
  readonly granted_audience: string
  readonly session: string
  readonly code_expires_at: Instant | null
  readonly code_redeemed_at: Instant | null
  readonly tokens_revoked_at: Instant | null
  readonly purge_at: Instant | null
  /** The attempt that redeemed the code. */
  readonly redeemed_by: string | null
}

/** Table `chains`. */
export interface ChainRow extends OfProject {
  readonly id: ChainId
  readonly grant_id: GrantId
  readonly generation: number
  readonly first_used_at: Instant | null
  readonly used_times: number
  readonly expires_at: Instant | null
  readonly purge_at: Instant | null
  /** The hour that `purge_at` falls into; indexed in its place, so that a rotation seldom touches an index. */
  readonly purge_hour: number | null
  /** The attempt that moved the chain to its generation. */
  readonly rotated_by: string | null
}

/** Table `login_sessions`. */
export interface LoginSessionRow extends OfProject {
  readonly id: SessionId
  readonly subject: Subject
  readonly authenticated_at: Instant
  readonly remember: Flag
  readonly identity_provider_session_id: string
  readonly expires_at: Instant
}

/** Login verifiers that were used; the row is what makes the next use fail. */
export interface SpentVerifierRow extends OfProject {
  readonly verifier_id: string
  readonly flow_id: FlowId
  readonly expires_at: Instant
  /** JSON list: the scope that a remembered consent covered when the verifier was spent. */
  readonly remembered_scope: string | null
}

/** Table `forced_subjects`. */
export interface ForcedSubjectRow extends OfProject {
  readonly client_id: ClientId
  readonly subject: Subject
  readonly identifier: string
}

/** Table `parked_flows`. */
export interface ParkedFlowRow extends OfProject {
  readonly id: string
  readonly sealed: string
  readonly expires_at: Instant
}

/** Table `revoked_tokens`. */
export interface RevokedTokenRow extends OfProject {
  readonly id: TokenId
  readonly expires_at: Instant
}

/** Table `jtis`. */
export interface JtiRow extends OfProject {
  /** SHA-256 (hex) of scope and `jti`: an index entry of fixed size, whatever a stranger sends. */
  readonly digest: string
  readonly expires_at: Instant
}

/** Table `keys`. */
export interface KeyRow extends OfProject {
  readonly key_set: string
  readonly kid: string
  readonly sealed_jwk: string
  readonly created_at: Instant
  /** Age in the order of the set: usually `created_at`, never less than that of keys it must come before. */
  readonly sorted_at: Instant
  /** Grows with every write of a key in the project; decides between equal `sorted_at`. */
  readonly position: number
}

/** Table `trusted_issuers`. */
export interface TrustedIssuerRow extends OfProject {
  readonly id: string
  readonly issuer: string
  readonly subject: string
  readonly allow_any_subject: Flag
  readonly scope: string
  readonly kid: string
  readonly public_jwk: string
  /** SHA-256 (hex) of issuer and kid: an index entry of fixed size. */
  readonly key_digest: string
  /** SHA-256 (hex) of issuer, subject and kid; unique. */
  readonly trust_digest: string
  readonly created_at: Instant
  readonly expires_at: Instant
}

/** Table `accounts`. */
export interface AccountRow extends OfProject {
  readonly id: Subject
  readonly email: string
  /** `email` in lower case. */
  readonly email_key: string
  readonly name: string
  readonly password_hash: string
  readonly sealed_profile: string
  readonly created_at: Instant
  readonly updated_at: Instant
  readonly disabled_at: Instant | null
}

/** Table `rates`. */
export interface RateRow extends OfProject {
  /** SHA-256 (hex) of the key. */
  readonly digest: string
  readonly hits: number
  readonly ends_at: Instant
}

/** Table `logout_notifications`. */
export interface LogoutNotificationRow extends OfProject {
  readonly id: string
  readonly client_id: ClientId
  readonly sid: SessionId
  readonly created_at: Instant
  readonly attempts: number
  /** Null once it was given up. */
  readonly next_attempt_at: Instant | null
  readonly last_error: string
  readonly purge_at: Instant
}

/** Table `device_requests`. */
export interface DeviceRequestRow extends OfProject {
  readonly id: GrantId
  readonly user_code_hash: string
  readonly client_id: ClientId
  readonly requested_scope: string
  readonly requested_audience: string
  readonly requested_at: Instant
  readonly expires_at: Instant
  readonly interval_ms: Milliseconds
  readonly next_poll_at: Instant
  /** Whether the last poll came too early. */
  readonly polled_too_fast: Flag
  readonly state: DeviceRequestState
  /** The device challenge whose flow ended here; one challenge ends in one request. */
  readonly challenge_id: string | null
  readonly purge_at: Instant
}

/** One row per project; moves with every write to clients and keys, and so tells caches when to forget. */
export interface EpochRow extends OfProject {
  readonly epoch: number
}

/** Table `firebrand_migrations`. */
export interface MigrationRow {
  readonly name: string
  readonly applied_at: Instant
}

/** What Kysely checks queries against. */
export interface Schema {
  readonly clients: ClientRow
  readonly grants: GrantRow
  readonly chains: ChainRow
  readonly login_sessions: LoginSessionRow
  readonly spent_verifiers: SpentVerifierRow
  readonly forced_subjects: ForcedSubjectRow
  readonly parked_flows: ParkedFlowRow
  readonly revoked_tokens: RevokedTokenRow
  readonly jtis: JtiRow
  readonly keys: KeyRow
  readonly trusted_issuers: TrustedIssuerRow
  readonly accounts: AccountRow
  readonly logout_notifications: LogoutNotificationRow
  readonly rates: RateRow
  readonly device_requests: DeviceRequestRow
  readonly epochs: EpochRow
  readonly firebrand_migrations: MigrationRow
}
