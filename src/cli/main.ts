#!/usr/bin/env node
/** The executable `firebrand`. */

import { useCompileCache } from './compile-cache.ts'
import { limitHeap } from './heap.ts'

if (process.argv[2] === 'serve') limitHeap()
// What is imported from here on is compiled once.
useCompileCache()
const [{ runProgram }, { terminal }] = await Promise.all([
  import('./program.ts'),
  import('./terminal.ts'),
])
process.exitCode = await runProgram(terminal(), process.argv.slice(2))
