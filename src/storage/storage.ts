/**
 * What the server asks of a database, by intention. A storage is opened for one project and never shows another's rows.
 *
 * Promises every implementation keeps, and the conformance suite checks on each engine:
 * - A write is durable before its promise resolves.
 * - Where "exactly one caller" is written, it holds for any number of concurrent callers in any number of processes.
 * - `now` comes from the caller; no implementation reads a clock of its own for a decision.
 * - Credentials arrive hashed or sealed; nothing stored can be used as one.
 * - An outage is thrown as {@link StorageUnavailable}; other exceptions are bugs.
 */

import type {
  ChainId,
  ClientId,
  FlowId,
  GrantId,
  Instant,
  Milliseconds,
  SessionId,
  Subject,
  TokenId,
} from '../brand.ts'
import type { Client } from '../protocol/client.ts'
import type { Chain, Grant } from '../protocol/grant.ts'
import type { JsonObject } from '../protocol/json.ts'
import type { Result } from '../result.ts'

/** The database cannot be reached or cannot write. The HTTP layer answers 503 with `Retry-After`. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable'
}

/** A client with what authenticates it. */
export interface ClientRecord {
  readonly client: Client
  /** Hash text such as `$pbkdf2-sha256$…`, `$scrypt$…` or our keyed hash. Present for public clients too. */
  readonly secretHash: string
  /** Former hashes that still authenticate, newest first, at most five. */
  readonly rotatedSecretHashes: readonly string[]
  /** SHA-256 (hex) of the registration access token; `''` when there is none. */
  readonly registrationAccessTokenHash: string
  /** Access tokens issued before this instant are dead. */
  readonly tokensValidAfter: Instant
  /** Moves with every write; compared by {@link ClientStore.replace}. */
  readonly version: number
}

/** The registered clients. */
export interface ClientStore {
  /** Inserts; of concurrent callers with one `client_id` exactly one succeeds. */
  create(record: ClientRecord): Promise<Result<void, 'already_exists'>>
  /** Finds by id. May answer from memory, but never anything older than the last write that resolved in any process of this database. */
  find(id: ClientId): Promise<ClientRecord | undefined>
  /** Keyset page in ascending byte order of `client_id`, starting behind `after`. Filters are exact and combined with AND. */
  list(page: {
    readonly after: ClientId | undefined
    readonly limit: number
    readonly clientName: string | undefined
    readonly owner: string | undefined
  }): Promise<readonly ClientRecord[]>
  /** Replaces the row if its version is still `ifVersion` (compare-and-set); stores `version = ifVersion + 1`. */
  replace(record: ClientRecord, ifVersion: number): Promise<Result<void, 'not_found' | 'conflict'>>
  /** Deletes the client with its grants, chains, device requests and forced subjects. False when there was none. */
  delete(id: ClientId): Promise<boolean>
  /** Moves `tokensValidAfter` forward, never back. Unknown clients are no error. */
  revokeAccessTokens(id: ClientId, validAfter: Instant): Promise<void>
}

/** A chain to be born with a redemption or a graceful rotation. */
export type NewChain = Pick<Chain, 'id' | 'grantId' | 'expiresAt' | 'purgeAt'>

