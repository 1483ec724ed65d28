/** Changes of grants and chains that work once, by the name of the attempt that makes them; see `attempts.ts`. */

import { sql } from 'kysely'
import type { ChainId, GrantId, Instant, ProjectId } from '../../brand.ts'
import type { ChainRow } from './schema.ts'
import { query } from './statement.ts'

interface Redemption {
  readonly project: ProjectId
  readonly id: GrantId
  readonly attempt: string
}

/** Redeems the code of a grant: exactly one of concurrent attempts changes a row, as often as it is made. */
export const markRedeemed = query((db, p: Redemption & { readonly now: Instant }) =>
  db
    .updateTable('grants')
    .set({ code_redeemed_at: p.now, redeemed_by: p.attempt })
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .where((eb) => eb.or([eb('code_redeemed_at', 'is', null), eb('redeemed_by', '=', p.attempt)]))
    .where('tokens_revoked_at', 'is', null),
)

/** Inserts the chain of a code that the attempt of this name redeemed; does nothing when another one did. */
export const insertChainOfRedeemed = query((db, row: ChainRow & { readonly attempt: string }) =>
  db
    .insertInto('chains')
    .columns([
      'project_id',
      'id',
      'grant_id',
      'generation',
      'used_times',
      'expires_at',
      'purge_at',
      'purge_hour',
    ])
    .expression((eb) =>
      eb
        .selectFrom('grants')
        .select([
          'project_id',
          sql<ChainId>`cast(${row.id} as text)`.as('chain_id'),
          'id',
          sql<number>`cast(${row.generation} as bigint)`.as('generation'),
          sql<number>`cast(${row.used_times} as bigint)`.as('used_times'),
          sql<Instant | null>`cast(${row.expires_at} as bigint)`.as('expires_at'),
          sql<Instant | null>`cast(${row.purge_at} as bigint)`.as('purge_at'),
          sql<number | null>`cast(${row.purge_hour} as bigint)`.as('purge_hour'),
        ])
        .where('project_id', '=', row.project_id)
        .where('id', '=', row.grant_id)
        .where('redeemed_by', '=', row.attempt),
    ),
)

/** Makes a code as good as new whose redemption nobody was told of. Its chain must go in the same transaction. */
export const unmarkRedeemed = query((db, p: Redemption) =>
  db
    .updateTable('grants')
    .set({ code_redeemed_at: null, redeemed_by: null })
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .where('redeemed_by', '=', p.attempt),
)

interface Rotation {
  readonly project: ProjectId
  readonly id: ChainId
  readonly generation: number
  readonly expiresAt: Instant | null
  readonly purgeAt: Instant | null
  readonly purgeHour: number | null
  /** `generation` and one. */
  readonly next: number
  readonly attempt: string
}

/** Moves a chain to its next generation: exactly one of concurrent attempts changes a row, as often as it is made. */
export const rotate = query((db, p: Rotation) =>
  db
    .updateTable('chains')
    .set({
      generation: p.next,
      expires_at: p.expiresAt,
      purge_at: p.purgeAt,
      purge_hour: p.purgeHour,
      rotated_by: p.attempt,
    })
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .where((eb) =>
      eb.or([
        eb('generation', '=', p.generation),
        eb.and([eb('generation', '=', p.next), eb('rotated_by', '=', p.attempt)]),
      ]),
    )
    .where('first_used_at', 'is', null),
)

interface RotationBack {
  readonly project: ProjectId
  readonly id: ChainId
  readonly generation: number
  readonly next: number
  readonly attempt: string
}

/** Takes back a rotation that nobody was told of; the row stays as long as the rotation let it. */
export const rotateBack = query((db, p: RotationBack) =>
  db
    .updateTable('chains')
    .set({ generation: p.generation, rotated_by: null })
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .where('generation', '=', p.next)
    .where('rotated_by', '=', p.attempt)
    .where('first_used_at', 'is', null),
)
