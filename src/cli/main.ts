#!/usr/bin/env node
/** The executable `firebrand`. */

import { enableCompileCache } from 'node:module'

// Compiled code is kept between runs: starting is mostly parsing.
enableCompileCache()
const [{ runProgram }, { terminal }] = await Promise.all([
  import('./program.ts'),
  import('./terminal.ts'),
])
process.exitCode = await runProgram(terminal(), process.argv.slice(2))
