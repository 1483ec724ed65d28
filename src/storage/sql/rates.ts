import { instant, type Instant, type ProjectId } from '../../brand.ts'
import type { RateStore } from '../storage.ts'
import { digest } from './digest.ts'
import type { Engine } from './engine.ts'
import { query } from './statement.ts'

interface Hit {
  readonly project: ProjectId
  readonly digest: string
  readonly now: Instant
  readonly endsAt: Instant
}

/** Opens a window, or counts in the one that is open. */
const hit = query((db, p: Hit) =>
  db
    .insertInto('rates')
    .values({ project_id: p.project, digest: p.digest, hits: 1, ends_at: p.endsAt })
    .onConflict((conflict) =>
      conflict.columns(['project_id', 'digest']).doUpdateSet((eb) => ({
        hits: eb
          .case()
          .when('rates.ends_at', '<=', p.now)
          .then(eb.ref('excluded.hits'))
          .else(eb('rates.hits', '+', eb.ref('excluded.hits')))
          .end(),
        ends_at: eb
          .case()
          .when('rates.ends_at', '<=', p.now)
          .then(eb.ref('excluded.ends_at'))
          .else(eb.ref('rates.ends_at'))
          .end(),
      })),
    )
    .returning('hits'),
)

const giveBack = query((db, p: { project: ProjectId; digest: string; now: Instant }) =>
  db
    .updateTable('rates')
    .set((eb) => ({ hits: eb('hits', '-', 1) }))
    .where('project_id', '=', p.project)
    .where('digest', '=', p.digest)
    .where('ends_at', '>', p.now)
    .where('hits', '>', 0),
)

const clear = query((db, p: { project: ProjectId; digest: string }) =>
  db.deleteFrom('rates').where('project_id', '=', p.project).where('digest', '=', p.digest),
)

/** Fixed windows of one project; a window opens with its first event. */
export function rateStore(engine: Engine, project: ProjectId): RateStore {
  return {
    async hit(key, now, windowMilliseconds) {
      const endsAt = instant(now + windowMilliseconds)
      const { rows } = await engine.write(hit({ project, digest: digest(key), now, endsAt }))
      return rows[0]?.hits ?? 0
    },

    async giveBack(key, now) {
      await engine.write(giveBack({ project, digest: digest(key), now }))
    },

    async clear(key) {
      await engine.write(clear({ project, digest: digest(key) }))
    },
  }
}
