import { asGrantId, instant, type ChainId, type GrantId, type ProjectId } from '../../brand.ts'
import type { Chain, Grant } from '../../protocol/grant.ts'
import { err, ok } from '../../result.ts'
import type { GrantStore } from '../storage.ts'
import { change, finish, type Engine } from './engine.ts'
import * as attemptQueries from './attempt-queries.ts'
import * as queries from './grant-queries.ts'
import { hourOf, toChain, toChainRow, toGrant, toGrantRow, type JoinedChain } from './grant-rows.ts'
import type { GrantRow } from './schema.ts'
import type { Statement } from './statement.ts'
import { Attempts } from './attempts.ts'

const unlimited = Number.MAX_SAFE_INTEGER

/** Behind every grant there can be, in the order of a subject's list. */
const end = { handledAt: instant(Number.MAX_SAFE_INTEGER), id: asGrantId('') }

/** Grants and chains of one project. Deleting a grant deletes its chains (foreign key). */
export function grantStore(engine: Engine, project: ProjectId): GrantStore {
  const attempts = new Attempts()

  /** A redemption that nobody was told of has not happened for those who ask. */
  function grantOf(row: GrantRow): Grant {
    const isOpen = attempts.isOpen(row.id, row.redeemed_by)
    return toGrant(isOpen ? { ...row, code_redeemed_at: null } : row)
  }

  /** The same for a rotation. */
  function chainOf(row: JoinedChain, id: GrantId): Chain | undefined {
    const chain = toChain(row, id)
    if (chain === undefined) return undefined
    const generation = chain.generation - 1
    const isOpen = attempts.isOpen(rotationOf(chain.id, generation), row.chain_rotated_by)
    return isOpen ? { ...chain, generation } : chain
  }

  return {
    async create(grant) {
      const { changes } = await engine.write(queries.insertGrant(toGrantRow(project, grant)))
      return changes === 1 ? ok(undefined) : err('already_exists')
    },

    async find(id) {
      const [row] = await engine.read(queries.findGrant({ project, id }))
      return row === undefined ? undefined : grantOf(row)
    },

    async findWithChain(id, chain) {
      if (chain === undefined) {
        const [row] = await engine.read(queries.findGrant({ project, id }))
        return row === undefined ? undefined : { grant: grantOf(row), chain: undefined }
      }
      const [row] = await engine.read(queries.findGrantWithChain({ project, id, chain }))
      return row === undefined ? undefined : { grant: grantOf(row), chain: chainOf(row, id) }
    },

    async findByIdPrefix({ kind, idPrefix }) {
      // `g` follows the last hex digit.
      const range = { project, from: idPrefix, to: `${idPrefix}g` }
      if (kind === 'grant') {
        const [row] = await engine.read(queries.findGrantInRange(range))
        return row === undefined ? undefined : { grant: grantOf(row), chain: undefined }
      }
      const [row] = await engine.read(queries.findChainInRange(range))
      return row === undefined ? undefined : { grant: grantOf(row), chain: chainOf(row, row.id) }
    },

    redeemCode: (id, now, chain) =>
      attempts.settle(id, {
        async make(attempt, isRepeated) {
          const marking = attemptQueries.markRedeemed({ project, id, now, attempt })
          if (chain === undefined) return (await engine.write(marking)).changes === 1
          const row = toChainRow(project, chain)
          if (!isRepeated) {
            const inserting = attemptQueries.insertChainOfRedeemed({ ...row, attempt })
            const [marked] = await engine.writeAll([marking, inserting])
            return marked?.changes === 1
          }
          return engine.transact(function* redeem() {
            if ((yield* change(marking)) === 0) return false
            // The chain of the attempt that was never answered: nobody holds its tokens.
            yield* change(queries.deleteChains({ project, id }))
            yield* finish(queries.insertChain(row))
            return true
          })
        },
        undo: (attempt) =>
          engine.transact(function* unredeem() {
            if ((yield* change(attemptQueries.unmarkRedeemed({ project, id, attempt }))) === 0)
              return false
            yield* change(queries.deleteChains({ project, id }))
            return true
          }),
      }),

    rotateChain: ({ id, generation, expiresAt, purgeAt }) =>
      attempts.settle(rotationOf(id, generation), {
        async make(attempt) {
          const { changes } = await engine.write(
            attemptQueries.rotate({
              project,
              id,
              generation,
              next: generation + 1,
              attempt,
              expiresAt: expiresAt ?? null,
              purgeAt: purgeAt ?? null,
              purgeHour: purgeAt === undefined ? null : hourOf(purgeAt),
            }),
          )
          return changes === 1
        },
        async undo(attempt) {
          const back = { project, id, generation, next: generation + 1, attempt }
          return (await engine.write(attemptQueries.rotateBack(back))).changes === 1
        },
      }),

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

/** Names the step of a chain away from a generation. */
function rotationOf(id: ChainId, generation: number): string {
  return `${id}/${generation}`
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
