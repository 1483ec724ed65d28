import { renderTable } from '../table.ts'
import type { Column } from '../table.ts'
import { engineNames } from '../servers/server.ts'
import type { Results } from '../results.ts'
import { parts } from './parts.ts'
import type { Profiled } from './run.ts'

/** What a run with `--profile` leaves behind. */
export interface ProfileResults extends Pick<Results, 'startedAt' | 'machine'> {
  readonly profiled: readonly Profiled[]
}

const percent = (share: number) => (share < 0.005 ? '' : `${Math.round(share * 100)}`)

const columns: readonly Column<Profiled>[] = [
  { title: '% of the busy time', of: (it) => `${it.case}, ${engineNames[it.engine]}` },
  ...parts.map((part) => ({ title: part, of: ({ shares }: Profiled) => percent(shares[part]) })),
]

/** The text that a run with `--profile` prints. */
export function renderProfiles({ profiled }: ProfileResults): string {
  return ['', ...renderTable(columns, profiled)].join('\n')
}

/** The section of the page. */
export function renderProfilesMarkdown({ startedAt, machine, profiled }: ProfileResults): string {
  const rows = profiled.map((it) => `| ${columns.map(({ of }) => of(it)).join(' | ')} |`)
  return [
    '### Where the time goes',
    '',
    `Shares of the busy time of one process, from CPU profiles (\`npm run bench -- --profile DIRECTORY\`) of ${startedAt.slice(0, 10)} on ${machine['cpu']}.`,
    'Time belongs to the innermost of these parts that is on the stack; system calls belong to the first.',
    '',
    `| ${columns.map(({ title }) => title).join(' | ')} |`,
    `|---${'|--:'.repeat(parts.length)}|`,
    ...rows,
  ].join('\n')
}
