/** Removes rows that nothing can refer to any more: a bounded number per table and call, each table by itself. */

import type { Instant, ProjectId } from '../../brand.ts'
import type { Engine } from './engine.ts'
import { hourOf } from './grant-rows.ts'
import { query, type Statement } from './statement.ts'

interface Purge {
  readonly project: ProjectId
  readonly now: Instant
  readonly limit: number
}

const chains = query((db, p: Purge & { readonly hour: number }) =>
  db
    .deleteFrom('chains')
    .where((eb) =>
      eb(
        eb.refTuple('project_id', 'id'),
        'in',
        eb
          .selectFrom('chains')
          .select(['project_id', 'id'])
          .where('project_id', '=', p.project)
          .where('purge_hour', '<=', p.hour)
          .where('purge_at', '<=', p.now)
          .orderBy('purge_hour')
          .limit(p.limit)
          .$asTuple('project_id', 'id'),
      ),
    ),
)

/** After the chains: a grant goes only when its last chain has gone. */
const grants = query((db, p: Purge) =>
  db.deleteFrom('grants').where((eb) =>
    eb(
      eb.refTuple('project_id', 'id'),
      'in',
      eb
        .selectFrom('grants as old')
        .select(['old.project_id', 'old.id'])
        .where('old.project_id', '=', p.project)
        .where('old.purge_at', '<=', p.now)
        .where((inner) =>
          inner.not(
            inner.exists(
              inner
                .selectFrom('chains')
                .select('chains.id')
                .whereRef('chains.project_id', '=', 'old.project_id')
                .whereRef('chains.grant_id', '=', 'old.id'),
            ),
          ),
        )
        .orderBy('old.purge_at')
        .limit(p.limit)
        .$asTuple('project_id', 'id'),
    ),
  ),
)

type Expiring = 'login_sessions' | 'parked_flows' | 'revoked_tokens' | 'trusted_issuers'

/** Tables with the key `id` whose rows end by themselves. */
function expired(table: Expiring) {
  return query((db, p: Purge) =>
    db
      .deleteFrom(table)
      .where((eb) =>
        eb(
          eb.refTuple('project_id', 'id'),
          'in',
          eb
            .selectFrom(table)
            .select(['project_id', 'id'])
            .where('project_id', '=', p.project)
            .where('expires_at', '<', p.now)
            .orderBy('expires_at')
            .limit(p.limit)
            .$asTuple('project_id', 'id'),
        ),
      ),
  )
}

const loginSessions = expired('login_sessions')
const parkedFlows = expired('parked_flows')
const revokedTokens = expired('revoked_tokens')
const trustedIssuers = expired('trusted_issuers')

/** Tables with the key `id` whose rows say when they may go. */
function purgeable(table: 'logout_notifications' | 'device_requests') {
  return query((db, p: Purge) =>
    db
      .deleteFrom(table)
      .where((eb) =>
        eb(
          eb.refTuple('project_id', 'id'),
          'in',
          eb
            .selectFrom(table)
            .select(['project_id', 'id'])
            .where('project_id', '=', p.project)
            .where('purge_at', '<=', p.now)
            .orderBy('purge_at')
            .limit(p.limit)
            .$asTuple('project_id', 'id'),
        ),
      ),
  )
}

const logoutNotifications = purgeable('logout_notifications')
const deviceRequests = purgeable('device_requests')

const spentVerifiers = query((db, p: Purge) =>
  db
    .deleteFrom('spent_verifiers')
    .where((eb) =>
      eb(
        eb.refTuple('project_id', 'flow_id', 'verifier_id'),
        'in',
        eb
          .selectFrom('spent_verifiers')
          .select(['project_id', 'flow_id', 'verifier_id'])
          .where('project_id', '=', p.project)
          .where('expires_at', '<', p.now)
          .orderBy('expires_at')
          .limit(p.limit)
          .$asTuple('project_id', 'flow_id', 'verifier_id'),
      ),
    ),
)

const jtis = query((db, p: Purge) =>
  db
    .deleteFrom('jtis')
    .where((eb) =>
      eb(
        eb.refTuple('project_id', 'digest'),
        'in',
        eb
          .selectFrom('jtis')
          .select(['project_id', 'digest'])
          .where('project_id', '=', p.project)
          .where('expires_at', '<', p.now)
          .orderBy('expires_at')
          .limit(p.limit)
          .$asTuple('project_id', 'digest'),
      ),
    ),
)

const rates = query((db, p: Purge) =>
  db
    .deleteFrom('rates')
    .where((eb) =>
      eb(
        eb.refTuple('project_id', 'digest'),
        'in',
        eb
          .selectFrom('rates')
          .select(['project_id', 'digest'])
          .where('project_id', '=', p.project)
          .where('ends_at', '<=', p.now)
          .orderBy('ends_at')
          .limit(p.limit)
          .$asTuple('project_id', 'digest'),
      ),
    ),
)

const purges: readonly ((p: Purge) => Statement<unknown>)[] = [
  (p) => chains({ ...p, hour: hourOf(p.now) }),
  grants,
  loginSessions,
  spentVerifiers,
  parkedFlows,
  jtis,
  revokedTokens,
  trustedIssuers,
  rates,
  logoutNotifications,
  deviceRequests,
]

/** Deletes at most `limit` rows of each table and answers how many went. */
export async function purgeExpired(engine: Engine, purge: Purge): Promise<number> {
  let gone = 0
  for (const statement of purges) gone += (await engine.write(statement(purge))).changes
  return gone
}