/** Completed authorizations and their lines of refresh tokens. */
export interface GrantStore {
  /** Inserts; of concurrent callers with one id exactly one succeeds. This is what makes a consent verifier single use. */
  create(grant: Grant): Promise<Result<void, 'already_exists'>>
  find(id: GrantId): Promise<Grant | undefined>
  /** One read by primary keys: the grant with the named chain (`undefined` when the chain row does not exist or none was named). */
  findWithChain(
    id: GrantId,
    chainId: ChainId | undefined,
  ): Promise<{ readonly grant: Grant; readonly chain: Chain | undefined } | undefined>
  /**
   * One read by a range of the primary key: the grant, or the chain with its grant, whose id starts with the given hex digits.
   * `chain` is `undefined` when a grant was asked for. The caller gives enough digits for one match; of several any may come.
   */
  findByIdPrefix(which: {
    readonly kind: 'grant' | 'chain'
    readonly idPrefix: string
  }): Promise<{ readonly grant: Grant; readonly chain: Chain | undefined } | undefined>
  /**
   * Marks the code redeemed and inserts the chain if one is given, in one atomic step.
   * Exactly one of any number of concurrent callers gets true. False too when the grant's tokens were revoked.
   */
  redeemCode(id: GrantId, now: Instant, chain: NewChain | undefined): Promise<boolean>
  /**
   * Strict rotation: moves the chain from `generation` to `generation + 1`. Exactly one concurrent caller gets true.
   * False when the generation moved on, the row is gone, or it was rotated gracefully before.
   */
  rotateChain(rotation: {
    readonly id: ChainId
    readonly generation: number
    readonly expiresAt: Instant | undefined
    readonly purgeAt: Instant | undefined
  }): Promise<boolean>
  /**
   * Graceful rotation: counts one use of the refresh token (`firstUsedAt` is set once and never moves) and inserts `child`, atomically.
   * False when the generation differs, when `firstUsedAt` is before `notUsedBefore`, or when `usedTimes` reached `maxUses` (0 = no limit).
   */
  forkChain(fork: {
    readonly parent: ChainId
    readonly generation: number
    readonly now: Instant
    readonly notUsedBefore: Instant
    readonly maxUses: number
    /** The parent row is kept until here, as a witness of reuse. */
    readonly parentPurgeAt: Instant
    readonly child: NewChain
  }): Promise<boolean>
  /** Replaces the sealed session of a grant (a hook changed it). */
  replaceSession(id: GrantId, session: string): Promise<void>
  /** Marks the grant's tokens revoked and deletes its chains, atomically. Idempotent. */
  revokeTokens(id: GrantId, now: Instant): Promise<void>
  /**
   * Keyset page of the subject's unskipped, unexpired grants, newest first, behind `after`.
   * @param page.after position of the last item of the page before.
   */
  listBySubject(page: {
    readonly subject: Subject
    readonly loginSessionId: SessionId | undefined
    readonly after: { readonly handledAt: Instant; readonly id: GrantId } | undefined
    readonly limit: number
    readonly now: Instant
  }): Promise<readonly Grant[]>
  /** Deletes grants with their chains: one by id, or all of a subject, or all of a subject for a client. */
  delete(
    which:
      | { readonly id: GrantId }
      | { readonly subject: Subject; readonly clientId: ClientId | undefined },
  ): Promise<void>
  /** Distinct clients that hold a grant of this session and subject (for logout notifications). */
  clientsOfSession(sessionId: SessionId, subject: Subject): Promise<readonly ClientId[]>
}

/** One authentication of an end user. Only remembered ones let the browser skip the login page. */
export interface LoginSession {
  readonly id: SessionId
  readonly subject: Subject
  readonly authenticatedAt: Instant
  readonly remember: boolean
  readonly identityProviderSessionId: string
  readonly expiresAt: Instant
}

/** Authentications of end users. */
export interface LoginSessionStore {
  find(id: SessionId): Promise<LoginSession | undefined>
  /** Moves the end of a session (a skipped login that extends it). */
  extend(id: SessionId, expiresAt: Instant): Promise<void>
  /** Deletes and returns the row; of concurrent callers exactly one gets it. Grants of the session lose their `loginSessionId`. */
  delete(id: SessionId): Promise<LoginSession | undefined>
  /**
   * Deletes like {@link LoginSessionStore.delete} and queues the notifications in the same atomic step, so that no client misses
   * the end of a session because a process died in between. Nothing is queued when the session was gone already.
   */
  end(
    id: SessionId,
    notifications: readonly NewLogoutNotification[],
  ): Promise<LoginSession | undefined>
  /** Deletes every session of the subject, remembered or not. */
  deleteBySubject(subject: Subject): Promise<void>
}

/** What a login finds when it is complete. */
export interface CompletedLogin {
  /**
   * The granted scope of the newest (by `requestedAt`) remembered, unskipped, unexpired grant of the client for the subject; `undefined`
   * when there is none.
   */
  readonly rememberedScope: readonly string[] | undefined
}

