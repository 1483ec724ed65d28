import { setTimeout as delay } from 'node:timers/promises'
import type { ProjectId } from '../../../brand.ts'
import { findEpoch } from '../epochs.ts'
import type { Engine, Freshness, Unit } from '../engine.ts'
import { compilerFor, type Outcome, type Statement } from '../statement.ts'
import { Connection } from './connection.ts'
import { sqliteDialect } from './dialect.ts'
import type { SqliteDsn } from './dsn.ts'
import { isBusy, translate } from './errors.ts'
import { eventBatch } from './event-batch.ts'
import { GroupCommit } from './group-commit.ts'
import { describeIndexes } from './statistics.ts'

/**
 * Opens or creates the file: one connection for writes and one for reads, in WAL mode, with every commit synced. In
 * memory one connection does both. Throws `StorageUnavailable` when the file cannot be opened.
 */
export async function openSqlite(dsn: SqliteDsn): Promise<Engine> {
  const compile = compilerFor(sqliteDialect)
  const open = (readOnly: boolean): Connection => new Connection(dsn.path, readOnly, compile)
  const writer = await patiently(dsn.busyMilliseconds, () => prepareWriter(open(dsn.readOnly), dsn))
  const reader = dsn.isMemory
    ? writer
    : await patiently(dsn.busyMilliseconds, () => prepareReader(open(dsn.readOnly), dsn))
  return new SqliteEngine(writer, reader, dsn)
}

function prepareWriter(connection: Connection, dsn: SqliteDsn): Connection {
  return closingOnFailure(connection, () => {
    if (!dsn.isMemory && !dsn.readOnly) {
      connection.command('pragma journal_mode = wal')
      connection.command('pragma synchronous = full')
      connection.command('pragma wal_autocheckpoint = 4000')
    }
    connection.command(`pragma cache_size = ${dsn.cacheSize}`)
  })
}

function prepareReader(connection: Connection, dsn: SqliteDsn): Connection {
  return closingOnFailure(connection, () => {
    connection.command('pragma query_only = on')
    connection.command(`pragma cache_size = ${dsn.cacheSize}`)
  })
}

function closingOnFailure(connection: Connection, prepare: () => void): Connection {
  try {
    prepare()
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

class SqliteEngine implements Engine {
  readonly dialect = sqliteDialect
  readonly #writer: Connection
  readonly #reader: Connection
  readonly #commits: GroupCommit
  readonly #dsn: SqliteDsn
  #version = 0
  #askedIn = -1

  constructor(writer: Connection, reader: Connection, dsn: SqliteDsn) {
    this.#writer = writer
    this.#reader = reader
    this.#dsn = dsn
    this.#commits = new GroupCommit(writer, dsn.busyMilliseconds)
  }

  async read<R>(statement: Statement<R>): Promise<readonly R[]> {
    return this.#attempt(() => this.#reader.run(statement).rows as readonly R[])
  }

  /** Reads at once; waits only while another process has the file to itself. */
  #attempt<T>(read: () => T): T | Promise<T> {
    try {
      return read()
    } catch (error) {
      if (!isBusy(error)) throw translate(error)
      return patiently(this.#dsn.busyMilliseconds, read)
    }
  }

  write<R>(statement: Statement<R>): Promise<Outcome<R>> {
    return this.#commits.submit((connection) => connection.run(statement) as Outcome<R>, true)
  }

  writeAll(statements: readonly Statement<unknown>[]): Promise<readonly Outcome[]> {
    return this.#commits.submit(
      (connection) => statements.map((statement) => connection.run(statement)),
      false,
    )
  }

  transact<T>(unit: () => Unit<T>): Promise<T> {
    return this.#commits.submit((connection) => connection.drive(unit()), false)
  }

  // BEGIN IMMEDIATE is the lock.
  migrate<T>(unit: () => Unit<T>): Promise<T> {
    return this.#commits.submit((connection) => {
      const value = connection.drive(unit())
      describeIndexes(connection)
      return value
    }, false)
  }

  freshness(project: ProjectId): Freshness {
    const remembered = { dataVersion: -1, epoch: 0 }
    return {
      stamp: () => this.#attempt(() => this.#currentEpoch(project, remembered)),
      settled: () => {
        remembered.dataVersion = -1
        return Promise.resolve()
      },
    }
  }

  /** Reads the epoch only if this process moved it, or another one committed anything, since the last time. */
  #currentEpoch(project: ProjectId, remembered: { dataVersion: number; epoch: number }): number {
    const dataVersion = this.#dataVersion()
    if (dataVersion !== remembered.dataVersion) {
      const [row] = this.#reader.run(findEpoch({ project })).rows as { epoch: number }[]
      remembered.epoch = row?.epoch ?? 0
      // Read before the epoch: a commit in between makes the next call read again.
      remembered.dataVersion = dataVersion
    }
    return remembered.epoch
  }

  /**
   * Asked once for all requests that came in together: one that knows of another process's write arrived after that write,
   * in a later batch. The writer is asked, because its own commits do not count for it.
   */
  #dataVersion(): number {
    const batch = eventBatch()
    if (batch !== this.#askedIn) {
      this.#version = Number(this.#writer.command('pragma data_version')?.['data_version'])
      this.#askedIn = batch
    }
    return this.#version
  }

  async close(): Promise<void> {
    await this.#commits.drained()
    if (this.#reader !== this.#writer) this.#reader.close()
    this.#writer.close()
  }
}

/** Retries while other processes hold a lock. Throws what stores may see. */
async function patiently<T>(patienceMilliseconds: number, attempt: () => T): Promise<T> {
  for (let waited = 0; ;) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || waited >= patienceMilliseconds) throw translate(error)
    }
    const pause = 1 + Math.random() * 10
    waited += pause
    await delay(pause)
  }
}
