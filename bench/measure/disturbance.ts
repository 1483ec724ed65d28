import { cpus } from 'node:os'
import { median } from './cell.ts'
import type { Round } from './cell.ts'

/** When other programs take more than this share of the machine, what was measured is not worth much. */
export const disturbingShare = 0.1

/** A note for the report when other programs took too much while it was measured; else nothing. */
export function disturbanceNotes(rounds: readonly Round[], cores = cpus().length): string[] {
  const others = rounds.flatMap(({ otherShare }) => otherShare ?? [])
  if (others.length === 0) return []
  const usual = median(others)
  if (usual <= disturbingShare * cores) return []
  return [
    `other programs took ${usual.toFixed(1)} of ${cores} cores while it was measured: the figures are not those of a quiet machine`,
  ]
}
