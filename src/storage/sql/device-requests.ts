import { sql } from 'kysely'
import type { ClientId, GrantId, Instant, Milliseconds, ProjectId } from '../../brand.ts'
import { err, ok } from '../../result.ts'
import type { DeviceRequest, DeviceRequestStore } from '../storage.ts'
import { deviceRequestColumns } from './columns.ts'
import { change, UniqueViolation, type Engine } from './engine.ts'
import { insertGrant } from './grant-queries.ts'
import { toGrantRow } from './grant-rows.ts'
import { parseList } from './json-text.ts'
import type { DeviceRequestRow } from './schema.ts'
import { query } from './statement.ts'

/** What a poll that came too early adds to the interval (RFC 8628 §3.5), and where adding ends. */
const slowDown = 5_000
const longestInterval = 60_000

const insert = query((db, row: DeviceRequestRow) =>
  db
    .insertInto('device_requests')
    .values({
      project_id: row.project_id,
      id: row.id,
      user_code_hash: row.user_code_hash,
      client_id: row.client_id,
      requested_scope: row.requested_scope,
      requested_audience: row.requested_audience,
      requested_at: row.requested_at,
      expires_at: row.expires_at,
      interval_ms: row.interval_ms,
      next_poll_at: row.next_poll_at,
      polled_too_fast: row.polled_too_fast,
      state: row.state,
      challenge_id: row.challenge_id,
      purge_at: row.purge_at,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

const find = query((db, p: { project: ProjectId; id: GrantId }) =>
  db
    .selectFrom('device_requests')
    .select(deviceRequestColumns)
    .where('project_id', '=', p.project)
    .where('id', '=', p.id),
)

const findByUserCode = query((db, p: { project: ProjectId; hash: string }) =>
  db
    .selectFrom('device_requests')
    .select(deviceRequestColumns)
    .where('project_id', '=', p.project)
    .where('user_code_hash', '=', p.hash),
)

interface Poll {
  readonly project: ProjectId
  readonly id: GrantId
  readonly clientId: ClientId
  readonly now: Instant
  /** A poll that is due by then is not too fast. */
  readonly dueBy: Instant
}

/** Every expression sees the row as it was, so judging and moving on are one step. */
const poll = query((db, p: Poll) =>
  db
    .updateTable('device_requests')
    .set((eb) => {
      const tooFast = eb('next_poll_at', '>', p.dueBy)
      const longer = eb
        .case()
        .when(tooFast)
        .then(
          sql<Milliseconds>`case when interval_ms >= ${sql.lit(longestInterval)} then interval_ms else interval_ms + ${sql.lit(slowDown)} end`,
        )
        .else(eb.ref('interval_ms'))
        .end()
      return {
        polled_too_fast: eb.case().when(tooFast).then(eb.lit(1)).else(eb.lit(0)).end(),
        interval_ms: longer,
        next_poll_at: sql<Instant>`${longer} + ${p.now}`,
      }
    })
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .where('client_id', '=', p.clientId)
    .returning(deviceRequestColumns),
)

const markAccepted = query(
  (db, p: { project: ProjectId; id: GrantId; now: Instant; challengeId: string }) =>
    db
      .updateTable('device_requests')
      .set({ state: 'accepted', challenge_id: p.challengeId })
      .where('project_id', '=', p.project)
      .where('id', '=', p.id)
      .where('state', '=', 'pending')
      .where('expires_at', '>', p.now),
)

const markRejected = query((db, p: { project: ProjectId; id: GrantId }) =>
  db
    .updateTable('device_requests')
    .set({ state: 'rejected' })
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .where('state', '=', 'pending'),
)

/** Requests of devices of one project. */
export function deviceRequestStore(engine: Engine, project: ProjectId): DeviceRequestStore {
  return {
    async create(request) {
      const { changes } = await engine.write(insert(toRow(project, request)))
      return changes === 1 ? ok(undefined) : err('already_exists')
    },

    async find(id) {
      const [row] = await engine.read(find({ project, id }))
      return row === undefined ? undefined : toDeviceRequest(row)
    },

    async findByUserCode(hash) {
      const [row] = await engine.read(findByUserCode({ project, hash }))
      return row === undefined ? undefined : toDeviceRequest(row)
    },

    async poll({ id, clientId, now, dueBy }) {
      const { rows } = await engine.write(poll({ project, id, clientId, now, dueBy }))
      const [row] = rows
      return row === undefined
        ? undefined
        : { request: toDeviceRequest(row), tooFast: row.polled_too_fast === 1 }
    },

    async accept({ id, challengeId, now, grant }) {
      try {
        const accepted = await engine.transact(function* accept() {
          if ((yield* change(markAccepted({ project, id, now, challengeId }))) === 0) return false
          yield* change(insertGrant(toGrantRow(project, grant)))
          return true
        })
        return accepted ? ok(undefined) : err('unavailable')
      } catch (error) {
        if (error instanceof UniqueViolation) return err('challenge_used')
        throw error
      }
    },

    async reject(id) {
      return (await engine.write(markRejected({ project, id }))).changes === 1
    },
  }
}

function toRow(project: ProjectId, request: DeviceRequest): DeviceRequestRow {
  return {
    project_id: project,
    id: request.id,
    user_code_hash: request.userCodeHash,
    client_id: request.clientId,
    requested_scope: JSON.stringify(request.requestedScope),
    requested_audience: JSON.stringify(request.requestedAudience),
    requested_at: request.requestedAt,
    expires_at: request.expiresAt,
    interval_ms: request.interval,
    next_poll_at: request.requestedAt,
    polled_too_fast: 0,
    state: request.state,
    challenge_id: null,
    purge_at: request.purgeAt,
  }
}

function toDeviceRequest(row: DeviceRequestRow): DeviceRequest {
  return {
    id: row.id,
    userCodeHash: row.user_code_hash,
    clientId: row.client_id,
    requestedScope: parseList(row.requested_scope),
    requestedAudience: parseList(row.requested_audience),
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    interval: row.interval_ms,
    state: row.state,
    purgeAt: row.purge_at,
  }
}
