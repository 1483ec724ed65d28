import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const source = fileURLToPath(new URL('../src/', import.meta.url))
const files = (await readdir(source, { recursive: true }))
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !/\.(?:test|generated)\.ts$/u.test(file))

const exported =
  /^export (?:declare |abstract |async )*(?:function|class|interface|type|const) (?<name>\w+)/u

/** A specification: its number or its name, as in `RFC 7636`. */
const specification = /RFC \d{4}|OpenID Connect|OAuth 2\.0 \w+|Ory OAuth2 API/u

/** Exports of a source text whose line before does not end a docstring. */
function undocumented(text: string): readonly string[] {
  const lines = text.split('\n')
  return lines.flatMap((line, at) => {
    const name = exported.exec(line)?.groups?.['name']
    return name === undefined || lines[at - 1]?.endsWith('*/') === true ? [] : [name]
  })
}

describe('docstrings', () => {
  for (const file of files)
    it(`tell what src/${file} exports`, async () => {
      expect(undocumented(await readFile(source + file, 'utf8'))).toEqual([])
    })

  for (const file of files.filter((each) => each.startsWith('protocol/')))
    it(`name the specification of src/${file} first`, async () => {
      const [header = ''] = (await readFile(source + file, 'utf8')).split('*/')
      expect(header).toMatch(/^\/\*\*/u)
      expect(header).toMatch(specification)
    })

  it('are missed where there are none', () => {
    const text = 'const a = 1\n\nexport const b = 1\n/** C. */\nexport async function c() {}\n'
    expect(undocumented(text)).toEqual(['b'])
  })
})
