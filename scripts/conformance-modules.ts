/** The part of docs/conformance.md about the plans of the OpenID Foundation: plan, module, response types, test. */

import { readdir, readFile } from 'node:fs/promises'
import { plans, skippedByRule, type ModuleName, type Plan } from '../test/conformance/list.ts'

const folder = 'test/conformance'

/** The part, as Markdown. Throws for a module without a test, and for a plan that no test runs. */
export async function renderModules(): Promise<string> {
  const [tests, runs] = await Promise.all([testsByModule(), runsByPlan()])
  const sections = Object.entries(plans).map(([key, plan]) => {
    const run = runs.get(key)
    if (run === undefined) throw new Error(`no test runs the plan ${plan.name}`)
    return renderPlan(plan, run, tests)
  })
  return `${introduction()}\n${sections.join('\n')}`
}

function introduction(): string {
  const variants = Object.values<Plan>(plans).reduce(
    (sum, plan) => sum + plan.registrations.length * countOf(plan),
    0,
  )
  return `## Plans of the OpenID Foundation

Modules of the public conformance suite, written again as black-box tests of the same names, with independent clients (\`oauth4webapi\`,
\`jose\`, \`openid-client\`) and a browser that fills in the pages. ${variants} runs (modules × response types × registration modes), each on
SQLite and on PostgreSQL. What the suite would only warn about fails here. Passing them is no certificate; how to run the suite itself says
[conformance-suite.md](conformance-suite.md).
`
}

/** Modules × response types of a plan. */
function countOf({ parts }: Plan): number {
  return parts.reduce((sum, { modules }) => sum + modules.length, 0)
}

function renderPlan(plan: Plan, run: string, tests: ReadonlyMap<string, string>): string {
  const names = [...new Set(plan.parts.flatMap(({ modules }) => modules))]
  const rows = names.map((name) => `| ${name} | ${typesOf(plan, name)} | ${testOf(name, tests)} |`)
  const counts = plan.parts.map(({ responseType, modules }) => countLine(responseType, modules))
  return `### ${plan.name}

Run by [${run}](../${run}) with ${plan.registrations.join(' and ')}. ${counts.join('; ')}.

| module | response types | test |
|---|---|---|
${rows.join('\n')}
`
}

function countLine(responseType: string, modules: readonly ModuleName[]): string {
  const skipped = modules.filter((name) => skippedByRule[name] !== undefined)
  const note = skipped.length === 0 ? '' : ` (${skipped.length} skipped by rule)`
  return `\`${responseType}\`: ${modules.length} of ${modules.length}${note}`
}

function typesOf({ parts }: Plan, name: ModuleName): string {
  const types = parts.filter(({ modules }) => modules.includes(name))
  return types.length === parts.length && parts.length > 1
    ? 'all'
    : types.map(({ responseType }) => `\`${responseType}\``).join(', ')
}

function testOf(name: ModuleName, tests: ReadonlyMap<string, string>): string {
  const file = tests.get(name)
  if (file === undefined) throw new Error(`no test of the module ${name} in ${folder}/modules`)
  const rule = skippedByRule[name]
  const link = `[${file}](../${file})`
  return rule === undefined ? link : `${link}; skipped by rule: ${rule}`
}

/** Module → file that defines it. */
async function testsByModule(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const file of await filesOf(`${folder}/modules`)) {
    const text = await readFile(new URL(`../${file}`, import.meta.url), 'utf8')
    for (const [, name = ''] of text.matchAll(/^ {2}(?:async )?'(oidcc-[^']+)'[:(,]/gmu))
      found.set(name, file)
  }
  return found
}

/** Key of a plan → test file that runs it. */
async function runsByPlan(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const file of (await filesOf(folder)).filter((name) => name.endsWith('.test.ts'))) {
    const text = await readFile(new URL(`../${file}`, import.meta.url), 'utf8')
    for (const [, key = ''] of text.matchAll(/^runPlan\(plans\.(\w+)\)/gmu)) found.set(key, file)
  }
  return found
}

async function filesOf(path: string): Promise<readonly string[]> {
  const names = await readdir(new URL(`../${path}/`, import.meta.url))
  return names.filter((name) => name.endsWith('.ts')).map((name) => `${path}/${name}`)
}
