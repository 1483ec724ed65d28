/** docs/security.md: which test shows that a known attack fails here, found by the id of its row in the names of tests. */

import { publishedFailures } from './security-attacks.ts'
import { securityOfJwts } from './security-rfc8725.ts'
import { securityOfOAuth } from './security-rfc9700.ts'
import type { SecurityRow, SecurityTable } from './security-table.ts'
import { linksTo, testNames, type TestName } from './test-names.ts'

/** The tables of the page, in order. To add one, write `scripts/security-….ts` and name it here. */
const tables: readonly SecurityTable[] = [publishedFailures, securityOfOAuth, securityOfJwts]

/** Content of docs/security.md. Throws for a row that no test names and that gives no reason. */
export async function renderSecurity(): Promise<string> {
  const names = await testNames()
  const lost = tables
    .flatMap(({ rows }) => rows)
    .filter((row) => row.open === undefined && testsOf(row, names).length === 0)
  if (lost.length > 0)
    throw new Error(`no test has in its name: ${lost.map(({ id }) => id).join(', ')}`)
  return [introduction, ...tables.map((table) => renderTable(table, names))].join('\n')
}

const introduction = `# Security: attacks and the tests that try them

<!-- Generated from scripts/security-*.ts and the names of the tests by npm run fix. Do not edit. -->

A test that tries an attack carries the id of its row in its name. \`npm run check\` fails when a row loses its last test.
`

function renderTable({ title, about, rows }: SecurityTable, names: readonly TestName[]): string {
  const lines = rows.map((row) => {
    const tests = testsOf(row, names)
    const shown = tests.length === 0 ? `open: ${row.open}` : linksTo(tests)
    return `| ${row.id} | ${row.references.join('<br>')} | ${row.statement} | ${shown} |`
  })
  const head = '| id | reference | what went wrong, or what is demanded | test |\n|---|---|---|---|'
  return `## ${title}\n\n${about}\n\n${head}\n${lines.join('\n')}\n`
}

/** `RFC 9700 §4.1` is not in `RFC 9700 §4.1.3`, nor `attack 1` in `attack 12`. */
function testsOf({ id }: SecurityRow, names: readonly TestName[]): readonly TestName[] {
  const escaped = id.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&')
  const mention = new RegExp(`(?<!\\w)${escaped}(?!\\d|\\.\\d)`, 'u')
  return names.filter(({ name }) => mention.test(name))
}
