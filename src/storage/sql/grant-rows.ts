import { instant, type Instant, type ProjectId } from '../../brand.ts'
import type { Chain, Grant } from '../../protocol/grant.ts'
import type { NewChain } from '../storage.ts'
import { parseList } from './json-text.ts'
import type { ChainRow, Flag, GrantRow } from './schema.ts'

const hour = 3_600_000

/** The hour, counted from the epoch, that an instant falls into. */
export function hourOf(at: Instant): number {
  return Math.floor(at / hour)
}

/** Flags as stored. */
export function flag(value: boolean): Flag {
  return value ? 1 : 0
}

/** The row of a grant. */
export function toGrantRow(project: ProjectId, grant: Grant): GrantRow {
  return {
    project_id: project,
    id: grant.id,
    flow_id: grant.flowId,
    client_id: grant.clientId,
    subject: grant.subject,
    login_session_id: grant.loginSessionId ?? null,
    requested_at: grant.requestedAt,
    handled_at: grant.handledAt,
    skip: flag(grant.skip),
    remember: flag(grant.remember),
    remember_for: grant.rememberFor,
    remembered_until: grant.rememberedUntil ?? null,
    requested_scope: JSON.stringify(grant.requestedScope),
    granted_scope: JSON.stringify(grant.grantedScope),
    requested_audience: JSON.stringify(grant.requestedAudience),
    granted_audience: JSON.stringify(grant.grantedAudience),
    session: grant.session,
    code_expires_at: grant.codeExpiresAt ?? null,
    code_redeemed_at: grant.codeRedeemedAt ?? null,
    tokens_revoked_at: grant.tokensRevokedAt ?? null,
    purge_at: grant.purgeAt ?? null,
    redeemed_by: null,
  }
}

/** The grant of a row. */
export function toGrant(row: GrantRow): Grant {
  return {
    id: row.id,
    flowId: row.flow_id,
    clientId: row.client_id,
    subject: row.subject,
    loginSessionId: row.login_session_id ?? undefined,
    requestedAt: row.requested_at,
    handledAt: row.handled_at,
    skip: row.skip === 1,
    remember: row.remember === 1,
    rememberFor: row.remember_for,
    rememberedUntil: row.remembered_until ?? undefined,
    requestedScope: parseList(row.requested_scope),
    grantedScope: parseList(row.granted_scope),
    requestedAudience: parseList(row.requested_audience),
    grantedAudience: parseList(row.granted_audience),
    session: row.session,
    codeExpiresAt: row.code_expires_at ?? undefined,
    codeRedeemedAt: row.code_redeemed_at ?? undefined,
    tokensRevokedAt: row.tokens_revoked_at ?? undefined,
    purgeAt: row.purge_at ?? undefined,
  }
}

/** The row of a new chain. */
export function toChainRow(project: ProjectId, chain: NewChain): ChainRow {
  return {
    project_id: project,
    id: chain.id,
    grant_id: chain.grantId,
    generation: 0,
    first_used_at: null,
    used_times: 0,
    expires_at: chain.expiresAt ?? null,
    purge_at: chain.purgeAt ?? null,
    purge_hour: chain.purgeAt === undefined ? null : hourOf(chain.purgeAt),
    rotated_by: null,
  }
}

/** The columns of a chain beside those of its grant. */
export interface JoinedChain {
  readonly chain_id: Chain['id'] | null
  readonly chain_generation: number | null
  readonly chain_first_used_at: number | null
  readonly chain_used_times: number | null
  readonly chain_expires_at: number | null
  readonly chain_purge_at: number | null
  readonly chain_rotated_by: string | null
}

/** The chain of a joined row; `undefined` when the grant has none. */
export function toChain(row: JoinedChain, grantId: Grant['id']): Chain | undefined {
  if (row.chain_id === null) return undefined
  return {
    id: row.chain_id,
    grantId,
    generation: row.chain_generation ?? 0,
    firstUsedAt: optionalInstant(row.chain_first_used_at),
    usedTimes: row.chain_used_times ?? 0,
    expiresAt: optionalInstant(row.chain_expires_at),
    purgeAt: optionalInstant(row.chain_purge_at),
  }
}

function optionalInstant(value: number | null): Instant | undefined {
  return value === null ? undefined : instant(value)
}
