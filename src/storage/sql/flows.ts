import { sql } from 'kysely'
import type { ClientId, FlowId, Instant, ProjectId } from '../../brand.ts'
import type { FlowStore } from '../storage.ts'
import { finish, first, type Engine } from './engine.ts'
import { parseList } from './json-text.ts'
import { ending, putSession } from './login-sessions.ts'
import type { ForcedSubjectRow, ParkedFlowRow } from './schema.ts'
import { lookUp, query, type Statement } from './statement.ts'

type LoginToComplete = Parameters<FlowStore['completeLogin']>[0]

type Spending = Pick<
  LoginToComplete,
  'verifierId' | 'flowId' | 'expiresAt' | 'clientId' | 'subject' | 'now'
> & { readonly project: ProjectId }

/**
 * Spends a verifier; answers nothing when it was spent before. The remembered consent is looked up on the way, into a column: a statement
 * of its own would cost every login a round trip, and a subquery in `RETURNING` answers wrongly on CockroachDB beside `ON CONFLICT`.
 */
const spend = query((db, p: Spending) =>
  db
    .insertInto('spent_verifiers')
    .values((eb) => ({
      project_id: p.project,
      verifier_id: p.verifierId,
      flow_id: p.flowId,
      expires_at: p.expiresAt,
      remembered_scope: eb
        .selectFrom('grants')
        .select('granted_scope')
        .where('project_id', '=', p.project)
        .where('client_id', '=', p.clientId)
        .where('subject', '=', p.subject)
        // Constants, so that engines see that the partial index covers the query.
        .where('remember', '=', sql.lit(1))
        .where('skip', '=', sql.lit(0))
        .where((it) =>
          it.or([it('remembered_until', 'is', null), it('remembered_until', '>', p.now)]),
        )
        .orderBy('requested_at', 'desc')
        .limit(1),
    }))
    .onConflict((conflict) => conflict.doNothing())
    .returning('remembered_scope'),
)

const findSpent = lookUp((db, p: { project: ProjectId; flowId: FlowId }) =>
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

const findForced = lookUp((db, p: { project: ProjectId; clientId: ClientId; identifier: string }) =>
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

const findParked = lookUp((db, p: { project: ProjectId; id: string; now: Instant }) =>
  db
    .selectFrom('parked_flows')
    .select('sealed')
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .where('expires_at', '>', p.now),
)

function forcing(
  project: ProjectId,
  { clientId, subject, identifier }: NonNullable<LoginToComplete['forcedSubject']>,
): Statement<unknown> {
  return force({ project_id: project, client_id: clientId, subject, identifier })
}

/** The state that sealed flows of one project need. */
export function flowStore(engine: Engine, project: ProjectId): FlowStore {
  return {
    async completeLogin({ session, forcedSubject, endedSessionId, ...login }) {
      const spending = spend({ project, ...login })
      const others = [
        ...(endedSessionId === undefined ? [] : ending(project, endedSessionId)),
        ...(session === undefined ? [] : [putSession(project, session)]),
        ...(forcedSubject === undefined ? [] : [forcing(project, forcedSubject)]),
      ]
      const spent =
        others.length === 0
          ? (await engine.write(spending)).rows[0]
          : await engine.transact(function* complete() {
              const row = yield* first(spending)
              if (row !== undefined) yield* finish(...others)
              return row
            })
      if (spent === undefined) return undefined
      const { remembered_scope: scope } = spent
      return { rememberedScope: scope === null ? undefined : parseList(scope) }
    },

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
