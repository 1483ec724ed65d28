/**
 * Writes the constants of `bench/results/capacity.json`, and what follows from them, into `docs/scaling.md`, between its two markers.
 *
 * Usage: `node bench/capacity-publish.ts`, after `node bench/capacity.ts` on a quiet machine.
 */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { renderCapacity, type Capacity } from './capacity-report.ts'
import { publishFigures } from './publish-figures.ts'

const capacity = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'results/capacity.json'), 'utf8'),
) as Capacity
publishFigures('scaling.md', 'capacity-publish.ts', renderCapacity(capacity))
console.log(`wrote the figures of ${capacity.measuredAt} into docs/scaling.md`)
