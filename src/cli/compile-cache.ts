/** Compiled code that is kept between runs: much of a start is compiling. */

import { mkdirSync, statSync } from 'node:fs'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { processEnvironment } from '../config/process.ts'

/**
 * Lets Node.js keep compiled code in the cache directory of the user, unless NODE_COMPILE_CACHE names another, and does without it
 * when the directory cannot be made or is not safe: Node.js runs what it finds there without asking who put it there. Its own
 * choice, the temporary directory, is open to everybody.
 */
export function useCompileCache(): void {
  const { XDG_CACHE_HOME: configured = '' } = processEnvironment()
  const caches = isAbsolute(configured) ? configured : join(homedir(), '.cache')
  const folder = join(caches, 'firebrand', 'compile-cache')
  if (isPrivate(folder)) enableCompileCache(folder)
}

/** Writes out what was compiled so far; at the end of the process would be too late for one that is killed. */
export function keepCompiledCode(): void {
  flushCompileCache()
}

/** Makes the folder if there is none. Whether this user alone can write to it. */
function isPrivate(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid, mode } = statSync(folder)
    // Windows has no such numbers; the folder is in the user's profile there.
    return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
  } catch {
    // A home that is read-only or missing, as in containers: the start is slower, and that is all.
    return false
  }
}
