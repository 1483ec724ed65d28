import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const end = '<!-- end of figures -->'

/**
 * Writes figures into a page of `docs/`, between its two markers.
 *
 * @param program the file in `bench/` that the first marker names.
 */
export function publishFigures(page: string, program: string, figures: string): void {
  const file = path.join(import.meta.dirname, '../docs', page)
  const begin = `<!-- figures: written by bench/${program} -->`
  const text = readFileSync(file, 'utf8')
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`${file} has lost its markers`)
  const before = text.slice(0, from + begin.length)
  writeFileSync(file, `${before}\n\n${figures}\n\n${text.slice(to)}`)
}
