/** What dev mode fills in for keys that nobody set. */

import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { sqliteFile } from './dsn.ts'
import type { Tree } from './tree.ts'

/** Folder, in the working directory, of the database and secrets of dev mode. */
export const devFolder = '.firebrand'

/** Defaults of dev mode by dotted path, as the documentation prints them. */
export const devDefaults: Readonly<Record<string, string>> = {
  dsn: `sqlite://${devFolder}/firebrand.db`,
  'serve.public.host': '127.0.0.1',
  'serve.admin.host': '127.0.0.1',
}

/** The layer below files and environment when dev mode is on. */
export function devLayer(): Tree {
  return {
    dsn: `sqlite://${resolve(devFolder, 'firebrand.db')}`,
    serve: { public: { host: '127.0.0.1' }, admin: { host: '127.0.0.1' } },
  }
}

/**
 * A system secret for dev mode. With a database file it is kept beside it (mode 0600), so that sessions and keys outlive a
 * restart; in memory it is random each time.
 */
export function devSecret(dsn: string): string {
  const database = sqliteFile(dsn)
  if (database === undefined) return newSecret()
  const file = `${database}.secret`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${newSecret()}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    // Kept from an earlier start, or made just now by a process that started with us.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return readFileSync(file, 'utf8').trim()
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
