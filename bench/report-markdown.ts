import { caseNames } from './case.ts'
import type { EventLoopDelay } from './measure/event-loop.ts'
import type { Paced } from './measure/paced.ts'
import { inWords } from './results.ts'
import type { Cell, Results } from './results.ts'

/** Renders the figures of a run for `docs/performance.md`: a chart and a table per case, then the promises. */
export function renderMarkdown(results: Results): string {
  const { machine, method } = results
  const lines = [
    `Measured ${results.startedAt.slice(0, 10)} with Node ${machine['node']} on ${machine['cpu']}` +
      ` (${machine['cores']} cores, ${machine['system']}); ${method['connections']} connections,` +
      ` ${method['rounds']} rounds of ${Number(method['windowMs']) / 1000} s; ${method['pinning']}.`,
  ]
  for (const name of caseNames) {
    const cells = results.cells.filter((cell) => cell.case === name)
    if (cells.length === 0) continue
    lines.push('', `### ${name}`, '', ...renderTable(cells))
    const leftOut = results.leftOut.filter((each) => each.case === name)
    lines.push(...leftOut.map(({ server, reason }) => `| ${server} | left out: ${reason} |`))
  }
  const verdicts = results.verdicts.map((verdict) => {
    const { promised, got } = inWords(verdict)
    const outcome = verdict.isMet ? 'met' : '**missed**'
    return `| ${verdict.case} | ${verdict.server} | ${promised} | ${got} | ${outcome} |`
  })
  if (verdicts.length > 0) {
    const head = ['| case | server | promise | measured | |', '|---|---|---|---|---|']
    lines.push('', '### Promises', '', ...head, ...verdicts)
  }
  const notes = results.notes.filter((note) => note !== method['pinning'])
  if (notes.length > 0) lines.push('', ...notes.map((note) => `- ${note}`))
  return lines.join('\n')
}

function renderPaced(paced: Paced | undefined): string {
  if (paced === undefined) return ''
  return `${paced.p50Ms.toFixed(1)} / ${paced.p99Ms.toFixed(1)} / ${paced.maxMs.toFixed(0)}`
}

function renderDelay(delay: EventLoopDelay | undefined): string {
  return delay === undefined ? '' : `${delay.p99Ms.toFixed(1)} / ${delay.maxMs.toFixed(0)}`
}

function renderTable(cells: readonly Cell[]): string[] {
  const fastest = Math.max(...cells.map(({ summary }) => summary.opsPerSecond))
  return [
    '| server | operations/s | | of bare | × `oidc-provider` | p99 ms | 70 %: p50 / p99 / max ms | loop p99 / max ms | CPU ms/1000 | RSS MB | limit |',
    '|---|--:|---|--:|--:|--:|--:|--:|--:|--:|---|',
    ...cells.map(({ summary, ...cell }) => {
      const bar = '█'.repeat(Math.max(1, Math.round((summary.opsPerSecond / fastest) * 20)))
      const ofBare = cell.ofBare === undefined ? '' : `${Math.round(cell.ofBare * 100)} %`
      const figures = [
        Math.round(summary.opsPerSecond).toLocaleString('en-US'),
        bar,
        ofBare,
        cell.timesOidcProvider?.toFixed(1) ?? '',
        summary.p99Ms.toFixed(1),
        renderPaced(cell.paced),
        renderDelay(summary.eventLoopDelay),
        summary.serverCpuMsPerThousand?.toFixed(0) ?? '',
        summary.rssBytes === undefined ? '' : Math.round(summary.rssBytes / 1e6),
        cell.limit,
      ]
      return `| ${cell.server} | ${figures.join(' | ')} |`
    }),
  ]
}
