/** Makes dist/ for publishing: JavaScript in a few files, and the declarations of every module. */

import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.ts'
import { run } from './steps.ts'

const target = fileURLToPath(new URL('../dist', import.meta.url))

await rm(target, { recursive: true, force: true })
if (!run(['tsc', '-p', 'tsconfig.build.json'])) process.exit(1)
await bundle(target)
