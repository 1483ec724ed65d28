/** The names of the tests of this project, read from their files. */

import { readdir, readFile } from 'node:fs/promises'

const literals = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\\n]|\\.)*)`/gu

/** A text in a test file that may be the name of a test. */
export interface TestName {
  /** Path from the project's root. */
  readonly file: string
  readonly name: string
}

/** Every sentence among the literals of the test files, by file; repetitions of one file once. */
export async function testNames(): Promise<readonly TestName[]> {
  const found: TestName[] = []
  for (const file of await testFiles()) {
    const text = await readFile(new URL(`../${file}`, import.meta.url), 'utf8')
    const names = new Set(
      [...text.matchAll(literals)].map(([, single, double, template]) =>
        (single ?? double ?? template ?? '').trim(),
      ),
    )
    for (const name of names) if (isName(name)) found.push({ file, name })
  }
  return found
}

/** Writes tests as links for a table of a page in docs/. */
export function linksTo(tests: readonly TestName[]): string {
  return tests
    .map(({ file, name }) => `[${file}](../${file}): ${name.replaceAll('|', '\\|')}`)
    .join('<br>')
}

function isName(text: string): boolean {
  return text.includes(' ') && !text.includes('://')
}

async function testFiles(): Promise<readonly string[]> {
  const folders = await Promise.all(
    ['src', 'test'].map(async (folder) => {
      const root = new URL(`../${folder}/`, import.meta.url)
      const names = await readdir(root, { recursive: true })
      return names.map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    }),
  )
  return folders
    .flat()
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
}
