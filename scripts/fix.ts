/** Repairs what a program can: generated files, lint, format. */

import { run, type Step } from './steps.ts'

const steps: readonly Step[] = [
  ['scripts/generate.ts'],
  ['oxlint', '--type-aware', '--fix'],
  ['oxfmt'],
]

const failed = steps.filter((step) => !run(step))
process.exitCode = failed.length === 0 ? 0 : 1
