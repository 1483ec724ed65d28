import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { bundle } from '../../scripts/bundle.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** The executables of Firebrand: the one that operators install, made of what is in the repository, and the source. */
export interface Executables {
  readonly package: string
  readonly source: string
}

/** Builds the package in a directory. */
export async function buildPackage(directory: string): Promise<Executables> {
  const target = path.join(directory, 'dist')
  mkdirSync(target, { recursive: true })
  writeFileSync(path.join(directory, 'package.json'), '{ "type": "module" }')
  symlinkSync(path.join(root, 'node_modules'), path.join(directory, 'node_modules'))
  await bundle(target)
  return {
    package: path.join(target, 'cli/main.js'),
    source: path.join(root, 'src/cli/main.ts'),
  }
}
