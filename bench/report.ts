import { caseNames } from './case.ts'
import { allCases } from './cases/all.ts'
import { integer, maybe, renderTable } from './table.ts'
import { inWords } from './results.ts'
import type { Cell, Results, Verdict } from './results.ts'

const columns = [
  { title: 'server', of: (cell: Cell) => cell.server },
  { title: 'ops/s', of: (cell: Cell) => integer(cell.summary.opsPerSecond) },
  { title: '± %', of: (cell: Cell) => integer(cell.summary.spread * 50) },
  {
    title: 'of bare',
    of: (cell: Cell) => maybe(cell.ofBare, (ratio) => `${integer(ratio * 100)} %`),
  },
  {
    title: '× oidc-p.',
    of: (cell: Cell) => maybe(cell.timesOidcProvider, (ratio) => ratio.toFixed(1)),
  },
  { title: 'p50 ms', of: (cell: Cell) => cell.summary.p50Ms.toFixed(1) },
  { title: 'p99 ms', of: (cell: Cell) => cell.summary.p99Ms.toFixed(1) },
  {
    title: '70 %: p50/p99/max ms',
    of: (cell: Cell) =>
      maybe(cell.paced, ({ p50Ms, p99Ms, maxMs }) =>
        [p50Ms.toFixed(1), p99Ms.toFixed(1), maxMs.toFixed(0)].join(' / '),
      ),
  },
  {
    title: 'loop p99 ms',
    of: (cell: Cell) => maybe(cell.summary.eventLoopDelay?.p99Ms, (ms) => ms.toFixed(1)),
  },
  {
    title: 'loop max ms',
    of: (cell: Cell) => maybe(cell.summary.eventLoopDelay?.maxMs, (ms) => ms.toFixed(0)),
  },
  {
    title: 'CPU ms/1000',
    of: (cell: Cell) => maybe(cell.summary.serverCpuMsPerThousand, (ms) => ms.toFixed(0)),
  },
  {
    title: 'RSS MB',
    of: (cell: Cell) => maybe(cell.summary.rssBytes, (bytes) => integer(bytes / 1e6)),
  },
  {
    title: 'server %',
    of: (cell: Cell) => maybe(cell.summary.serverShare, (share) => integer(share * 100)),
  },
  {
    title: 'database %',
    of: (cell: Cell) => maybe(cell.summary.databaseShare, (share) => integer(share * 100)),
  },
  { title: 'generator %', of: (cell: Cell) => integer(cell.summary.generatorShare * 100) },
  { title: 'limit', of: (cell: Cell) => cell.limit },
] as const

/** Renders the results as the text that a run prints. */
export function renderReport(results: Results): string {
  const lines: string[] = []
  for (const name of caseNames) {
    const cells = results.cells.filter((cell) => cell.case === name)
    const operation = allCases.find((each) => each.name === name)?.operation ?? ''
    const leftOut = results.leftOut.filter((each) => each.case === name)
    if (cells.length + leftOut.length === 0) continue
    lines.push('', `${name}: ${operation}`, ...renderTable(columns, cells))
    lines.push(...leftOut.map(({ server, reason }) => `${server}  left out: ${reason}`))
  }
  if (results.verdicts.length > 0) lines.push('', 'budgets', ...results.verdicts.map(renderVerdict))
  lines.push('', ...results.notes.map((note) => `note: ${note}`))
  return lines.join('\n')
}

function renderVerdict(verdict: Verdict): string {
  const { promised, got } = inWords(verdict)
  const name = `${verdict.case}, ${verdict.server}`.padEnd(48)
  return `  ${verdict.isMet ? 'met   ' : 'MISSED'}  ${name}  ${promised.padEnd(22)}  ${got}`
}
