/**
 * Preloaded into processes (`--import`): each writes the names of the files that it has loaded, and the flags of Node.js that it runs
 * with, to a file of its own in the folder WATCHED when it ends.
 */

import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'

/** What a process tells of itself. */
export interface WatchedProcess {
  readonly flags: readonly string[]
  readonly files: readonly string[]
}

const files: string[] = []
registerHooks({
  load(url, context, next) {
    files.push(url)
    return next(url, context)
  },
})
process.on('exit', () => {
  const { WATCHED: folder } = process.env
  if (folder === undefined) return
  const watched: WatchedProcess = { flags: process.execArgv, files }
  writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(watched))
})
