/** Preloaded into a process (`--import`): writes the names of the files that it has loaded to LOADED_FILES when it ends. */

import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

const loaded: string[] = []
registerHooks({
  load(url, context, next) {
    loaded.push(url)
    return next(url, context)
  },
})
process.on('exit', () => {
  const { LOADED_FILES: file } = process.env
  if (file !== undefined) writeFileSync(file, JSON.stringify(loaded))
})
