import type { Instant, ProjectId } from '../../brand.ts'
import type {
  LogoutNotification,
  LogoutNotificationStore,
  NewLogoutNotification,
} from '../storage.ts'
import { logoutNotificationColumns } from './columns.ts'
import type { Engine } from './engine.ts'
import type { LogoutNotificationRow } from './schema.ts'
import { query, type Statement } from './statement.ts'

interface ById {
  readonly project: ProjectId
  readonly id: string
}

const insert = query((db, row: LogoutNotificationRow) =>
  db.insertInto('logout_notifications').values({
    project_id: row.project_id,
    id: row.id,
    client_id: row.client_id,
    sid: row.sid,
    created_at: row.created_at,
    attempts: row.attempts,
    next_attempt_at: row.next_attempt_at,
    last_error: row.last_error,
    purge_at: row.purge_at,
  }),
)

interface Claim {
  readonly project: ProjectId
  readonly now: Instant
  readonly limit: number
  readonly leaseUntil: Instant
}

/** The due ones are looked for twice: the outer condition is what a second claimer of the same row sees. */
const claim = query((db, p: Claim) =>
  db
    .updateTable('logout_notifications')
    .set((eb) => ({ next_attempt_at: p.leaseUntil, attempts: eb('attempts', '+', 1) }))
    .where('project_id', '=', p.project)
    .where('next_attempt_at', '<=', p.now)
    .where((eb) =>
      eb(
        eb.refTuple('project_id', 'id'),
        'in',
        eb
          .selectFrom('logout_notifications')
          .select(['project_id', 'id'])
          .where('project_id', '=', p.project)
          .where('next_attempt_at', '<=', p.now)
          .orderBy('next_attempt_at')
          .limit(p.limit)
          .$asTuple('project_id', 'id'),
      ),
    )
    .returning(logoutNotificationColumns),
)

const remove = query((db, p: ById) =>
  db.deleteFrom('logout_notifications').where('project_id', '=', p.project).where('id', '=', p.id),
)

const fail = query((db, p: ById & { nextAttemptAt: Instant | null; error: string }) =>
  db
    .updateTable('logout_notifications')
    .set({ next_attempt_at: p.nextAttemptAt, last_error: p.error })
    .where('project_id', '=', p.project)
    .where('id', '=', p.id),
)

const list = query((db, p: { project: ProjectId; limit: number }) =>
  db
    .selectFrom('logout_notifications')
    .select(logoutNotificationColumns)
    .where('project_id', '=', p.project)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(p.limit),
)

/** Statements for the unit that ends a session: they queue what its clients must be told. */
export function enqueueing(
  project: ProjectId,
  notifications: readonly NewLogoutNotification[],
): readonly Statement<unknown>[] {
  return notifications.map(({ id, clientId, sid, createdAt, purgeAt }) =>
    insert({
      project_id: project,
      id,
      client_id: clientId,
      sid,
      created_at: createdAt,
      attempts: 0,
      next_attempt_at: createdAt,
      last_error: '',
      purge_at: purgeAt,
    }),
  )
}

/** Undelivered logout tokens of one project. */
export function logoutNotificationStore(
  engine: Engine,
  project: ProjectId,
): LogoutNotificationStore {
  return {
    async claim({ now, limit, leaseUntil }) {
      const { rows } = await engine.write(claim({ project, now, limit, leaseUntil }))
      return rows.map(toNotification)
    },
    async delivered(id) {
      await engine.write(remove({ project, id }))
    },
    async failed(id, { nextAttemptAt, error }) {
      await engine.write(fail({ project, id, nextAttemptAt: nextAttemptAt ?? null, error }))
    },
    async list(limit) {
      return (await engine.read(list({ project, limit }))).map(toNotification)
    },
  }
}

function toNotification(row: LogoutNotificationRow): LogoutNotification {
  return {
    id: row.id,
    clientId: row.client_id,
    sid: row.sid,
    createdAt: row.created_at,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at ?? undefined,
    lastError: row.last_error,
    purgeAt: row.purge_at,
  }
}