/** Verifiers that were used, and flows too long for a URL. */
export interface FlowStore {
  /**
   * Pass B of a login: spends the verifier, and with it stores the session, the pairwise override and the end of a former session, atomically.
   * Exactly one caller with one `verifierId` gets an answer; the others get `undefined` and change nothing.
   */
  completeLogin(login: {
    readonly flowId: FlowId
    readonly verifierId: string
    readonly clientId: ClientId
    readonly subject: Subject
    readonly now: Instant
    /** The spent verifier is remembered until here. */
    readonly expiresAt: Instant
    /** Upserted by id; `undefined` on a skipped login. */
    readonly session: LoginSession | undefined
    readonly forcedSubject:
      | { readonly clientId: ClientId; readonly subject: Subject; readonly identifier: string }
      | undefined
    /** A former session of this browser to delete. A missing row is no error. */
    readonly endedSessionId: SessionId | undefined
  }): Promise<CompletedLogin | undefined>
  /** Whether any login verifier of the flow was spent. */
  isLoginCompleted(flowId: FlowId): Promise<boolean>
  /** Subject behind a forced pairwise identifier of a client. */
  findForcedSubject(clientId: ClientId, identifier: string): Promise<Subject | undefined>
  /** Stores a sealed flow that is too long for a URL. */
  park(id: string, sealed: string, expiresAt: Instant): Promise<void>
  findParked(id: string, now: Instant): Promise<string | undefined>
}

/** Where a device authorization stands (RFC 8628 §3.5). */
export type DeviceRequestState = 'pending' | 'accepted' | 'rejected'

/** What a device asked for, and what became of it (RFC 8628 §3.1). */
export interface DeviceRequest {
  /** Also the id of the grant that it may end in, so one request never makes two. The device code holds it sealed. */
  readonly id: GrantId
  /** Keyed hash; nobody learns a user code from the database. */
  readonly userCodeHash: string
  readonly clientId: ClientId
  readonly requestedScope: readonly string[]
  readonly requestedAudience: readonly string[]
  readonly requestedAt: Instant
  /** End of the device code and of the user code. */
  readonly expiresAt: Instant
  /** How long the device must wait between two polls at present. */
  readonly interval: Milliseconds
  readonly state: DeviceRequestState
  /** Earliest instant at which the row may be purged. */
  readonly purgeAt: Instant
}

/** Device authorization requests (RFC 8628). */
export interface DeviceRequestStore {
  /** Inserts. `already_exists` when another request has the id or the user code; of concurrent callers with one user code exactly one succeeds. */
  create(request: DeviceRequest): Promise<Result<void, 'already_exists'>>
  find(id: GrantId): Promise<DeviceRequest | undefined>
  /** Finds by the hash of the user code, in any state and of any age. */
  findByUserCode(userCodeHash: string): Promise<DeviceRequest | undefined>
  /**
   * Judges and counts one poll, atomically: it is too fast when it is not due by `dueBy`. The next one is due an interval after `now`;
   * one that is too fast makes the interval five seconds longer, up to a minute (RFC 8628 §3.5). Of concurrent callers within one
   * interval exactly one is not too fast. `undefined`, and nothing changed, when the client has no such request.
   */
  poll(poll: {
    readonly id: GrantId
    readonly clientId: ClientId
    readonly now: Instant
    readonly dueBy: Instant
  }): Promise<{ readonly request: DeviceRequest; readonly tooFast: boolean } | undefined>
  /**
   * The end user's yes: moves a pending request that has not expired to `accepted`, spends the device challenge and inserts the grant,
   * atomically. Exactly one of any number of concurrent callers succeeds, and each challenge does so once.
   */
  accept(acceptance: {
    readonly id: GrantId
    /** The visit of the verification page; `challenge_used` when it ended in another request. */
    readonly challengeId: string
    readonly now: Instant
    /** Its id is the request's. */
    readonly grant: Grant
  }): Promise<Result<void, 'unavailable' | 'challenge_used'>>
  /** The end user's no. False when the request was decided before. */
  reject(id: GrantId): Promise<boolean>
}

