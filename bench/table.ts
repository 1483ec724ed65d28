/** A column of a table in plain text. */
export interface Column<T> {
  readonly title: string
  readonly of: (item: T) => string
}

/** Lines of a table; the first column is aligned left, the others right. */
export function renderTable<T>(columns: readonly Column<T>[], items: readonly T[]): string[] {
  const rows = [
    columns.map(({ title }) => title),
    ...items.map((item) => columns.map(({ of }) => of(item))),
  ]
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((text, index) =>
        index === 0 ? text.padEnd(widths[index] ?? 0) : text.padStart(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

/** With separators of thousands. */
export function integer(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** A dash for what was not measured. */
export function maybe<T>(value: T | undefined, render: (value: T) => string): string {
  return value === undefined ? '–' : render(value)
}
