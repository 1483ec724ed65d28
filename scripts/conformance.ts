/** docs/conformance.md: which test holds the server to which scenario, found by the numbers in the names of tests. */

import { openScenarios } from './conformance-open.ts'
import { renderModules } from './conformance-modules.ts'
import { scenarioGroups, scenarioId, type ScenarioGroup } from './conformance-scenarios.ts'
import { linksTo, testNames, type TestName } from './test-names.ts'

/** Numbers as test names carry them, with ranges: `ST8`, `S006–S009`; of clients also `20: …` at the beginning. */
const numbers = /\b(CY|ST|LO|HA|HE|SC|FL|OA|C|S(?=\d{3}))(\d{1,3})\b(?:[–-]\1(\d{1,3})\b)?/gu
const clientNumber = /^(\d{1,2}): /u

/** Content of docs/conformance.md. Throws for a scenario that has neither a test nor a reason. */
export async function renderConformance(): Promise<string> {
  const tests = await testsByScenario()
  const ids = scenarioGroups.flatMap(idsOf)
  const open = openReasons()
  const lost = ids.filter((id) => !tests.has(id) && !open.has(id))
  if (lost.length > 0) {
    throw new Error(`no test and no reason in scripts/conformance-open.ts: ${lost.join(', ')}`)
  }
  const covered = ids.filter((id) => tests.has(id)).length
  return [
    introduction(covered, ids.length),
    await renderModules(),
    ...scenarioGroups.map((group) => renderGroup(group, tests, open)),
  ].join('\n')
}

function introduction(covered: number, all: number): string {
  return `# Conformance

<!-- Generated from the names of the tests by npm run fix. Do not edit. -->

The plans of the OpenID Foundation come first, then scenarios of the behaviour that Firebrand is held to: flows (CY, ST, LO, HA, HE, SC, FL, OA), tokens (S), clients (C). A test that
covers one carries its number in its name. ${covered} of ${all} have a test; the others say why not.
`
}

function idsOf({ prefix, first, last }: ScenarioGroup): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => scenarioId(prefix, first + index))
}

function renderGroup(
  group: ScenarioGroup,
  tests: ReadonlyMap<string, readonly TestName[]>,
  open: ReadonlyMap<string, string>,
): string {
  const rows = idsOf(group).map((id) => {
    const found = tests.get(id) ?? []
    return `| ${id} | ${found.length === 0 ? `open: ${open.get(id)}` : linksTo(found)} |`
  })
  const [first, last] = [idsOf(group).at(0), idsOf(group).at(-1)]
  const range = first === last ? first : `${first}–${last}`
  return `## ${range}: ${group.about}\n\n| scenario | test |\n|---|---|\n${rows.join('\n')}\n`
}

/** Scenario → why it has no test. */
function openReasons(): ReadonlyMap<string, string> {
  return new Map(
    openScenarios
      .toReversed()
      .flatMap(({ scenarios, reason }) => mentioned(scenarios).map((id) => [id, reason] as const)),
  )
}

async function testsByScenario(): Promise<ReadonlyMap<string, readonly TestName[]>> {
  const found = new Map<string, TestName[]>()
  for (const test of await testNames()) {
    for (const id of mentioned(test.name, test.file.startsWith('test/client')))
      found.set(id, [...(found.get(id) ?? []), test])
  }
  return found
}

/** Every number in a text, ranges expanded; numbers out of use (`S256`) name no scenario and are harmless. */
function mentioned(text: string, isOfClients = false): readonly string[] {
  const own = isOfClients ? clientNumber.exec(text)?.[1] : undefined
  const ids = [...text.matchAll(numbers)].flatMap(([, prefix = '', from = '', to = from]) =>
    Array.from({ length: Math.max(Number(to) - Number(from) + 1, 1) }, (_, index) =>
      scenarioId(prefix, Number(from) + index),
    ),
  )
  return [...new Set(own === undefined ? ids : [`C${Number(own)}`, ...ids])]
}
