import type { Instant, ProjectId, SessionId, Subject } from '../../brand.ts'
import type { LoginSession, LoginSessionStore, NewLogoutNotification } from '../storage.ts'
import { loginSessionColumns } from './columns.ts'
import { finish, first, type Engine } from './engine.ts'
import { flag } from './grant-rows.ts'
import { enqueueing } from './logout-notifications.ts'
import type { LoginSessionRow } from './schema.ts'
import { lookUp, query, type Statement } from './statement.ts'

interface ById {
  readonly project: ProjectId
  readonly id: SessionId
}

interface BySubject {
  readonly project: ProjectId
  readonly subject: Subject
}

const find = lookUp((db, p: ById) =>
  db
    .selectFrom('login_sessions')
    .select(loginSessionColumns)
    .where('project_id', '=', p.project)
    .where('id', '=', p.id),
)

const upsert = query((db, row: LoginSessionRow) =>
  db
    .insertInto('login_sessions')
    .values({
      project_id: row.project_id,
      id: row.id,
      subject: row.subject,
      authenticated_at: row.authenticated_at,
      remember: row.remember,
      identity_provider_session_id: row.identity_provider_session_id,
      expires_at: row.expires_at,
    })
    .onConflict((conflict) =>
      conflict.columns(['project_id', 'id']).doUpdateSet((eb) => ({
        subject: eb.ref('excluded.subject'),
        authenticated_at: eb.ref('excluded.authenticated_at'),
        remember: eb.ref('excluded.remember'),
        identity_provider_session_id: eb.ref('excluded.identity_provider_session_id'),
        expires_at: eb.ref('excluded.expires_at'),
      })),
    ),
)

const move = query((db, p: ById & { readonly expiresAt: Instant }) =>
  db
    .updateTable('login_sessions')
    .set({ expires_at: p.expiresAt })
    .where('project_id', '=', p.project)
    .where('id', '=', p.id),
)

const remove = query((db, p: ById) =>
  db
    .deleteFrom('login_sessions')
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .returning(loginSessionColumns),
)

const detachGrants = query((db, p: ById) =>
  db
    .updateTable('grants')
    .set({ login_session_id: null })
    .where('project_id', '=', p.project)
    .where('login_session_id', '=', p.id),
)

const detachGrantsOfSubject = query((db, p: BySubject) =>
  db
    .updateTable('grants')
    .set({ login_session_id: null })
    .where('project_id', '=', p.project)
    .where('login_session_id', 'in', (eb) =>
      eb
        .selectFrom('login_sessions')
        .select('login_sessions.id')
        .where('login_sessions.project_id', '=', p.project)
        .where('login_sessions.subject', '=', p.subject),
    ),
)

const removeOfSubject = query((db, p: BySubject) =>
  db
    .deleteFrom('login_sessions')
    .where('project_id', '=', p.project)
    .where('subject', '=', p.subject),
)

/** Inserts a session or replaces the one with its id. */
export function putSession(project: ProjectId, session: LoginSession): Statement<unknown> {
  return upsert({
    project_id: project,
    id: session.id,
    subject: session.subject,
    authenticated_at: session.authenticatedAt,
    remember: flag(session.remember),
    identity_provider_session_id: session.identityProviderSessionId,
    expires_at: session.expiresAt,
  })
}

/** Deletes a session and detaches its grants. */
export function ending(project: ProjectId, id: SessionId): readonly Statement<unknown>[] {
  return [remove({ project, id }), detachGrants({ project, id })]
}

/** Login sessions of one project. */
export function loginSessionStore(engine: Engine, project: ProjectId): LoginSessionStore {
  function end(
    id: SessionId,
    notifications: readonly NewLogoutNotification[],
  ): Promise<LoginSession | undefined> {
    return engine.transact(function* end() {
      const row = yield* first(remove({ project, id }))
      if (row === undefined) return undefined
      yield* finish(detachGrants({ project, id }), ...enqueueing(project, notifications))
      return toSession(row)
    })
  }

  return {
    async find(id) {
      const [row] = await engine.read(find({ project, id }))
      return row === undefined ? undefined : toSession(row)
    },

    async extend(id, expiresAt) {
      await engine.write(move({ project, id, expiresAt }))
    },

    delete: (id) => end(id, []),

    end,

    deleteBySubject: (subject) =>
      engine.transact(function* endAll() {
        yield* finish(
          detachGrantsOfSubject({ project, subject }),
          removeOfSubject({ project, subject }),
        )
      }),
  }
}

function toSession(row: LoginSessionRow): LoginSession {
  return {
    id: row.id,
    subject: row.subject,
    authenticatedAt: row.authenticated_at,
    remember: row.remember === 1,
    identityProviderSessionId: row.identity_provider_session_id,
    expiresAt: row.expires_at,
  }
}
