/** Everything that must hold before a commit. All steps run even if one fails; the tests come last. */

import { run, type Step } from './steps.ts'

const steps: readonly Step[] = [
  ['oxfmt', '--check'],
  ['oxlint', '--type-aware', '--deny-warnings'],
  ['tsc', '--noEmit'],
  ['scripts/generate.ts', '--check'],
  ['scripts/test.ts'],
]

const failed = steps.filter((step) => !run(step))
if (failed.length > 0) {
  console.error(`Failed: ${failed.map((step) => step.join(' ')).join('; ')}`)
  process.exitCode = 1
}
