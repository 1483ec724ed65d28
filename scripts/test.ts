/**
 * Runs every test: units, both database engines, real clients, the browser. Arguments are vitest's (file names, -t).
 * The last line is `N passed, N failed`. Fails on any failure, on errors outside tests and when there was no test.
 */

import { parseCLI, startVitest, type TestModule } from 'vitest/node'

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const vitest = await startVitest(filter, { ...options, watch: false, passWithNoTests: true })
const modules = vitest.state.getTestModules()
const passed = count(modules, 'passed')
const failed =
  count(modules, 'failed') + errorsOutsideTests(modules) + vitest.state.getUnhandledErrors().length
await vitest.close()

if (passed + failed === 0) console.log('No test ran.')
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)

function count(all: readonly TestModule[], state: 'passed' | 'failed'): number {
  return all.reduce((sum, module) => sum + [...module.children.allTests(state)].length, 0)
}

/** A module that does not load and a hook that fails hide the tests they belong to; each counts as one failure. */
function errorsOutsideTests(all: readonly TestModule[]): number {
  const owners = all.flatMap((module) => [module, ...module.children.allSuites()])
  return owners.reduce((sum, owner) => sum + owner.errors().length, 0)
}
