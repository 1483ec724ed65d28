/** How the state of migrations is printed. */

import type { Output } from './output.ts'

interface MigrationState {
  /** Four digits and a few words, joined by dashes. */
  readonly name: string
  readonly appliedAt: number | undefined
}

/** Columns Version, Name and Status. */
export function statusOutput(migrations: readonly MigrationState[]): Output {
  const list = migrations.map(({ name, appliedAt }) => {
    const [version = name, ...words] = name.split('-')
    const status = appliedAt === undefined ? 'Pending' : 'Applied'
    return { version, name: words.join(' '), status }
  })
  return {
    columns: ['Version', 'Name', 'Status'],
    rows: list.map(({ version, name, status }) => [version, name, status]),
    single: false,
    ids: list.map(({ version }) => version),
    json: list,
  }
}
