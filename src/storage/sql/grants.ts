import { asGrantId, instant, type ProjectId } from '../../brand.ts'
import { err, ok } from '../../result.ts'
import type { GrantStore } from '../storage.ts'
import { change, finish, type Engine } from './engine.ts'
import * as queries from './grant-queries.ts'
import { hourOf, toChain, toChainRow, toGrant, toGrantRow } from './grant-rows.ts'
import type { Statement } from './statement.ts'

const unlimited = Number.MAX_SAFE_INTEGER

/** Behind every grant there can be, in the order of a subject's list. */
const end = { handledAt: instant(Number.MAX_SAFE_INTEGER), id: asGrantId('') }

/** Grants and chains of one project. Deleting a grant deletes its chains (foreign key). */
export function grantStore(engine: Engine, project: ProjectId): GrantStore {
  return {
    async create(grant) {
      const { changes } = await engine.write(queries.insertGrant(toGrantRow(project, grant)))
      return changes === 1 ? ok(undefined) : err('already_exists')
    },

    async find(id) {
      const [row] = await engine.read(queries.findGrant({ project, id }))
      return row === undefined ? undefined : toGrant(row)
    },

    async findWithChain(id, chain) {
      if (chain === undefined) {
        const [row] = await engine.read(queries.findGrant({ project, id }))
        return row === undefined ? undefined : { grant: toGrant(row), chain: undefined }
      }
      const [row] = await engine.read(queries.findGrantWithChain({ project, id, chain }))
      return row === undefined ? undefined : { grant: toGrant(row), chain: toChain(row, id) }
    },

    async findByIdPrefix({ kind, idPrefix }) {
      // `g` follows the last hex digit.
      const range = { project, from: idPrefix, to: `${idPrefix}g` }
      if (kind === 'grant') {
        const [row] = await engine.read(queries.findGrantInRange(range))
        return row === undefined ? undefined : { grant: toGrant(row), chain: undefined }
      }
      const [row] = await engine.read(queries.findChainInRange(range))
      return row === undefined ? undefined : { grant: toGrant(row), chain: toChain(row, row.id) }
    },

    async redeemCode(id, now, chain) {
      const marking = queries.markRedeemed({ project, id, now })
      if (chain === undefined) return (await engine.write(marking)).changes === 1
      return engine.transact(function* redeem() {
        if ((yield* change(marking)) === 0) return false
        yield* finish(queries.insertChain(toChainRow(project, chain)))
        return true
      })
    },

    async rotateChain({ id, generation, expiresAt, purgeAt }) {
      const { changes } = await engine.write(
        queries.rotate({
          project,
          id,
          generation,
          expiresAt: expiresAt ?? null,
          purgeAt: purgeAt ?? null,
          purgeHour: purgeAt === undefined ? null : hourOf(purgeAt),
        }),
      )
      return changes === 1
    },

    forkChain({ parent, generation, now, notUsedBefore, maxUses, parentPurgeAt, child }) {
      const use = queries.countUse({
        project,
        id: parent,
        generation,
        now,
        notUsedBefore,
        maxUses: maxUses === 0 ? unlimited : maxUses,
        purgeAt: parentPurgeAt,
        purgeHour: hourOf(parentPurgeAt),
      })
      return engine.transact(function* fork() {
        if ((yield* change(use)) === 0) return false
        yield* finish(queries.insertChain(toChainRow(project, child)))
        return true
      })
    },

    async replaceSession(id, session) {
      await engine.write(queries.updateSession({ project, id, session }))
    },

    revokeTokens: (id, now) =>
      engine.transact(function* revoke() {
        yield* change(queries.markRevoked({ project, id, now }))
        // A concurrent fork that committed while the statement waited for its row is visible to the next one only.
        while ((yield* change(queries.deleteChains({ project, id }))) > 0);
      }),

    async findRemembered(clientId, subject, now) {
      const [row] = await engine.read(
        queries.findRememberedGrant({ project, clientId, subject, now }),
      )
      return row === undefined ? undefined : toGrant(row)
    },

    async listBySubject({ subject, loginSessionId, after, limit, now }) {
      const { handledAt, id } = after ?? end
      const session = loginSessionId ?? null
      const which = session === null ? queries.listBySubject : queries.listBySubjectAndSession
      const page = { project, subject, session, handledAt, id, limit, now }
      return (await engine.read(which(page))).map(toGrant)
    },

    async delete(which) {
      await engine.write(deletion(project, which))
    },

    async clientsOfSession(session, subject) {
      const rows = await engine.read(queries.findClientsOfSession({ project, session, subject }))
      return rows.map((row) => row.client_id)
    },
  }
}

function deletion(
  project: ProjectId,
  which: Parameters<GrantStore['delete']>[0],
): Statement<unknown> {
  if ('id' in which) return queries.deleteById({ project, id: which.id })
  const { subject, clientId } = which
  return clientId === undefined
    ? queries.deleteBySubject({ project, subject })
    : queries.deleteByClientAndSubject({ project, clientId, subject })
}
