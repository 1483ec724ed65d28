import type { Instant, ProjectId, TokenId } from '../../brand.ts'
import type { TokenStore } from '../storage.ts'
import { digest } from './digest.ts'
import type { Engine } from './engine.ts'
import { lookUp, query } from './statement.ts'

const insertRevoked = query((db, p: { project: ProjectId; id: TokenId; expiresAt: Instant }) =>
  db
    .insertInto('revoked_tokens')
    .values({ project_id: p.project, id: p.id, expires_at: p.expiresAt })
    .onConflict((conflict) => conflict.doNothing()),
)

const findRevoked = lookUp((db, p: { project: ProjectId; id: TokenId }) =>
  db
    .selectFrom('revoked_tokens')
    .select('id')
    .where('project_id', '=', p.project)
    .where('id', '=', p.id),
)

interface Use {
  readonly project: ProjectId
  readonly digest: string
  readonly expiresAt: Instant
  readonly now: Instant
}

/** Changes one row when the `jti` is new or its former use has expired, else none. */
const useJti = query((db, p: Use) =>
  db
    .insertInto('jtis')
    .values({ project_id: p.project, digest: p.digest, expires_at: p.expiresAt })
    .onConflict((conflict) =>
      conflict
        .columns(['project_id', 'digest'])
        .doUpdateSet((eb) => ({ expires_at: eb.ref('excluded.expires_at') }))
        .where('jtis.expires_at', '<', p.now),
    ),
)

const findJti = lookUp((db, p: Omit<Use, 'expiresAt'>) =>
  db
    .selectFrom('jtis')
    .select('digest')
    .where('project_id', '=', p.project)
    .where('digest', '=', p.digest)
    .where('expires_at', '>=', p.now),
)

/** What is remembered of tokens of one project: revocations and used assertions. */
export function tokenStore(engine: Engine, project: ProjectId): TokenStore {
  return {
    async revoke(id, expiresAt) {
      await engine.write(insertRevoked({ project, id, expiresAt }))
    },

    async isRevoked(id) {
      return (await engine.read(findRevoked({ project, id }))).length > 0
    },

    async consumeJti(scope, jti, expiresAt, now) {
      const use = useJti({ project, digest: digest(scope, jti), expiresAt, now })
      return (await engine.write(use)).changes === 1
    },

    async isJtiConsumed(scope, jti, now) {
      const use = findJti({ project, digest: digest(scope, jti), now })
      return (await engine.read(use)).length > 0
    },
  }
}
