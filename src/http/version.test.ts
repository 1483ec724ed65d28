import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { firebrandVersion } from './version.ts'

it('tells the version of the package', async () => {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  expect(firebrandVersion).toBe(`v${version}`)
})
