import { caseNames } from '../case.ts'
import { engineNames } from '../servers/server.ts'
import { integer, maybe, renderTable } from '../table.ts'
import type { Column } from '../table.ts'
import { busyCoresOf } from './results.ts'
import type { Way, WorkersCell, WorkersResults, WorkersVerdict } from './results.ts'

const columns: readonly Column<WorkersCell>[] = [
  { title: 'server', of: (cell) => cell.server },
  { title: 'ops/s', of: ({ summary }) => integer(summary.opsPerSecond) },
  { title: '± %', of: ({ summary }) => integer(summary.spread * 50) },
  { title: 'p99 ms', of: ({ summary }) => summary.p99Ms.toFixed(1) },
  {
    title: 'CPU ms/1000',
    of: ({ summary }) => maybe(summary.serverCpuMsPerThousand, (ms) => ms.toFixed(0)),
  },
  { title: 'server cores', of: ({ summary }) => cores(summary.serverShare) },
  { title: 'database cores', of: ({ summary }) => cores(summary.databaseShare) },
  { title: 'generator cores', of: ({ summary }) => cores(summary.generatorShare) },
  { title: 'together', of: ({ summary }) => cores(busyCoresOf(summary)) },
  { title: 'others', of: ({ summary }) => cores(summary.otherShare) },
]

/** The text that a run with `--workers` prints. */
export function renderWorkers(results: WorkersResults): string {
  const tables = caseNames.flatMap((name) => {
    const cells = results.cells.filter((cell) => cell.case === name)
    return cells.length === 0 ? [] : ['', name, ...renderTable(columns, cells)]
  })
  const verdicts = results.verdicts.map((verdict) => {
    const { outcome, times, atLeast, reason } = verdict
    const gain = `${times.toFixed(2)} × (≥ ${atLeast.toFixed(1)})`
    return `  ${outcome.padEnd(9)}  ${nameOf(verdict).padEnd(40)}  ${gain}  ${reason}`.trimEnd()
  })
  const title = `${results.workers} workers against one on one core`
  const notes = results.notes.map((note) => `note: ${note}`)
  return [...tables, '', title, ...verdicts, '', ...notes].join('\n')
}

/** The section of `docs/performance.md`. */
export function renderWorkersMarkdown(results: WorkersResults): string {
  const { workers, machine, method } = results
  const rows = results.verdicts.map((verdict) => {
    const rates = (['one core', 'one worker', 'workers'] as const).map((way) =>
      integer(rateOf(results, verdict, way)),
    )
    const gains = [verdict.times, verdict.costRatio].map((ratio) => `${ratio.toFixed(2)} ×`)
    const outcome = verdict.outcome === 'met' ? 'met' : `**${verdict.outcome}**: ${verdict.reason}`
    return `| ${[nameOf(verdict), ...rates, ...gains, outcome].join(' | ')} |`
  })
  return [
    `### ${workers} workers`,
    '',
    `Measured ${results.startedAt.slice(0, 10)} with Node ${machine['node']} on ${machine['cpu']} (${machine['cores']} cores);` +
      ` ${method['connections']} connections, ${method['rounds']} rounds of ${Number(method['windowMs']) / 1000} s. Operations per second.`,
    '',
    `| case | one worker, one core | one worker, any core | ${workers} workers | gain | CPU per operation | |`,
    '|---|--:|--:|--:|--:|--:|---|',
    ...rows,
    ...(results.notes.length === 0 ? [] : ['', ...results.notes.map((note) => `- ${note}`)]),
  ].join('\n')
}

function rateOf({ cells }: WorkersResults, verdict: WorkersVerdict, way: Way): number {
  const cell = cells.find(
    (each) => each.way === way && each.case === verdict.case && each.engine === verdict.engine,
  )
  return cell?.summary.opsPerSecond ?? Number.NaN
}

function nameOf(verdict: WorkersVerdict): string {
  return `${verdict.case}, ${engineNames[verdict.engine]}`
}

function cores(share: number | undefined): string {
  return maybe(share, (value) => value.toFixed(2))
}
