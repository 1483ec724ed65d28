/** The queries over grants and chains; grants.ts says what they mean together. */

import { sql } from 'kysely'
import {
  asChainId,
  asGrantId,
  type ChainId,
  type ClientId,
  type GrantId,
  type Instant,
  type ProjectId,
  type SessionId,
  type Subject,
} from '../../brand.ts'
import { grantColumns, qualifiedGrantColumns } from './columns.ts'
import type { ChainRow, GrantRow } from './schema.ts'
import { lookUp, query } from './statement.ts'

interface ById {
  readonly project: ProjectId
  readonly id: GrantId
}

/** Inserts a grant. */
export const insertGrant = query((db, row: GrantRow) =>
  db
    .insertInto('grants')
    .values({
      project_id: row.project_id,
      id: row.id,
      flow_id: row.flow_id,
      client_id: row.client_id,
      subject: row.subject,
      login_session_id: row.login_session_id,
      requested_at: row.requested_at,
      handled_at: row.handled_at,
      skip: row.skip,
      remember: row.remember,
      remember_for: row.remember_for,
      remembered_until: row.remembered_until,
      requested_scope: row.requested_scope,
      granted_scope: row.granted_scope,
      requested_audience: row.requested_audience,
      granted_audience: row.granted_audience,
      session: row.session,
      code_expires_at: row.code_expires_at,
      code_redeemed_at: row.code_redeemed_at,
      tokens_revoked_at: row.tokens_revoked_at,
      purge_at: row.purge_at,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

/** Finds a grant by its id. */
export const findGrant = lookUp((db, p: ById) =>
  db
    .selectFrom('grants')
    .select(grantColumns)
    .where('project_id', '=', p.project)
    .where('id', '=', p.id),
)

const chainColumns = [
  'chains.id as chain_id',
  'chains.generation as chain_generation',
  'chains.first_used_at as chain_first_used_at',
  'chains.used_times as chain_used_times',
  'chains.expires_at as chain_expires_at',
  'chains.purge_at as chain_purge_at',
  'chains.rotated_by as chain_rotated_by',
] as const

/** Finds a grant with one of its chains; the chain's columns are null when there is none. */
export const findGrantWithChain = lookUp((db, p: ById & { readonly chain: ChainId }) =>
  db
    .selectFrom('grants')
    .leftJoin('chains', (join) =>
      join
        .onRef('chains.project_id', '=', 'grants.project_id')
        .on('chains.id', '=', p.chain)
        .onRef('chains.grant_id', '=', 'grants.id'),
    )
    .select(qualifiedGrantColumns)
    .select(chainColumns)
    .where('grants.project_id', '=', p.project)
    .where('grants.id', '=', p.id),
)

interface ByIdRange {
  readonly project: ProjectId
  readonly from: string
  /** Not included. */
  readonly to: string
}

/** Finds the grant whose id is in a range. */
export const findGrantInRange = lookUp((db, p: ByIdRange) =>
  db
    .selectFrom('grants')
    .select(grantColumns)
    .where('project_id', '=', p.project)
    .where('id', '>=', asGrantId(p.from))
    .where('id', '<', asGrantId(p.to))
    .limit(1),
)

/** Finds the chain whose id is in a range, with its grant. */
export const findChainInRange = lookUp((db, p: ByIdRange) =>
  db
    .selectFrom('chains')
    .innerJoin('grants', (join) =>
      join
        .onRef('grants.project_id', '=', 'chains.project_id')
        .onRef('grants.id', '=', 'chains.grant_id'),
    )
    .select(qualifiedGrantColumns)
    .select(chainColumns)
    .where('chains.project_id', '=', p.project)
    .where('chains.id', '>=', asChainId(p.from))
    .where('chains.id', '<', asChainId(p.to))
    .limit(1),
)

/** Inserts a chain. */
export const insertChain = query((db, row: ChainRow) =>
  db.insertInto('chains').values({
    project_id: row.project_id,
    id: row.id,
    grant_id: row.grant_id,
    generation: row.generation,
    first_used_at: row.first_used_at,
    used_times: row.used_times,
    expires_at: row.expires_at,
    purge_at: row.purge_at,
    purge_hour: row.purge_hour,
  }),
)

interface Use {
  readonly project: ProjectId
  readonly id: ChainId
  readonly generation: number
  readonly now: Instant
  readonly notUsedBefore: Instant
  /** Above every count when there is no limit. */
  readonly maxUses: number
  readonly purgeAt: Instant
  readonly purgeHour: number
}

/** Counts one use of a refresh token in its grace period; changes no row when it may not be used again. */
export const countUse = query((db, p: Use) =>
  db
    .updateTable('chains')
    .set((eb) => ({
      first_used_at: eb.fn.coalesce('first_used_at', sql<Instant>`cast(${p.now} as bigint)`),
      used_times: eb('used_times', '+', 1),
      purge_at: p.purgeAt,
      purge_hour: p.purgeHour,
    }))
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .where('generation', '=', p.generation)
    .where((eb) =>
      eb.or([eb('first_used_at', 'is', null), eb('first_used_at', '>=', p.notUsedBefore)]),
    )
    .where('used_times', '<', p.maxUses),
)

/** Replaces the sealed session data of a grant. */
export const updateSession = query((db, p: ById & { readonly session: string }) =>
  db
    .updateTable('grants')
    .set({ session: p.session })
    .where('project_id', '=', p.project)
    .where('id', '=', p.id),
)

/** Ends the tokens of a grant; changes no row when they have ended before. */
export const markRevoked = query((db, p: ById & { readonly now: Instant }) =>
  db
    .updateTable('grants')
    .set({ tokens_revoked_at: p.now })
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .where('tokens_revoked_at', 'is', null),
)

/** Deletes the chains of a grant. */
export const deleteChains = query((db, p: ById) =>
  db.deleteFrom('chains').where('project_id', '=', p.project).where('grant_id', '=', p.id),
)

interface OfClientAndSubject {
  readonly project: ProjectId
  readonly clientId: ClientId
  readonly subject: Subject
}

interface Page {
  readonly project: ProjectId
  readonly subject: Subject
  readonly session: SessionId | null
  readonly handledAt: Instant
  readonly id: GrantId
  readonly limit: number
  readonly now: Instant
}

function listQuery(bySession: boolean) {
  return query((db, p: Page) =>
    db
      .selectFrom('grants')
      .select(grantColumns)
      .where('project_id', '=', p.project)
      .where('subject', '=', p.subject)
      .where('skip', '=', 0)
      .where((eb) =>
        eb.or([eb('remembered_until', 'is', null), eb('remembered_until', '>', p.now)]),
      )
      .where((eb) => eb(eb.refTuple('handled_at', 'id'), '<', eb.tuple(p.handledAt, p.id)))
      .$if(bySession, (it) => it.where('login_session_id', '=', p.session))
      .orderBy('handled_at', 'desc')
      .orderBy('id', 'desc')
      .limit(p.limit),
  )
}

/** Lists a page of the grants of a subject, newest first. */
export const listBySubject = listQuery(false)
/** Lists a page of the grants of a subject and a login session, newest first. */
export const listBySubjectAndSession = listQuery(true)

/** Deletes a grant. */
export const deleteById = query((db, p: ById) =>
  db.deleteFrom('grants').where('project_id', '=', p.project).where('id', '=', p.id),
)

/** Deletes all grants of a subject. */
export const deleteBySubject = query(
  (db, p: { readonly project: ProjectId; readonly subject: Subject }) =>
    db.deleteFrom('grants').where('project_id', '=', p.project).where('subject', '=', p.subject),
)

/** Deletes the grants of a subject for one client. */
export const deleteByClientAndSubject = query((db, p: OfClientAndSubject) =>
  db
    .deleteFrom('grants')
    .where('project_id', '=', p.project)
    .where('client_id', '=', p.clientId)
    .where('subject', '=', p.subject),
)

/** Finds the ids of the clients that have grants of a login session. */
export const findClientsOfSession = query(
  (
    db,
    p: { readonly project: ProjectId; readonly session: SessionId; readonly subject: Subject },
  ) =>
    db
      .selectFrom('grants')
      .select('client_id')
      .distinct()
      .where('project_id', '=', p.project)
      .where('login_session_id', '=', p.session)
      .where('subject', '=', p.subject)
      .orderBy('client_id'),
)
