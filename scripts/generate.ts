/**
 * Writes the files that are derived from the source. With `--check` it writes nothing and fails when one is stale.
 * To add a file, add a line to `generated`.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { renderCliReference } from '../src/cli/reference.ts'
import { renderConfigReference } from '../src/config/reference.ts'
import { renderErrorReference } from '../src/http/error-reference.ts'
import { clientPages } from './api/client-docs.ts'
import {
  renderClientEntry,
  renderClientModels,
  renderClientOperations,
} from './api/client-source.ts'
import { renderApiDocument } from './api/operations.ts'
import { renderConformance } from './conformance.ts'
import { layersConfiguration } from './layers.ts'
import { renderSecurity } from './security.ts'

interface Generated {
  /** Path from the project's root. */
  readonly file: string
  readonly content: () => Promise<string>
}

const generated: readonly Generated[] = [
  { file: '.oxlintrc.layers.json', content: layersConfiguration },
  { file: 'docs/cli.md', content: renderCliReference },
  { file: 'docs/configuration.md', content: async () => renderConfigReference() },
  { file: 'docs/conformance.md', content: renderConformance },
  { file: 'docs/errors.md', content: async () => renderErrorReference() },
  { file: 'docs/openapi.json', content: renderApiDocument },
  { file: 'docs/security.md', content: renderSecurity },
  { file: 'src/sdk/client.ts', content: renderClientEntry },
  { file: 'src/sdk/models.generated.ts', content: renderClientModels },
  { file: 'src/sdk/operations.generated.ts', content: renderClientOperations },
  ...clientPages(),
]

const check = process.argv.includes('--check')
let stale = 0
for (const { file, content } of generated) {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url))
  const [present, wanted] = await Promise.all([readIfPresent(path), content()])
  if (present === wanted) continue
  stale += 1
  console.log(check ? `${file} is stale; run npm run fix` : `${file} written`)
  if (check) continue
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, wanted)
}
process.exit(check && stale > 0 ? 1 : 0)

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
