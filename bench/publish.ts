/**
 * Writes the figures of `bench/results/latest.json`, and of `workers.json`, `process.json` and `profile.json` beside it when they are there, into `docs/performance.md`,
 * between its two markers.
 *
 * Usage: `node bench/publish.ts`, after a complete run on a quiet machine.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { publishFigures } from './publish-figures.ts'
import { renderMarkdown } from './report-markdown.ts'
import type { Results } from './results.ts'
import { renderProfilesMarkdown } from './profile/report.ts'
import type { ProfileResults } from './profile/report.ts'
import { renderProcessMarkdown } from './process/report.ts'
import type { ProcessResults } from './process/results.ts'
import { renderWorkersMarkdown } from './workers/report.ts'
import type { WorkersResults } from './workers/results.ts'

const latest = path.join(import.meta.dirname, 'results/latest.json')
const workers = path.join(import.meta.dirname, 'results/workers.json')
const ofProcess = path.join(import.meta.dirname, 'results/process.json')
const profile = path.join(import.meta.dirname, 'results/profile.json')
const results = read(latest) as Results
const sections = [
  renderMarkdown(results),
  ...(existsSync(workers) ? [renderWorkersMarkdown(read(workers) as WorkersResults)] : []),
  ...(existsSync(ofProcess) ? [renderProcessMarkdown(read(ofProcess) as ProcessResults)] : []),
  ...(existsSync(profile) ? [renderProfilesMarkdown(read(profile) as ProfileResults)] : []),
]
publishFigures('performance.md', 'publish.ts', sections.join('\n\n'))
console.log(`wrote the figures of ${results.startedAt} into docs/performance.md`)

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
