/** Compiles src/ to dist/ for publishing: JavaScript, declarations, and the files that are not TypeScript. */

import { chmod, cp, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { run } from './steps.ts'

const source = fileURLToPath(new URL('../src', import.meta.url))
const target = fileURLToPath(new URL('../dist', import.meta.url))

await rm(target, { recursive: true, force: true })
if (!run(['tsc', '-p', 'tsconfig.build.json'])) process.exit(1)
await cp(source, target, { recursive: true, filter: (path) => !/\.(ts|snapshot\.sql)$/.test(path) })
await chmod(`${target}/cli/main.js`, 0o755)
