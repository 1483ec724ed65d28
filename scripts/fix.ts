/** Repairs what a program can: generated files, lint, format. */

import { run, type Step } from './steps.ts'

const steps: readonly Step[] = [
  ['scripts/generate.ts'],
  ['oxlint', '--type-aware', '--fix'],
  ['oxfmt'],
]

process.exitCode = steps.every((step) => run(step)) ? 0 : 1
