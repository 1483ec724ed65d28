import { DatabaseError } from 'pg'
import { StorageUnavailable } from '../../storage.ts'
import { OutcomeUnknown, UniqueViolation } from '../engine.ts'

/** SQLSTATE of PostgreSQL, Appendix A; whole codes and classes (first two characters). */
const outages: ReadonlySet<string> = new Set([
  '08', // connection exception
  '53', // insufficient resources: disk full, out of memory, too many connections
  '58', // system error: I/O
  'XX', // internal error: among others a disk quota that is used up, and a file that may not grow
  '57014', // query canceled: our statement timeout
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '57P05', // idle session timeout
  '25006', // read-only transaction: a standby that is not promoted yet
  '25P03', // idle in transaction timeout
  '55P03', // lock not available
  '28', // the server refuses our credentials
  '3D000', // the database does not exist
])

const retryable: ReadonlySet<string> = new Set(['40001', '40P01'])

/** The server is no place to write to, and what it answers may be old. */
export class ReadOnlyServer extends Error {
  override readonly name = 'ReadOnlyServer'
}

/** Of Node's sockets and name resolution. */
const networkCode = /^(E[A-Z]+|EAI_[A-Z]+|ERR_(SSL|TLS)_.*)$/

/** Errors of the client library that have no code. */
const libraryMessage =
  /connection terminated|client has encountered a connection error|not queryable|timeout exceeded|read timeout|client was closed|end on the pool/i

/** The transaction may succeed when it runs again: serialization failure, deadlock or {@link isStalePlan}. */
export function isRetryable(error: unknown): boolean {
  return error instanceof DatabaseError && (retryable.has(error.code ?? '') || isStalePlan(error))
}

/** A migration has changed the type of a column that a prepared statement answers: it must be prepared again. */
export function isStalePlan(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    error.code === '0A000' &&
    error.message.includes('cached plan')
  )
}

/** The connection leads to a standby; it is not worth keeping. */
export function isReadOnly(error: unknown): boolean {
  return (
    error instanceof ReadOnlyServer || (error instanceof DatabaseError && error.code === '25006')
  )
}

/** Unique violation in the catalogue, duplicate object, duplicate table. */
const creations: ReadonlySet<string> = new Set(['23505', '42710', '42P07'])

/**
 * `CREATE … IF NOT EXISTS` lost against another one: PostgreSQL looks before it creates. The object is there, or will be
 * when the other transaction commits.
 */
export function lostCreation(error: unknown): boolean {
  const origin = error instanceof UniqueViolation ? error.cause : error
  return origin instanceof DatabaseError && creations.has(origin.code ?? '')
}

function isOutage(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (error instanceof DatabaseError) {
    const state = code ?? ''
    return outages.has(state) || outages.has(state.slice(0, 2)) || isRetryable(error)
  }
  if (error instanceof ReadOnlyServer) return true
  return (code !== undefined && networkCode.test(code)) || libraryMessage.test(error.message)
}

/** The server may end a session between a commit and its answer. */
const cuts: ReadonlySet<string> = new Set(['57P01', '57P02', '57P05'])
const cutMessage = /connection terminated|read timeout/i

/** Whether the statement may have been carried out all the same. */
function isCut(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (error instanceof DatabaseError) return cuts.has(code) || code.startsWith('08')
  return ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(code) || cutMessage.test(error.message)
}

/** The error that stores see in place of the driver's, with that as `cause`. */
export function translate(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (isOutage(error)) {
    const Kind = isCut(error) ? OutcomeUnknown : StorageUnavailable
    return new Kind(`PostgreSQL: ${error.message}`, { cause: error })
  }
  if (error instanceof DatabaseError && error.code === '23505')
    return new UniqueViolation('The key exists already.', { cause: error })
  return error
}

/** A translated error by which the server refused what it was asked, so that nothing was done; it did not go away. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof DatabaseError ||
    error instanceof UniqueViolation ||
    (error instanceof Error && isRetryable(error.cause))
  )
}
