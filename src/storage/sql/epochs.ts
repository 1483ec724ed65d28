/** The row that tells caches of a project when clients or keys changed. */

import type { ProjectId } from '../../brand.ts'
import { query } from './statement.ts'

/** Reads the epoch; no row counts as 0. */
export const findEpoch = query((db, p: { project: ProjectId }) =>
  db.selectFrom('epochs').select('epoch').where('project_id', '=', p.project),
)

/** Moves the epoch and answers the new one. The row stays locked until the unit ends, which puts such units in order. */
export const bumpEpoch = query((db, p: { project: ProjectId }) =>
  db
    .insertInto('epochs')
    .values({ project_id: p.project, epoch: 1 })
    .onConflict((conflict) =>
      conflict.column('project_id').doUpdateSet((eb) => ({ epoch: eb('epochs.epoch', '+', 1) })),
    )
    .returning('epoch'),
)