/** What ends tokens that have no row of their own. */
export interface TokenStore {
  /** Puts a token without a grant on the revocation list until it would have expired. Idempotent. */
  revoke(id: TokenId, expiresAt: Instant): Promise<void>
  isRevoked(id: TokenId): Promise<boolean>
  /** Records a `jti` within its scope (issuer or client). Exactly one caller gets true until `expiresAt` has passed at some later `now`. */
  consumeJti(scope: string, jti: string, expiresAt: Instant, now: Instant): Promise<boolean>
  /** Whether {@link TokenStore.consumeJti} would say no. It spends nothing, so only the former decides who is first. */
  isJtiConsumed(scope: string, jti: string, now: Instant): Promise<boolean>
}

/** A JWK at rest. */
export interface StoredKey {
  readonly set: string
  readonly kid: string
  /** The whole JWK, sealed by the caller (`private_jwk`). */
  readonly sealedJwk: string
  readonly createdAt: Instant
}

/** Key sets, their private keys sealed. */
export interface KeyStore {
  /** Newest first; ties in `createdAt` by insertion, latest first. May answer from memory under the promise of {@link ClientStore.find}. */
  list(set: string): Promise<readonly StoredKey[]>
  /** Inserts keys of one set, the last of them the newest, only if the set has none yet. Of concurrent callers exactly one gets true. */
  createFirst(key: StoredKey, ...more: readonly StoredKey[]): Promise<boolean>
  create(key: StoredKey): Promise<Result<void, 'already_exists'>>
  /** Inserts or replaces one key; it counts as the newest afterwards. */
  put(key: StoredKey): Promise<void>
  /** Replaces the whole set atomically, in the given order (the last counts as newest). */
  replaceSet(set: string, keys: readonly StoredKey[]): Promise<void>
  /** Deletes one key, or the set when no `kid` is given. */
  delete(set: string, kid: string | undefined): Promise<void>
}

