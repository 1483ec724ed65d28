/**
 * Tells whether a token is live, and what it stands for: the one judgement behind introspection, userinfo and CORS.
 *
 * @see RFC 7662 §2.2, RFC 6750 §3.1
 */

import type { ClientId, Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { isCurrent, isUsable } from '../protocol/chain.ts'
import type { Chain, Grant } from '../protocol/grant.ts'
import type { JsonObject } from '../protocol/json.ts'
import type { ClientRecord } from '../storage/storage.ts'
import { openAccessToken, type ClientToken, type GrantToken } from './access-token.ts'
import { openRefreshToken } from './code-and-refresh-token.ts'
import { openGrantSession, type GrantSession } from './grant-session.ts'

/** A token that works. */
export interface LiveToken {
  readonly isLive: true
  readonly record: ClientRecord
  /** Raw, never the pairwise form. */
  readonly subject: string
  readonly scope: readonly string[]
  readonly audience: readonly string[]
  readonly issuedAt: Instant
  /** `undefined` for a refresh token that never expires. */
  readonly expiresAt: Instant | undefined
  /** `session.access_token` of the consent, or what a hook gave. */
  readonly extra: JsonObject
  /** The authorization of an end user; `undefined` for a token that the client got for itself. */
  readonly user: { readonly grant: Grant; readonly session: GrantSession } | undefined
}

/** A token that does not work. Whoever asks may learn `expired`; the others are not to be told apart. */
export interface DeadToken {
  readonly isLive: false
  readonly reason: 'unknown' | 'expired' | 'revoked' | 'client_gone'
}

/** A token of ours, live or dead. */
export type InspectedToken = LiveToken | DeadToken

type InspectServices = Pick<Services, 'sealer' | 'keys' | 'settings' | 'storage' | 'clock'>

function dead(reason: DeadToken['reason']): DeadToken {
  return { isLive: false, reason }
}

/** Judges an access token: at most one read by primary key besides the cached client. @throws StorageUnavailable */
export async function inspectAccessToken(
  services: InspectServices,
  value: string,
): Promise<InspectedToken> {
  const token = await openAccessToken(services, value)
  if (token === undefined) return dead('unknown')
  if (token.expiresAt <= services.clock()) return dead('expired')
  return token.kind === 'client'
    ? inspectClientToken(services, token)
    : inspectGrantToken(services, token)
}

async function inspectClientToken(
  { storage }: InspectServices,
  token: ClientToken,
): Promise<InspectedToken> {
  const record = await storage.clients.find(token.clientId)
  if (record === undefined) return dead('client_gone')
  if (token.issuedAt < record.tokensValidAfter) return dead('revoked')
  if (await storage.tokens.isRevoked(token.tokenId)) return dead('revoked')
  const { subject, scope, audience, issuedAt, expiresAt, extra } = token
  return {
    isLive: true,
    record,
    subject,
    scope,
    audience,
    issuedAt,
    expiresAt,
    extra,
    user: undefined,
  }
}

async function inspectGrantToken(
  services: InspectServices,
  token: GrantToken,
): Promise<InspectedToken> {
  const found = await findGrantOf(services, token)
  if (found === undefined || !found.isCurrent) return dead('revoked')
  const inspected = await liveGrant(services, found.grant, token)
  return inspected.isLive && token.issuedAt < inspected.record.tokensValidAfter
    ? dead('revoked')
    : inspected
}

/**
 * Finds the grant of an access token, dead or alive.
 *
 * @returns `isCurrent` tells whether its chain, if it has one, was not refreshed since; `undefined` when the grant, or the
 *   chain that a JWT names instead, is gone.
 */
export async function findGrantOf(
  { storage }: Pick<Services, 'storage'>,
  { binding }: GrantToken,
): Promise<{ readonly grant: Grant; readonly isCurrent: boolean } | undefined> {
  const { grants } = storage
  const found =
    binding.kind === 'ids'
      ? await grants.findWithChain(binding.grantId, binding.chainId)
      : await grants.findByIdPrefix(binding)
  if (found === undefined) return undefined
  return { grant: found.grant, isCurrent: isCurrentIn(found.chain, binding) }
}

function isCurrentIn(chain: Chain | undefined, binding: GrantToken['binding']): boolean {
  if (binding.kind === 'grant') return true
  if (binding.kind === 'ids' && binding.chainId === undefined) return true
  return chain !== undefined && isCurrent(chain, binding.generation)
}

/** What every token of a grant needs: that its tokens were not revoked, and that its client exists. */
async function liveGrant(
  { sealer, storage }: InspectServices,
  grant: Grant,
  times: { readonly issuedAt: Instant; readonly expiresAt: Instant | undefined },
): Promise<InspectedToken> {
  if (grant.tokensRevokedAt !== undefined) return dead('revoked')
  const record = await storage.clients.find(grant.clientId)
  if (record === undefined) return dead('client_gone')
  const session = openGrantSession(sealer, grant.session)
  return {
    isLive: true,
    record,
    subject: grant.subject,
    scope: grant.grantedScope,
    audience: grant.grantedAudience,
    issuedAt: times.issuedAt,
    expiresAt: times.expiresAt,
    extra: session.accessToken,
    user: { grant, session },
  }
}

/** Judges a refresh token; a used one is live in its grace. @throws StorageUnavailable */
export async function inspectRefreshToken(
  services: InspectServices,
  value: string,
): Promise<InspectedToken> {
  const token = openRefreshToken(services, value)
  if (token === undefined) return dead('unknown')
  const now = services.clock()
  if (token.expiresAt !== undefined && token.expiresAt <= now) return dead('expired')
  const found = await services.storage.grants.findWithChain(token.grantId, token.chainId)
  if (found?.chain === undefined) return dead('revoked')
  return isUsable(found.chain, token.generation, services.settings.oauth2, now)
    ? liveGrant(services, found.grant, token)
    : dead('revoked')
}

/** The client of a live access token. @throws StorageUnavailable */
export async function clientOfAccessToken(
  services: InspectServices,
  value: string,
): Promise<ClientId | undefined> {
  const token = await inspectAccessToken(services, value)
  return token.isLive ? token.record.client.client_id : undefined
}
