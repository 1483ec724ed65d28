import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../src')

/** Who may send requests by other means: the way out itself, and programs that run on the user's machine. */
const allowed = [/^node\/outgoing\.ts$/u, /^cli\//u, /^sdk\//u]

/** `fetch(` that is not a method, and clients of Node.js. */
const sends =
  /(?<![.\w])fetch\(|globalThis\.fetch|\bhttps?\.(?:request|get)\(|from 'node:(?:net|tls|dgram|http2)'/u

describe('attack 10, attack 17: the server', () => {
  it('sends requests through one module only', () => {
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .filter((name) => !allowed.some((pattern) => pattern.test(name)))
    const found = files.filter((name) =>
      readFileSync(join(root, name), 'utf8')
        .split('\n')
        .some((line) => sends.test(line) && !line.includes('import type') && !isDeclaration(line)),
    )
    expect(files.length).toBeGreaterThan(100)
    // None of these connects to a URL.
    expect(found.filter((name) => !harmless.includes(name))).toEqual([])
  })
})

const harmless = [
  'config/to-settings.ts',
  // Text of a script that runs in the browser.
  'http/public/check-session-page.ts',
  'node/listen.ts',
]

/** A method named fetch in an interface or an object. */
function isDeclaration(line: string): boolean {
  return /^\s*(?:async )?fetch\(.*\)(?:: .*)?(?: \{)?$/u.test(line)
}
