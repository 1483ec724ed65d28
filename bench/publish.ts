/**
 * Writes the figures of `bench/results/latest.json` into `docs/performance.md`, between its two markers.
 *
 * Usage: `node bench/publish.ts`, after a complete run on a quiet machine.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { renderMarkdown } from './report-markdown.ts'
import type { Results } from './results.ts'

const page = path.join(import.meta.dirname, '../docs/performance.md')
const begin = '<!-- figures: written by bench/publish.ts -->'
const end = '<!-- end of figures -->'

const results = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'results/latest.json'), 'utf8'),
) as Results
const text = readFileSync(page, 'utf8')
const from = text.indexOf(begin)
const to = text.indexOf(end)
if (from < 0 || to < from) throw new Error(`${page} has lost its markers`)
writeFileSync(
  page,
  `${text.slice(0, from + begin.length)}\n\n${renderMarkdown(results)}\n\n${text.slice(to)}`,
)
console.log(`wrote the figures of ${results.startedAt} into docs/performance.md`)
