#!/usr/bin/env node
/** The executable `firebrand`. */

import { useCompileCache } from './compile-cache.ts'

// What is imported from here on is compiled once.
useCompileCache()
const [{ runProgram }, { terminal }] = await Promise.all([
  import('./program.ts'),
  import('./terminal.ts'),
])
process.exitCode = await runProgram(terminal(), process.argv.slice(2))
