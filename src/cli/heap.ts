/** The heap of a process that serves (ADR 0141). */

import { processEnvironment } from '../config/process.ts'

/**
 * Flags of Node.js that keep a server below 150 MB. Young objects stay within two spaces of 8 MB, where Node.js would let them grow to
 * 60 MB. Old ones are collected when they have grown by a half, not to the fourfold. Neither makes requests slower to a measurable
 * degree; a process that runs cannot change the first.
 */
export const heapFlags: readonly string[] = ['--max-semi-space-size=8', '--heap-growing-percent=50']

/**
 * Replaces the program of this process by itself with {@link heapFlags}; its number and its standard streams stay. Workers inherit
 * them. Does nothing if a size is given, and where a process cannot be replaced: the server takes up to twice the memory then.
 */
export function limitHeap(): void {
  const { NODE_OPTIONS = '' } = processEnvironment()
  const given = [...process.execArgv, NODE_OPTIONS].join(' ')
  // A channel to the process that started this one would be lost.
  if (given.includes('semi-space-size') || process.channel !== undefined) return
  const { execPath, execArgv, argv } = process
  try {
    process.execve?.(execPath, [execPath, ...heapFlags, ...execArgv, ...argv.slice(1)])
  } catch {
    // Windows, and systems that forbid it: this process is as it was.
  }
}