/** An issuer whose assertions are exchanged for tokens (RFC 7523): for one subject or any, with one key, until it expires. */
export interface TrustedIssuer {
  /** UUIDv4. */
  readonly id: string
  readonly issuer: string
  /** `''` when any subject is trusted. */
  readonly subject: string
  readonly allowAnySubject: boolean
  /** Upper bound of the scopes that an assertion may be exchanged for. */
  readonly scope: readonly string[]
  readonly kid: string
  /** Public members only, in an order that is the same for the same key. */
  readonly publicJwk: JsonObject
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

/** Trust in issuers of assertions. Their keys are public, and never part of the server's own key sets. */
export interface TrustedIssuerStore {
  /**
   * Inserts. Of concurrent callers with one (issuer, subject, kid) exactly one succeeds; of concurrent callers with different keys under
   * one (issuer, kid) those with one of the keys do.
   *
   * @returns `already_exists` for a known (issuer, subject, kid); `other_key` when (issuer, kid) names another key.
   */
  create(trusted: TrustedIssuer): Promise<Result<void, 'already_exists' | 'other_key'>>
  find(id: string): Promise<TrustedIssuer | undefined>
  /** Keyset page in ascending order of `id`, starting behind `after`; expired ones too. The filter is exact. */
  list(page: {
    readonly after: string | undefined
    readonly limit: number
    readonly issuer: string | undefined
  }): Promise<readonly TrustedIssuer[]>
  /** Deletes one and no other; its key can be found for as long as another names it. False when there was none. */
  delete(id: string): Promise<boolean>
  /** What an assertion may rely on: unexpired, for its subject or for any, newest first, at most 100. Without `kid` keys of any name. */
  findForAssertion(assertion: {
    readonly issuer: string
    readonly subject: string
    readonly kid: string | undefined
    readonly now: Instant
  }): Promise<readonly TrustedIssuer[]>
  /** Public keys of an issuer, one for each kid, newest first; only the named one when `kid` is given. Expired ones too. */
  findKeys(issuer: string, kid: string | undefined): Promise<readonly JsonObject[]>
}

/** A built-in user. The id is the `sub` that clients see. */
export interface Account {
  readonly id: Subject
  /** As typed, unique without regard to case. */
  readonly email: string
  readonly name: string
  readonly passwordHash: string
  /** Standard claims, sealed by the caller (`account_profile`); `''` when there are none. */
  readonly sealedProfile: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly disabledAt: Instant | undefined
}

/** The users of the built-in pages. */
export interface AccountStore {
  create(account: Account): Promise<Result<void, 'already_exists'>>
  find(id: Subject): Promise<Account | undefined>
  findByEmail(email: string): Promise<Account | undefined>
  /** Keyset page by lower-cased email. */
  list(page: {
    readonly after: string | undefined
    readonly limit: number
  }): Promise<readonly Account[]>
  replace(account: Account): Promise<Result<void, 'not_found' | 'already_exists'>>
  /**
   * Stores another hash of the same password, unless the stored one is no longer `from`: of concurrent changes of the password none is
   * undone. @returns whether it did.
   */
  replacePasswordHash(
    id: Subject,
    change: { readonly from: string; readonly to: string },
  ): Promise<boolean>
  delete(id: Subject): Promise<boolean>
}

/** Counters that limit how often something may be tried. */
export interface RateStore {
  /** Counts one event under `key` and answers the count inside the current window, this one included; exact across processes. */
  hit(key: string, now: Instant, windowMilliseconds: number): Promise<number>
  /** Takes back one event of the window that is open; never below none. One atomic statement. */
  giveBack(key: string, now: Instant): Promise<void>
  clear(key: string): Promise<void>
}

/** A logout token that a client must get (OpenID Connect Back-Channel Logout 1.0). */
export interface LogoutNotification {
  /** UUIDv4; the `jti` of the token. */
  readonly id: string
  readonly clientId: ClientId
  readonly sid: SessionId
  readonly createdAt: Instant
  /** Deliveries begun so far. */
  readonly attempts: number
  /** `undefined` once it was given up. */
  readonly nextAttemptAt: Instant | undefined
  /** Why the last delivery failed; `''` before. */
  readonly lastError: string
  readonly purgeAt: Instant
}

/** A notification as it is queued. */
export type NewLogoutNotification = Pick<
  LogoutNotification,
  'id' | 'clientId' | 'sid' | 'createdAt' | 'purgeAt'
>

/** Back-channel notifications that wait for delivery (OpenID Connect Back-Channel Logout §2.5). */
export interface LogoutNotificationStore {
  /**
   * Takes at most `limit` due notifications, counts an attempt and hides them until `leaseUntil`. Of concurrent callers exactly one gets
   * each; one whose caller dies is due again after the lease.
   */
  claim(claim: {
    readonly now: Instant
    readonly limit: number
    readonly leaseUntil: Instant
  }): Promise<readonly LogoutNotification[]>
  /** Forgets a notification that arrived. */
  delivered(id: string): Promise<void>
  /** Notes a failure and when to try again; `undefined` gives up and keeps the row for operators. */
  failed(
    id: string,
    failure: { readonly nextAttemptAt: Instant | undefined; readonly error: string },
  ): Promise<void>
  /** The newest undelivered ones. */
  list(limit: number): Promise<readonly LogoutNotification[]>
}

/** All that is asked of a database, for one project. */
export interface Storage {
  readonly clients: ClientStore
  readonly grants: GrantStore
  readonly loginSessions: LoginSessionStore
  readonly logoutNotifications: LogoutNotificationStore
  readonly flows: FlowStore
  readonly deviceRequests: DeviceRequestStore
  readonly tokens: TokenStore
  readonly keys: KeyStore
  readonly trustedIssuers: TrustedIssuerStore
  readonly accounts: AccountStore
  readonly rates: RateStore
  /**
   * Deletes rows that nothing can refer to any more, and postpones grants that a chain keeps to the end of the chain: at most `limit` with a statement.
   * Chains of grants that stay go up to an hour late. Answers how many rows went or were postponed.
   */
  purgeExpired(now: Instant, limit: number): Promise<number>
  /** Round trip to the database; throws {@link StorageUnavailable}. */
  ping(): Promise<void>
  /** Names of migrations that this version knows and the database lacks. */
  pendingMigrations(): Promise<readonly string[]>
  close(): Promise<void>
}
