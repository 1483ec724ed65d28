import { takeParameters, type Parameters } from '../dsn-parameters.ts'

/** A `sqlite://` DSN, read. */
export interface SqliteDsn {
  /** File name, or `:memory:`. */
  readonly path: string
  readonly isMemory: boolean
  readonly readOnly: boolean
  /** How long to wait for the locks of other processes. */
  readonly busyMilliseconds: number
  /** As `PRAGMA cache_size`: pages, or KiB when negative. */
  readonly cacheSize: number
}

const defaultBusyMilliseconds = 5000
const defaultCacheSize = -16_000

/** Names that other drivers know and that we decide ourselves, or that have no meaning here. */
const decided = [
  ['_fk', '_foreign_keys', '_journal_mode', '_journal', '_synchronous', '_sync', '_time_format'],
  ['_txlock', '_loc', '_cslike', 'cache', 'max_conns', 'max_idle_conns', 'max_conn_lifetime'],
  ['max_conn_idle_time'],
].flat()

/**
 * Reads what follows `sqlite://`: a path (absolute with a third slash, else relative to the working directory) and
 * parameters. Foreign keys, WAL and full durability are not negotiable. Unknown parameters are reported and ignored.
 */
export function parseSqliteDsn(rest: string, warn: (message: string) => void): SqliteDsn {
  const question = rest.indexOf('?')
  const rawPath = question === -1 ? rest : rest.slice(0, question)
  const parameters = takeParameters(question === -1 ? '' : rest.slice(question + 1), warn)
  const mode = parameters.text('mode') ?? 'rwc'
  const path = decodePath(rawPath.replace(/^file:/, ''))
  const isMemory = path === ':memory:' || path === '' || mode === 'memory'
  const dsn = {
    path: isMemory ? ':memory:' : path,
    isMemory,
    readOnly: mode === 'ro',
    busyMilliseconds:
      firstCount(parameters, ['_busy_timeout', '_timeout']) ?? defaultBusyMilliseconds,
    cacheSize: parameters.integer('_cache_size') ?? defaultCacheSize,
  }
  parameters.ignore(decided)
  parameters.reportUnknown()
  return dsn
}

function firstCount(parameters: Parameters, names: readonly string[]): number | undefined {
  const [found] = names.map((name) => parameters.integer(name)).filter((it) => it !== undefined)
  return found
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
