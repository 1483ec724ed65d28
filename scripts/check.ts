/** Everything that must hold before a commit. No step hides another; the tests come last, so that their totals do. */

import { run, type Step } from './steps.ts'

const steps: readonly Step[] = [
  ['oxfmt', '--check'],
  ['oxlint', '--type-aware', '--deny-warnings'],
  ['tsc', '--noEmit'],
  ['scripts/generate.ts', '--check'],
  ['scripts/dependencies.ts'],
]

const failed = steps.filter((step) => !run(step)).map((step) => step.join(' '))
if (failed.length > 0) console.error(`\nFailed: ${failed.join('; ')}. npm run fix may help.`)
const tested = run(['scripts/test.ts'])
process.exitCode = tested && failed.length === 0 ? 0 : 1
