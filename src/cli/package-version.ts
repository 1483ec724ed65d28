/** The version of this package. */

import { readFileSync } from 'node:fs'

/** `version` of package.json, which lies above both src/ and dist/. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { readonly version: string }
  return version
}
