/** The heap of a process that serves (ADR 0141). */

import { setFlagsFromString } from 'node:v8'
import { processEnvironment } from '../config/process.ts'

/**
 * Young objects stay within two spaces of 8 MB. Node.js would let them grow to 30 MB each, for a few hundredths of the rate on
 * PostgreSQL (ADR 0141). A process that runs cannot change it.
 */
export const youngGenerationFlag = '--max-semi-space-size=8'

/** Old objects are collected when they have grown by a half, not to the fourfold. */
const oldGenerationFlag = '--heap-growing-percent=50'

/**
 * Limits the garbage that this process keeps. For that it replaces its program by itself with {@link youngGenerationFlag}; its number
 * and its standard streams stay, and workers inherit the flag. Where a process cannot be replaced it takes some 40 MB more. Does
 * nothing if the operator says how large the spaces may be.
 */
export function limitHeap(): void {
  const { execArgv, argv, channel } = process
  if (!execArgv.includes(youngGenerationFlag)) {
    const { NODE_OPTIONS = '' } = processEnvironment()
    if ([...execArgv, NODE_OPTIONS].some((flags) => flags.includes('semi-space-size'))) return
    // A channel to the process that started this one would be lost.
    if (channel === undefined) replaceProgram([youngGenerationFlag, ...execArgv, ...argv.slice(1)])
  }
  setFlagsFromString(oldGenerationFlag)
}

function replaceProgram(args: readonly string[]): void {
  try {
    process.execve?.(process.execPath, [process.execPath, ...args])
  } catch {
    // Windows, and systems that forbid it: this process is as it was.
  }
}
