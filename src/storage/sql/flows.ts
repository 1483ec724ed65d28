import type { ClientId, FlowId, Instant, ProjectId } from '../../brand.ts'
import type { FlowStore } from '../storage.ts'
import { change, finish, type Engine } from './engine.ts'
import { ending, putSession } from './login-sessions.ts'
import type { ForcedSubjectRow, ParkedFlowRow, SpentVerifierRow } from './schema.ts'
import { query, type Statement } from './statement.ts'

type CompletedLogin = Parameters<FlowStore['completeLogin']>[0]

const spend = query((db, row: SpentVerifierRow) =>
  db
    .insertInto('spent_verifiers')
    .values({
      project_id: row.project_id,
      verifier_id: row.verifier_id,
      flow_id: row.flow_id,
      expires_at: row.expires_at,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

const findSpent = query((db, p: { project: ProjectId; flowId: FlowId }) =>
  db
    .selectFrom('spent_verifiers')
    .select('flow_id')
    .where('project_id', '=', p.project)
    .where('flow_id', '=', p.flowId)
    .limit(1),
)

const force = query((db, row: ForcedSubjectRow) =>
  db
    .insertInto('forced_subjects')
    .values({
      project_id: row.project_id,
      client_id: row.client_id,
      subject: row.subject,
      identifier: row.identifier,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['project_id', 'client_id', 'subject'])
        .doUpdateSet((eb) => ({ identifier: eb.ref('excluded.identifier') })),
    ),
)

const findForced = query((db, p: { project: ProjectId; clientId: ClientId; identifier: string }) =>
  db
    .selectFrom('forced_subjects')
    .select('subject')
    .where('project_id', '=', p.project)
    .where('client_id', '=', p.clientId)
    .where('identifier', '=', p.identifier)
    .orderBy('subject')
    .limit(1),
)

const insertParked = query((db, row: ParkedFlowRow) =>
  db
    .insertInto('parked_flows')
    .values({
      project_id: row.project_id,
      id: row.id,
      sealed: row.sealed,
      expires_at: row.expires_at,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

const findParked = query((db, p: { project: ProjectId; id: string; now: Instant }) =>
  db
    .selectFrom('parked_flows')
    .select('sealed')
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .where('expires_at', '>', p.now),
)

function forcing(
  project: ProjectId,
  { clientId, subject, identifier }: NonNullable<CompletedLogin['forcedSubject']>,
): Statement<unknown> {
  return force({ project_id: project, client_id: clientId, subject, identifier })
}

/** The state that sealed flows of one project need. */
export function flowStore(engine: Engine, project: ProjectId): FlowStore {
  return {
    completeLogin: ({ flowId, verifierId, expiresAt, session, forcedSubject, endedSessionId }) =>
      engine.transact(function* complete() {
        const spent = spend({
          project_id: project,
          verifier_id: verifierId,
          flow_id: flowId,
          expires_at: expiresAt,
        })
        if ((yield* change(spent)) === 0) return false
        yield* finish(
          ...(endedSessionId === undefined ? [] : ending(project, endedSessionId)),
          ...(session === undefined ? [] : [putSession(project, session)]),
          ...(forcedSubject === undefined ? [] : [forcing(project, forcedSubject)]),
        )
        return true
      }),

    async isLoginCompleted(flowId) {
      return (await engine.read(findSpent({ project, flowId }))).length > 0
    },

    async findForcedSubject(clientId, identifier) {
      const [row] = await engine.read(findForced({ project, clientId, identifier }))
      return row?.subject
    },

    async park(id, sealed, expiresAt) {
      await engine.write(insertParked({ project_id: project, id, sealed, expires_at: expiresAt }))
    },

    async findParked(id, now) {
      const [row] = await engine.read(findParked({ project, id, now }))
      return row?.sealed
    },
  }
}
