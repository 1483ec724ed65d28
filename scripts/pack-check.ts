/**
 * Installs the package as npm would publish it into an empty folder, without development dependencies, and uses it:
 * the command answers, and another project's TypeScript finds the types of each entry point.
 */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
}
const project = mkdtempSync(join(tmpdir(), 'firebrand-pack-'))

try {
  step('npm', ['pack', '--silent', `--pack-destination=${project}`], root)
  const archive = join(project, `firebrand-${manifest.version}.tgz`)
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  step('npm', ['install', '--silent', '--no-audit', '--no-fund', archive], project)

  const command = join(project, 'node_modules', '.bin', 'firebrand')
  const printed = step(command, ['version'], project)
  if (!printed.includes(manifest.version)) {
    throw new Error(`firebrand version printed ${JSON.stringify(printed)}`)
  }

  const imports = Object.keys(manifest.exports)
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry, index) => `import * as entry${index} from '${entry.replace('.', 'firebrand')}'\n`)
  const uses = imports.map((_, index) => `console.log(Object.keys(entry${index}))\n`)
  writeFileSync(join(project, 'use.ts'), [...imports, ...uses].join(''))
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const types = join(root, 'node_modules', '@types')
  const flags = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--typeRoots',
    types,
    '--types',
    'node',
  ]
  step(process.execPath, [compiler, ...flags, 'use.ts'], project)
  step(process.execPath, ['use.ts'], project)
  console.log(`firebrand ${manifest.version} installs and runs`)
} finally {
  rmSync(project, { recursive: true, force: true })
}

/** Runs a command and returns what it printed; shows it and throws when the command fails. */
function step(command: string, args: readonly string[], cwd: string): string {
  console.log(`> ${[command, ...args].join(' ')}`)
  const { status, stdout, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  console.log(stdout)
  if (status !== 0) throw new Error(`${command} failed`, { cause: error })
  return stdout
}
