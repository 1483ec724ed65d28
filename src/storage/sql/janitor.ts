/** Removes rows that nothing can refer to any more: a bounded number per table and call, each table by itself. */

import { sql, type Kysely } from 'kysely'
import { after, milliseconds, type Instant, type ProjectId } from '../../brand.ts'
import type { Engine } from './engine.ts'
import { hourOf } from './grant-rows.ts'
import type { Schema } from './schema.ts'
import { query, type Statement } from './statement.ts'

/** How long a grant is left alone whose chain never ends. */
const postponement = milliseconds(30 * 24 * 3_600_000)

interface Purge {
  readonly project: ProjectId
  readonly now: Instant
  readonly limit: number
}

/** The first grants in the order in which they may go. */
function firstGrants(db: Kysely<Schema>, p: Purge) {
  return db
    .selectFrom('grants as old')
    .select(['old.project_id', 'old.id'])
    .where('old.project_id', '=', p.project)
    .where('old.purge_at', '<=', p.now)
    .orderBy('old.purge_at')
    .limit(p.limit)
}

/** Chains of the first grants: they go in the order of the grants, so that no slice looks through all that wait. */
const chainsOfGrants = query((db, p: Purge) =>
  db.deleteFrom('chains').where((eb) =>
    eb(
      eb.refTuple('project_id', 'id'),
      'in',
      eb
        .selectFrom(firstGrants(db, p).as('due'))
        .innerJoin('chains as its', (join) =>
          join
            .onRef('its.project_id', '=', 'due.project_id')
            .onRef('its.grant_id', '=', 'due.id')
            .on('its.purge_at', '<=', p.now),
        )
        .select(['its.project_id', 'its.id'])
        .limit(p.limit)
        .$asTuple('project_id', 'id'),
    ),
  ),
)

/** Chains of grants that stay. Only of hours that have passed, in which there is nothing to be skipped. */
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
          .where('purge_hour', '<', p.hour)
          .orderBy('purge_hour')
          .limit(p.limit)
          .$asTuple('project_id', 'id'),
      ),
    ),
)

/** After the chains: a grant goes only when its last chain has gone. */
const grants = query((db, p: Purge) =>
  db
    .deleteFrom('grants')
    .where((eb) =>
      eb(eb.refTuple('project_id', 'id'), 'in', firstGrants(db, p).$asTuple('project_id', 'id')),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('chains')
            .select('chains.id')
            .whereRef('chains.project_id', '=', 'grants.project_id')
            .whereRef('chains.grant_id', '=', 'grants.id'),
        ),
      ),
    ),
)

/** Puts the grants that a chain keeps behind the end of their chains, where they are not met by every slice. */
const postpone = query((db, p: Purge & { readonly later: Instant }) =>
  db
    .updateTable('grants')
    .set((eb) => ({
      purge_at: eb
        .selectFrom('chains')
        .select(({ fn }) =>
          fn
            .max(fn.coalesce('chains.purge_at', sql<Instant>`cast(${p.later} as bigint)`))
            .as('end'),
        )
        .whereRef('chains.project_id', '=', 'grants.project_id')
        .whereRef('chains.grant_id', '=', 'grants.id'),
    }))
    .where((eb) =>
      eb(eb.refTuple('project_id', 'id'), 'in', firstGrants(db, p).$asTuple('project_id', 'id')),
    )
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('chains')
          .select('chains.id')
          .whereRef('chains.project_id', '=', 'grants.project_id')
          .whereRef('chains.grant_id', '=', 'grants.id')
          .where((eb) =>
            eb.or([eb('chains.purge_at', 'is', null), eb('chains.purge_at', '>', p.now)]),
          ),
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
  chainsOfGrants,
  (p) => chains({ ...p, hour: hourOf(p.now) }),
  grants,
  (p) => postpone({ ...p, later: after(p.now, postponement) }),
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

/** Deletes or postpones at most `limit` rows of each table and answers how many it was. */
export async function purgeExpired(engine: Engine, purge: Purge): Promise<number> {
  let gone = 0
  for (const statement of purges) gone += (await engine.write(statement(purge))).changes
  return gone
}
