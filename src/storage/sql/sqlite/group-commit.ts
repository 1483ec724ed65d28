/**
 * The writer of a SQLite database. A commit costs a wait for the disk, so the writes of concurrent requests share one:
 * what is queued when a turn of the event loop ends runs in one transaction, each unit inside its own savepoint, and no
 * promise resolves before the commit is on disk. The whole batch is synchronous: nothing can observe it half done.
 */

import { setTimeout as delay } from 'node:timers/promises'
import { StorageUnavailable } from '../../storage.ts'
import type { Connection } from './connection.ts'
import { isBusy, isOutage, translate } from './errors.ts'

/** Bounds how long a batch holds the event loop and other processes' writes. */
const maximumBatch = 512

interface Job {
  readonly work: (connection: Connection) => unknown
  /** A single statement is atomic by itself and needs no savepoint. */
  readonly isSingle: boolean
  resolve(value: unknown): void
  reject(error: unknown): void
}

interface Success {
  readonly job: Job
  readonly value: unknown
}

/** Runs the writes of concurrent requests in one transaction, so that one flush to disk serves all of them. */
export class GroupCommit {
  readonly #connection: Connection
  readonly #patienceMilliseconds: number
  #queue: Job[] = []
  #running: Promise<void> | undefined

  /** @param patienceMilliseconds how long writes wait for another process's lock before they fail. */
  constructor(connection: Connection, patienceMilliseconds: number) {
    this.#connection = connection
    this.#patienceMilliseconds = patienceMilliseconds
  }

  /** Queues work; resolves with its value after the commit, rejects when it throws or the commit fails. */
  submit<T>(work: (connection: Connection) => T, isSingle: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, isSingle, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Resolves when everything queued so far is settled. */
  async drained(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    // Lets the other requests of this turn of the event loop queue their writes first.
    await new Promise(setImmediate)
    while (this.#queue.length > 0) {
      const problem = await this.#begin()
      const batch = this.#queue.splice(0, maximumBatch)
      if (problem === undefined) this.#commit(batch)
      else for (const job of batch) job.reject(problem)
      if (this.#queue.length > 0) await new Promise(setImmediate)
    }
    this.#running = undefined
  }

  /** Opens the transaction, waiting for other processes without blocking the event loop. */
  async #begin(): Promise<unknown> {
    let waited = 0
    for (;;) {
      try {
        this.#abandon()
        this.#connection.command('begin immediate')
        return undefined
      } catch (error) {
        if (!isBusy(error) || waited >= this.#patienceMilliseconds) return translate(error)
      }
      // Jitter keeps processes from meeting again and again.
      const pause = 1 + Math.random() * Math.min(20, 2 + waited / 20)
      waited += pause
      await delay(pause)
    }
  }

  #commit(batch: readonly Job[]): void {
    const successes: Success[] = []
    try {
      for (const job of batch) this.#perform(job, successes)
      this.#connection.command('commit')
    } catch (error) {
      const problem = asOutage(error)
      this.#tryToAbandon()
      // Those that failed by themselves are settled already; rejecting them again does nothing.
      for (const job of batch) job.reject(problem)
      return
    }
    for (const { job, value } of successes) job.resolve(value)
  }

  /** Runs one job; its own failure is undone and reported at once, a failure of the database is thrown. */
  #perform(job: Job, successes: Success[]): void {
    const isGuarded = !job.isSingle
    if (isGuarded) this.#connection.command('savepoint unit')
    try {
      const value = job.work(this.#connection)
      if (isGuarded) this.#connection.command('release unit')
      successes.push({ job, value })
    } catch (error) {
      if (isOutage(error) || !this.#connection.isInTransaction) throw error
      if (isGuarded) {
        this.#connection.command('rollback to unit')
        this.#connection.command('release unit')
      }
      job.reject(translate(error))
    }
  }

  /** Lets go of the lock. Should even that fail, the next batch tries again first and reports why it cannot. */
  #tryToAbandon(): void {
    try {
      this.#abandon()
    } catch {
      // Reported by the next batch.
    }
  }

  /** Ends the transaction of a batch that failed; SQLite may have done so by itself (full disk, I/O error). */
  #abandon(): void {
    if (this.#connection.isInTransaction) this.#connection.command('rollback')
  }
}

function asOutage(error: unknown): StorageUnavailable {
  const translated = translate(error)
  return translated instanceof StorageUnavailable
    ? translated
    : new StorageUnavailable('SQLite could not commit.', { cause: error })
}
