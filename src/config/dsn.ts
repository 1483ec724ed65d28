/** Which database a data source name means. */

import { resolve } from 'node:path'

/** The databases that a DSN can name. */
export type Engine = 'memory' | 'sqlite' | 'postgres'

/** What people call the engines. */
export const engineNames: Readonly<Record<Engine, string>> = {
  memory: 'SQLite',
  sqlite: 'SQLite',
  postgres: 'PostgreSQL',
}

const engines: Readonly<Record<string, Engine>> = {
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  postgres: 'postgres',
  postgresql: 'postgres',
  pg: 'postgres',
  pgx: 'postgres',
}

/** What is said about a DSN without a supported engine. */
export const unsupportedDsn =
  'unsupported DSN type; supported are memory, sqlite:// (sqlite3://) and postgres:// (postgresql://, pg://, pgx://)'

/** The engine of a DSN; `undefined` when no supported one is named. */
export function engineOf(dsn: string): Engine | undefined {
  if (dsn === 'memory') return 'memory'
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(dsn)?.[1]?.toLowerCase()
  if (scheme === undefined || !Object.hasOwn(engines, scheme)) return undefined
  if (engines[scheme] === 'sqlite' && sqliteFile(dsn) === undefined) return 'memory'
  return engines[scheme]
}

/** Absolute path of the file of an SQLite DSN; `undefined` for in-memory databases and other engines. */
export function sqliteFile(dsn: string): string | undefined {
  const [, path, query] = /^sqlite3?:\/\/([^?]*)(?:\?(.*))?$/i.exec(dsn) ?? []
  const inMemory = path === ':memory:' || new URLSearchParams(query).get('mode') === 'memory'
  if (path === undefined || path === '' || inMemory) return undefined
  return resolve(decoded(path.replace(/^file:/, '')))
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A file name with a bare percent sign is a name like any other.
    return path
  }
}
