/**
 * Writes the constants of `bench/results/capacity.json`, and what follows from them, into `docs/scaling.md`, between its two markers.
 *
 * Usage: `node bench/capacity-publish.ts`, after `node bench/capacity.ts` on a quiet machine.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { renderCapacity, type Capacity } from './capacity-report.ts'

const page = path.join(import.meta.dirname, '../docs/scaling.md')
const begin = '<!-- figures: written by bench/capacity-publish.ts -->'
const end = '<!-- end of figures -->'

const capacity = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'results/capacity.json'), 'utf8'),
) as Capacity
const text = readFileSync(page, 'utf8')
const from = text.indexOf(begin)
const to = text.indexOf(end)
if (from < 0 || to < from) throw new Error(`${page} has lost its markers`)
writeFileSync(
  page,
  `${text.slice(0, from + begin.length)}\n\n${renderCapacity(capacity)}\n\n${text.slice(to)}`,
)
console.log(`wrote the figures of ${capacity.measuredAt} into docs/scaling.md`)
