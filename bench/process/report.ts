import { integer, maybe, renderTable } from '../table.ts'
import type { Column } from '../table.ts'
import { halves, megabytes } from './results.ts'
import type { MemoryFigures, ProcessResults, StartFigures } from './results.ts'

const startColumns: readonly Column<StartFigures>[] = [
  { title: 'start', of: ({ name }) => name },
  { title: 'ms to ready', of: ({ medianMs }) => integer(medianMs) },
  {
    title: 'fastest–slowest',
    of: ({ fastestMs, slowestMs }) => `${integer(fastestMs)}–${integer(slowestMs)}`,
  },
  { title: 'CPU ms', of: ({ cpuMs }) => maybe(cpuMs, integer) },
  {
    title: 'without compiled code, ms',
    of: ({ withoutCompiledCodeMs }) => integer(withoutCompiledCodeMs),
  },
]

const memoryColumns: readonly Column<MemoryFigures>[] = [
  { title: 'memory', of: ({ name }) => name },
  { title: 'requests', of: ({ requests }) => integer(requests) },
  { title: 'requests/s', of: ({ requests, seconds }) => integer(requests / seconds) },
  { title: 'before', of: ({ idleBytes }) => megabytes(idleBytes) },
  { title: 'most, first half', of: (figures) => megabytes(halves(figures)[0]) },
  { title: 'most, second half', of: (figures) => megabytes(halves(figures)[1]) },
  { title: 'at the end', of: ({ samples }) => megabytes(samples.at(-1)?.bytes ?? Number.NaN) },
]

/** The text that a run with `--start` or `--memory` prints. */
export function renderProcess({ starts, memory, verdicts, notes }: ProcessResults): string {
  const promises = verdicts.map(
    ({ name, promised, got, isMet }) =>
      `  ${isMet ? 'met   ' : 'MISSED'}  ${name.padEnd(40)}  ${promised.padEnd(30)}  ${got}`,
  )
  return [
    ...(starts.length === 0 ? [] : ['', ...renderTable(startColumns, starts)]),
    ...(memory.length === 0 ? [] : ['', ...renderTable(memoryColumns, memory)]),
    '',
    'budgets',
    ...promises,
    '',
    ...notes.map((note) => `note: ${note}`),
  ].join('\n')
}

/** The section of `docs/performance.md`. */
export function renderProcessMarkdown(results: ProcessResults): string {
  const { starts, memory, verdicts, notes, machine } = results
  const promises = verdicts.map(
    ({ name, promised, got, isMet }) =>
      `| ${[name, promised, got, isMet ? 'met' : '**missed**'].join(' | ')} |`,
  )
  return [
    '### Start and memory',
    '',
    `Measured ${results.startedAt.slice(0, 10)} with Node ${machine['node']} on ${machine['cpu']} (${machine['cores']} cores).`,
    '',
    ...markdownTable(startColumns, starts),
    '',
    ...markdownTable(memoryColumns, memory),
    '',
    '| promise | | measured | |',
    '|---|---|---|---|',
    ...promises,
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)]),
  ].join('\n')
}

function markdownTable<T>(columns: readonly Column<T>[], items: readonly T[]): readonly string[] {
  const row = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`
  return [
    row(columns.map(({ title }) => title)),
    row(columns.map((_, index) => (index === 0 ? '---' : '--:'))),
    ...items.map((item) => row(columns.map(({ of }) => of(item)))),
  ]
}
