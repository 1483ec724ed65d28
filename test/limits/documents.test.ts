import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

describe('security documents', () => {
  for (const file of ['SECURITY.md', 'docs/threat-model.md']) {
    it(`${file} names tests and documents that exist`, () => {
      const text = readFileSync(join(root, file), 'utf8')
      const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/gu)].map(([, link = '']) => link)
      expect(links.length).toBeGreaterThan(1)
      const missing = links.filter((link) => !existsSync(join(root, dirname(file), link)))
      expect(missing).toEqual([])
    })
  }
})
